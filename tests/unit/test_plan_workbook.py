"""Plans kept in Excel become the same tables as in YAML, and every mistake names sheet and cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from attain import yamlfile
from attain.cli import cli
from attain.company import Company, settings_from
from attain.errors import InputError
from attain.plans import book_of, flatten, load_plans, plan_from_document
from attain.plans.book import Plan
from attain.plans.examples import read_examples
from attain.plans.loader import plans_of
from attain.plans.workbook_cells import items, joined
from attain.plans.workbook_layout import sheets
from attain.plans.workbook_write import write_workbook

HERE = Path(__file__).parent
EVERYTHING = HERE / "plan_with_everything.yml"
EXAMPLES = sorted((HERE.parent / "examples").glob("*.yml"))
SAMPLE = sorted((HERE.parents[1] / "include" / "attain" / "sample" / "templates" / "plans").glob("*.yml"))
COMPANIES = sorted((HERE.parent / "companies").glob("*/plans/*.yml"))

Tables = dict[str, list[dict[str, Any]]]
Change = Callable[[Workbook], None]


def tables(plans: list[Plan]) -> Tables:
    """The flattened tables of the plans, as rows."""
    return {name: table.to_pylist() for name, table in flatten(book_of(plans), "CNY").items()}


def through_excel(plans: list[Plan], folder: Path) -> list[Plan]:
    """The plans after they were written into a workbook and read back."""
    path = folder / "plans.xlsx"
    path.unlink(missing_ok=True)
    write_workbook(path, plans)
    return plans_of(path)


def from_template(path: Path) -> list[Plan]:
    """The plan of a template of the sample company, with its placeholders filled in."""
    text = re.sub(r"\$(version|first_year)", "2026", path.read_text(encoding="utf-8"))
    text = re.sub(r"\$\w+", "0.05", text)
    return [plan_from_document(document) for document in yamlfile.parse_all(text, str(path))]


def test_a_plan_with_every_feature_gives_the_same_tables_from_a_workbook(tmp_path: Path) -> None:
    plan = plan_from_document(yamlfile.read(EVERYTHING))
    (back,) = through_excel([plan], tmp_path)
    assert tables([back]) == tables([plan])
    assert back.terms.fingerprint() == plan.terms.fingerprint()


@pytest.mark.parametrize("path", [*SAMPLE, *COMPANIES], ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_plans_of_companies_give_the_same_tables_from_a_workbook(path: Path, tmp_path: Path) -> None:
    plans = from_template(path)
    assert tables(through_excel(plans, tmp_path)) == tables(plans)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_plans_of_worked_examples_give_the_same_tables_from_a_workbook(path: Path, tmp_path: Path) -> None:
    books = [example.book for example in read_examples(path)]
    assert books
    for book in books:
        assert tables(through_excel(list(book.plans), tmp_path)) == tables(list(book.plans))


def test_versions_of_one_plan_are_kept_apart(tmp_path: Path) -> None:
    text = (
        "- {plan: a, effective_from: 2026-01-01, components: [{id: s, type: spiff, amount: 1, per: deal}]}\n"
        "- {plan: a, effective_from: 2026-07-01, assign: [{role: ae}], components: "
        "[{id: s, type: override, of: [x/y], base: credits, levels: {2: 0.05, 1: 0.1}}]}\n"
    )
    document = yamlfile.parse_all(text, "a.yml")[0]
    plans = [plan_from_document(document, (position,)) for position in (0, 1)]
    back = through_excel(plans, tmp_path)
    assert [plan.version_id for plan in back] == ["a@2026-01-01", "a@2026-07-01"]
    assert tables(back) == tables(plans)


@pytest.mark.parametrize("written", ["0.1", "0.10", "0.0000000001", "1234567890.123456", "99999999999999.999999"])
def test_numbers_keep_their_digits(written: str, tmp_path: Path) -> None:
    text = f"plan: a\neffective_from: 2026-01-01\ncomponents: [{{id: d, type: spiff, amount: {written}, per: deal}}]\n"
    if len(written.partition(".")[2]) > 6:
        text = text.replace(f"amount: {written}", "amount: 1").replace(
            "per: deal", f"per: deal, target_pay: {{of: base_salary, share: {written}}}"
        )
    plan = plan_from_document(yamlfile.parse_all(text, "a.yml")[0])
    assert tables(through_excel([plan], tmp_path)) == tables([plan])


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("GTX; SVC", ["GTX", "SVC"]),
        ("a, b；c;", ["a, b", "c"]),
        ('"x; y"; z', ["x; y", "z"]),
        ('"say ""hi"""', ['say "hi"']),
        ('5" pipe', ['5" pipe']),
    ],
)
def test_a_cell_holds_several_values_divided_by_semicolons(cell: str, values: list[str]) -> None:
    assert items(cell) == values
    assert items(joined(values)) == values


