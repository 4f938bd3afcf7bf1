"""What a component type has beyond the columns every component shares, as rows of tables of its own."""

from __future__ import annotations

from itertools import product, zip_longest

from attain.plans.catalogue import MEASURE_KPIS, load_catalogue
from attain.plans.grammar import Terms
from attain.plans.grammar_components import (
    Award,
    Bonus,
    Contest,
    Matrix,
    MoneyPart,
    Override,
    Part,
    Pool,
    Spiff,
)
from attain.plans.needs import Needs
from attain.plans.rules_shared import NamesKpi
from attain.plans.tables import Row

Rows = dict[str, list[Row]]


def type_rows(part: Part, terms: Terms, needs: Needs) -> Rows:
    """Rows of the tables that belong to the part's type, without plan and component; KPIs are noted in `needs`."""
    if isinstance(part, Bonus):
        return {"component_kpis": _payout_kpi(part, needs)}
    if isinstance(part, Matrix):
        return _matrix(part, needs)
    if isinstance(part, Spiff):
        return {"spiffs": [_spiff(part)]}
    if isinstance(part, Contest):
        return _contest(part, needs)
    if isinstance(part, Pool):
        return _pool(part, needs)
    if isinstance(part, Override):
        return _override(part, terms)
    if isinstance(part, Award):
        return _award(part, needs)
    return {}


def kpi_row(use: str, part: Part, ref: NamesKpi, needs: Needs, reads: str = "value", scope: str | None = None) -> Row:
    """The KPI a component reads for one use. quota_attainment is the attainment of the KPI behind it."""
    assert ref.kpi is not None
    slice = needs.slice(part.where) if isinstance(part, MoneyPart) else needs.slice(None)
    needs.request_ref(ref, slice)
    behind = needs.of_kpi(ref.kpi, ref.of)
    return {
        "use": use,
        "kpi": behind or ref.kpi,
        "variant": needs.variant(behind or ref.kpi, None if behind else ref.variant),
        "slice": slice,
        "scope": scope or getattr(ref, "scope", None) or "own",
        "reads": "attainment" if behind else reads,
    }


def _plain_kpi(use: str, kpi: str, slice: str, reads: str, needs: Needs, scope: str = "own") -> Row:
    needs.request(kpi, None, slice)
    variant = needs.variant(kpi, None)
    return {"use": use, "kpi": kpi, "variant": variant, "slice": slice, "scope": scope, "reads": reads}


def _payout_kpi(part: Bonus, needs: Needs) -> list[Row]:
    if part.payout.kpi is None:
        return []
    reads = "attainment" if part.payout.on == "attainment" else "value"
    return [kpi_row("payout", part, part.payout, needs, reads, part.payout.scope or part.scope)]


def _matrix(part: Matrix, needs: Needs) -> Rows:
    """One cell per row and column; next_* are the neighbours a linear lookup runs to (the cell's own at the edge)."""
    rows = list(enumerate(zip_longest(part.rows.from_, part.rows.from_[1:])))
    columns = list(enumerate(zip_longest(part.columns.from_, part.columns.from_[1:])))
    cells = []
    for (row_no, (row_from, row_to)), (column_no, (column_from, column_to)) in product(rows, columns):
        next_row, next_column = min(row_no + 1, len(rows) - 1), min(column_no + 1, len(columns) - 1)
        cells.append(
            {
                "row_from": row_from,
                "row_to": row_to,
                "column_from": column_from,
                "column_to": column_to,
                "payout": part.payout[row_no][column_no],
                "next_row_payout": part.payout[next_row][column_no],
                "next_column_payout": part.payout[row_no][next_column],
                "next_both_payout": part.payout[next_row][next_column],
            }
        )
    axes = [kpi_row(use, part, axis, needs) for use, axis in (("rows", part.rows), ("columns", part.columns))]
    return {"matrices": [{"lookup": part.lookup}], "matrix_cells": cells, "component_kpis": axes}


def _spiff(part: Spiff) -> Row:
    return {"amount": part.amount, "per": part.per, "from_day": part.from_, "to_day": part.to, "at_most": part.limit}


def _contest(part: Contest, needs: Needs) -> Rows:
    lower_is_better = load_catalogue().kpis[part.kpi].direction == "lower"
    contest: Row = {"within": part.within, "minimum_value": part.minimum_value, "is_lower_better": lower_is_better}
    prizes = [{"place": place, "prize": prize} for place, prize in enumerate(part.prizes, start=1)]
    return {
        "contests": [contest],
        "contest_prizes": prizes,
        "component_kpis": [kpi_row("rank", part, part, needs)],
    }


def _pool(part: Pool, needs: Needs) -> Rows:
    """The pool; a rate is paid on the figure of the group: the team's, the company's, or a role's people added up."""
    pool: Row = {
        "amount": part.amount.amount,
        "rate": part.amount.rate,
        "share_by": part.share_by,
        "within": part.within,
    }
    kpis = []
    if part.amount.of is not None:
        kpi = MEASURE_KPIS.get(part.amount.of, part.amount.of)
        scope = "own" if part.within == "role" else part.within
        kpis.append(_plain_kpi("pool", kpi, needs.slice(part.where), "value", needs, scope))
    if part.share_by == "attainment":
        # Attaining a quota attainment means attaining the bookings behind it.
        kpi = "bookings" if part.kpi in (None, "quota_attainment") else str(part.kpi)
        kpis.append(_plain_kpi("share", kpi, needs.slice(None), "attainment", needs))
    return {"pools": [pool], "component_kpis": kpis}


def _override(part: Override, terms: Terms) -> Rows:
    """The override, its levels, and the components it is paid on with the plan they belong to."""
    named = [name.rpartition("/") for name in dict.fromkeys(part.of)]
    return {
        "overrides": [{"base": part.base, "subtract_lower": part.subtract_lower}],
        "override_levels": [{"level": level, "rate": rate} for level, rate in sorted(part.levels.items())],
        "override_bases": [{"of_plan": plan or terms.plan, "of_component": component} for plan, _, component in named],
    }


def _award(part: Award, needs: Needs) -> Rows:
    award: Row = {
        "title_en": part.title.in_english(part.id),
        "title_zh": part.title.in_chinese(part.id),
        "points": part.points,
        "top": part.top,
        "within": part.within,
    }
    if part.top is not None:
        assert part.kpi is not None
        award["is_lower_better"] = load_catalogue().kpis[part.kpi].direction == "lower"
        return {"awards": [award], "component_kpis": [kpi_row("rank", part, part, needs)]}
    when = part.when
    if when is None or when.kpi is None:
        grades = (when.grade if when else None) or ()
        return {"awards": [award], "award_grades": [{"grade": grade} for grade in dict.fromkeys(grades)]}
    award["comparison"] = "at_most" if when.at_least is None else "at_least"
    award["threshold"] = when.at_most if when.at_least is None else when.at_least
    return {"awards": [award], "component_kpis": [kpi_row("when", part, when, needs)]}