def small_book(path: Path, change: Change | None = None) -> Path:
    """A workbook as somebody types it, with one commission; `change` spoils it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    content: dict[str, list[list[Any]]] = {
        "Plans": [["plan", "effective_from", "note"], ["ae", dt.date(2026, 1, 1), "=1+1"]],
        "assign": [["plan", "role"], ["ae", "ae"]],
        "components": [
            ["plan", "id", "type", "measure", "accumulate", "rates.on", "rates.mode", "cap", "cap.share"],
            ["ae", "main", "commission", "bookings", "month", "amount", "whole", None, None],
        ],
        "tiers": [
            ["plan", "component", "from", "rate"],
            [None] * 4,
            ["ae", "main", 0, 0.07],
            ["ae", "main", 100, "0.08"],
        ],
        "_ideas": [["anything"]],
    }
    for name, rows in content.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    if change:
        change(book)
    book.save(path)
    return path


def told(folder: Path, change: Change) -> list[str]:
    """The mistakes of the spoilt workbook, with the folder cut off."""
    with pytest.raises(InputError) as raised:
        plans_of(small_book(folder / "plans.xlsx", change))
    return str(raised.value).replace(f"{folder}/", "").splitlines()


def put(sheet: str, cell: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def test_a_typed_workbook_is_a_plan(tmp_path: Path) -> None:
    (plan,) = plans_of(small_book(tmp_path / "plans.xlsx"))
    assert plan.version_id == "ae@2026-01-01"
    rates = [(str(row["from_amount"]), str(row["rate"])) for row in tables([plan])["component_tiers"]]
    assert rates == [("0.000000", "0.0700000000"), ("100.000000", "0.0800000000")]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "sentence"),
    [
        ("tiers", "D4", "8%", "sheet tiers, cell D4: components[1].rates.tiers[2].rate: '8%' is not a number"),
        ("tiers", "C4", 0, "sheet tiers, cell C4: components[1].rates.tiers[2].from: tiers must ascend"),
        (
            "tiers",
            "B4",
            "mian",
            "sheet tiers, cell B4: component: 'mian' is not in sheet components; plan ae has main.",
        ),
        ("tiers", "A3", None, "sheet tiers, cell A3: plan: is empty; it must be one of ae."),
        ("tiers", "A3", "am", "sheet tiers, cell A3: plan: 'am' is not a plan of sheet plans; known are ae."),
        (
            "tiers",
            "D3",
            "=0.05+0.02",
            "sheet tiers, cell D3: rate: holds the formula =0.05+0.02; a plan is written out",
        ),
        ("tiers", "D3", "#N/A", "sheet tiers, cell D3: rate: holds the Excel error #N/A; write the value."),
        ("tiers", "F3", 5, "sheet tiers, cell F3: '5' stands in a column without a name"),
        (
            "tiers",
            "E1",
            "rat",
            "sheet tiers, cell E1: rat is not a known column here; known are plan, component, from, rate",
        ),
        ("components", "D2", None, "sheet components, cell D2: components[1].measure: is required and missing."),
        (
            "components",
            "C2",
            "comission",
            "sheet components, cell C2: components[1]: 'comission' is not a type; it must",
        ),
        ("components", "H1", "prizes", "sheet components, cell H2: components[1].prizes: is not a known key here"),
        ("Plans", "B2", "1.1.2026", "sheet plans, cell B2: effective_from: '1.1.2026' is not a date; write it like"),
        (
            "assign",
            "B1",
            "roles",
            "sheet assign, cell B1: roles is not a known column here; known are plan, role, team",
        ),
    ],
)
def test_a_mistake_names_sheet_cell_field_and_what_is_allowed(
    sheet: str, cell: str, value: Any, sentence: str, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value
        if value == "prizes":
            book[sheet]["H2"] = "1; 2"

    assert any(line.startswith(f"plans.xlsx, {sentence}") for line in told(tmp_path, change)), told(tmp_path, change)


def test_a_bare_value_beside_keys_of_its_block_is_the_value_of_the_block(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["components"]["H1"], book["components"]["I1"] = "minimum", "minimum.always"
        book["components"]["H2"], book["components"]["I2"] = 300, True

    (plan,) = plans_of(small_book(tmp_path / "plans.xlsx", change))
    (row,) = tables([plan])["components"]
    assert (str(row["minimum_amount"]), row["minimum_always"]) == ("300.000000", True)


def test_a_word_that_stands_alone_is_not_dropped_beside_other_keys(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        page = book["components"]
        for column, header, value in zip(
            "HIJK",
            ["gate.kpi", "gate.at_least", "gate.else", "gate.else.factor"],
            ["margin", 1, "nothing", 0.5],
            strict=True,
        ):
            page[f"{column}1"], page[f"{column}2"] = header, value

    assert told(tmp_path, change) == [
        "plans.xlsx, sheet components, cell K2: gate.else.factor: contradicts gate.else; fill one of them."
    ]


def test_a_cell_shown_as_a_percentage_is_its_fraction(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["tiers"]["D4"].value, book["tiers"]["D4"].number_format = 0.08, "0%"

    (plan,) = plans_of(small_book(tmp_path / "plans.xlsx", change))
    assert [str(row["rate"]) for row in tables([plan])["component_tiers"]] == ["0.0700000000", "0.0800000000"]


def test_digits_that_somebody_calculated_are_told_and_not_rounded(tmp_path: Path) -> None:
    (sentence,) = told(tmp_path, put("tiers", "D3", 0.1 + 0.2 - 0.23))
    what = "0.07000000000000003 has too many decimal places; at most 10 are kept."
    assert sentence == f"plans.xlsx, sheet tiers, cell D3: components[1].rates.tiers[1].rate: {what}"


def test_an_unknown_sheet_is_told_and_not_left_out(tmp_path: Path) -> None:
    (sentence,) = told(tmp_path, lambda book: setattr(book["tiers"], "title", "teirs"))
    assert sentence.startswith("plans.xlsx, sheet teirs: is not a known sheet; known are plans, assign, fx_rates,")


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    path.write_text("plan: a", encoding="utf-8")
    with pytest.raises(InputError, match=r"is not a readable \.xlsx workbook"):
        plans_of(path)


def test_a_company_may_keep_some_plans_in_each_way_but_no_version_twice(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "b.yml").write_text(
        "plan: b\neffective_from: 2026-01-01\nassign: [{role: b}]\n", encoding="utf-8"
    )
    small_book(tmp_path / "plans.xlsx")
    home = Company(tmp_path, settings_from({"name": "Acme", "currency": "CNY", "first_period": "2026-01"}))
    assert [plan.id for plan in load_plans(home).plans] == ["ae", "b"]
    (tmp_path / "plans" / "b.yml").write_text("plan: ae\neffective_from: 2026-01-01\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan ae already has a version from 2026-01-01 in .*(b\.yml:1|cell A2)"):
        load_plans(home)


def test_the_empty_template_has_every_sheet_and_is_a_workbook_of_plans(tmp_path: Path) -> None:
    path = tmp_path / "new" / "plans.xlsx"
    result = CliRunner().invoke(cli, ["plan", "template", str(path)])
    assert result.exit_code == 0, result.output
    book = load_workbook(path)
    assert book.sheetnames == list(sheets())
    for sheet in book.worksheets:
        assert all(sheets()[sheet.title].known(str(cell.value)) for cell in sheet[1])
    with pytest.raises(InputError, match="holds no plan"):
        plans_of(path)


def test_yaml_plans_are_exported_and_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    assert CliRunner().invoke(cli, ["plan", "template", str(path), str(EVERYTHING)]).exit_code == 0
    assert tables(plans_of(path)) == tables([plan_from_document(yamlfile.read(EVERYTHING))])
    before = path.read_bytes()
    again = CliRunner().invoke(cli, ["plan", "template", str(path)])
    assert isinstance(again.exception, InputError)
    assert path.read_bytes() == before


def test_text_that_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    text = "plan: a\nname: '=HYPERLINK(1)'\neffective_from: 2026-01-01\n"
    plan = plan_from_document(yamlfile.parse_all(text, "a.yml")[0])
    (back,) = through_excel([plan], tmp_path)
    assert back.terms.name is not None
    assert back.terms.name.en == "=HYPERLINK(1)"
