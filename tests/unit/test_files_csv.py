"""CSV drops: encodings, separators, quotes, ragged rows, totals, row numbers, sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.drops import DEALS, Drops

from attain.errors import InputError
from attain.sources.header import Wanted, find


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


def test_a_plain_file_lands_as_text_with_the_row_numbers_of_a_spreadsheet(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won,0010.50\nd2,ben,open,\n")
    assert drops.land() == [(2, "d1", "ann", "won", "0010.50"), (3, "d2", "ben", "open", None)]


@pytest.mark.parametrize(
    ("encoding", "prefix"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_every_encoding_gives_the_same_text(drops: Drops, encoding: str, prefix: bytes) -> None:
    text = "participant_id,role,name\r\np1,ae,张三\r\np2,ae,欧阳娜娜\r\n"
    drops.drop("participants.csv", prefix + text.encode(encoding))
    assert drops.land("select participant_id, name, _row from landing.participants order by _row") == [
        ("p1", "张三", 2),
        ("p2", "欧阳娜娜", 3),
    ]


def test_reading_gb18030_is_said(drops: Drops) -> None:
    drops.drop("teams.csv", "team_id,name\nt1,华东\n".encode("gb18030"))
    assert drops.only().warnings == ("teams.csv: is not UTF-8 and was read as GB18030.",)


def test_a_stray_byte_in_a_utf8_file_is_named_instead_of_turning_all_names_into_nonsense(
    drops: Drops,
) -> None:
    lines = "team_id,name\n" + "".join(f"t{n},华东大区\n" for n in range(5))
    drops.drop("teams.csv", lines.encode() + b"t9,caf\xe9\nt10,x\n")
    with pytest.raises(InputError, match=r"teams\.csv: line 7 holds the byte 0xE9, which is not UTF-8"):
        drops.extract()
    assert drops.landing.batches() == []


def test_utf16_without_a_mark_is_refused_with_advice(drops: Drops) -> None:
    drops.drop("teams.csv", "team_id,name\nt1,x\n".encode("utf-16-le"))
    with pytest.raises(InputError, match="byte order mark; save it as UTF-8"):
        drops.extract()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(drops: Drops, separator: str) -> None:
    lines = [["deal_id", "owner_id", "status", "amount"], ["d1", "ann", "won", '"1,5;0"']]
    drops.drop("deals.csv", "".join(separator.join(line) + "\n" for line in lines))
    assert drops.land() == [(2, "d1", "ann", "won", "1,5;0")]


def test_a_separator_line_of_excel_is_not_the_header(drops: Drops) -> None:
    drops.drop("deals.csv", "sep=;\ndeal_id;owner_id;status;amount\nd1;ann;won;1,50\n")
    assert drops.land() == [(3, "d1", "ann", "won", "1,50")]


def test_title_lines_above_the_header_are_passed_over(drops: Drops) -> None:
    drops.drop("deals.csv", "Export of 2026-02-01,,\n\n" + DEALS + "d1,ann,won,1\n")
    assert drops.land() == [(4, "d1", "ann", "won", "1")]


def test_newlines_and_doubled_quotes_inside_values_survive_and_count_as_one_row(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + '"d\n1","say ""hi""",won,1\nd2,ben,open,2\n')
    assert drops.land() == [(2, "d\n1", 'say "hi"', "won", "1"), (3, "d2", "ben", "open", "2")]


def test_a_header_over_two_lines_in_quotes_is_one_header(drops: Drops) -> None:
    drops.drop("deals.csv", '"deal_id","owner_id","status","amount","Signed\non"\r\nd1,ann,won,1,x\r\n')
    drops.extract()
    assert drops.batch().columns[-1] == "Signed on"
    assert drops.rows("select _row, deal_id from landing.deals") == [(2, "d1")]


def test_an_inch_mark_inside_a_value_is_no_quote(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + 'd1,2" valve,won,1\nd2,"a ""b""",won,2\n')
    assert drops.land() == [(2, "d1", '2" valve', "won", "1"), (3, "d2", 'a "b"', "won", "2")]


@pytest.mark.parametrize(
    ("rows", "row", "what"),
    [
        ('d1,ann,won,1\nd2,"ben,won,2\nd3,cid,won,3\n', 3, "a quote opens a value and is never closed"),
        ('d1,ann,won,1\nd2,"ben,won,2\nd3,"cid",won,3\n', 3, "text follows the closing quote of a value"),
        ('d1,"a\nb",won,1\n\nd2,"x"y,won,2\n', 4, "text follows the closing quote of a value"),
        ('d1,2" valve,won,1\nd2,"x\n', 3, "a quote opens a value and is never closed"),
    ],
)
def test_a_broken_quote_is_named_and_nothing_of_the_file_lands(drops: Drops, rows: str, row: int, what: str) -> None:
    drops.drop("deals.csv", DEALS + rows)
    with pytest.raises(InputError, match=f"^deals.csv: row {row}: {what}"):
        drops.extract()
    assert drops.landing.batches() == []


def test_a_quote_at_the_edge_of_a_read_block_is_judged_by_what_follows(drops: Drops) -> None:
    block = 4 << 20
    head = DEALS + 'd1,"'
    drops.drop("deals.csv", head + "x" * (block - len(head) - 1) + '",won,1\nd2,ben,won,2\n')
    assert [row[1] for row in drops.land()] == ["d1", "d2"]


def test_text_after_a_quote_at_the_edge_of_a_read_block_is_found(drops: Drops) -> None:
    block = 4 << 20
    head = DEALS + 'd1,"'
    drops.drop("deals.csv", head + "x" * (block - len(head) - 1) + '"y,won,1\nd2,ben,won,2\n')
    with pytest.raises(InputError, match=r"deals\.csv: row 2: text follows the closing quote"):
        drops.extract()


def test_the_header_is_the_row_with_all_required_columns_not_the_one_with_most_known() -> None:
    wanted = Wanted(("deal_id", "owner_id", "status"), ("amount", "currency", "cost", "units"))
    rows = [
        ["amount", "currency", "cost", "units"],
        ["Status", "deal_id", " owner_id"],
        ["deal_id", "x", "y"],
    ]
    assert find(rows, wanted) == 1
    assert find(rows[::2], wanted) == 0
    assert find([["", " "], ["a"], ["b"]], wanted) == 1
    assert find([[], [""]], wanted) is None


def test_rows_that_do_not_fit_the_header_are_kept_apart_with_their_text(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won,1\n\nd2,ben,won\nd3,cid,won,3\nd4,dan,won,4,5\nd5,eve,won,5\n" * 1)
    assert [row[:2] for row in drops.land()] == [(2, "d1"), (5, "d3"), (7, "d5")]
    assert drops.rows("select row, raw, rule, message from landing.malformed order by row") == [
        (4, "d2,ben,won", "column_count", "row 4 has 3 values, the header has 4"),
        (6, "d4,dan,won,4,5", "column_count", "row 6 has 5 values, the header has 4"),
    ]
    assert drops.rows("select rows from landing.batches") == [(5,)]


def test_row_numbers_hold_over_many_blocks_of_good_and_ragged_rows(drops: Drops) -> None:
    lines = [f"d{n},ann,won" if n % 7 == 0 else f"d{n},ann,won,{'9' * 60}" for n in range(2, 150_002)]
    drops.drop("deals.csv", DEALS + "\n".join(lines) + "\n")
    drops.extract()
    assert drops.rows("select count(*), count_if(deal_id <> 'd' || _row) from landing.deals") == [(128_572, 0)]
    assert drops.rows("select count(*), count_if(raw <> 'd' || row || ',ann,won') from landing.malformed") == [
        (21_428, 0)
    ]


@pytest.mark.parametrize(
    "word",
    ["合计", "总 计", "小计：", "Total", "TOTALS:", "Grand total", "合计 Total", "Grand Total (总计)", "Total/合计:"],
)
def test_a_totals_row_at_the_end_is_kept_as_control_total_and_not_loaded(drops: Drops, word: str) -> None:
    drops.drop("deals.csv", DEALS + f'd1,ann,won,"1,000.50"\nd2,ben,won,2\n,{word},,"1,002.50"\n\n')
    assert drops.land("select deal_id from landing.deals order by _row") == [("d1",), ("d2",)]
    assert drops.batch().totals == ({"row": 4, "values": {"owner_id": word, "amount": "1,002.50"}},)
    assert drops.rows("select rows, control_totals from landing.batches") == [
        (2, f'{{"owner_id": "{word}", "amount": "1,002.50"}}')
    ]


def test_a_totals_row_with_fewer_cells_than_the_header_is_recognised(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won,1\n合计,,1\n")
    drops.extract()
    assert drops.batch().totals == ({"row": 3, "values": {"deal_id": "合计", "status": "1"}},)
    assert drops.rows("select count(*) from landing.malformed") == [(0,)]


def test_a_row_that_begins_with_total_further_up_is_data(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "Total,ann,won,1\nd2,ben,won,2\nd3,ben,won,2\nd4,ben,won,2\n")
    assert [row[1] for row in drops.land()] == ["Total", "d2", "d3", "d4"]
    assert drops.batch().totals == ()


def test_subtotal_and_total_are_both_set_apart_and_the_last_one_controls(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won,1\n小计,,,1\n合计,,,7\n")
    assert [row[1] for row in drops.land()] == ["d1"]
    assert drops.rows("select control_totals from landing.batches") == [('{"deal_id": "合计", "amount": "7"}',)]


def test_the_same_column_twice_is_refused_with_both_places(drops: Drops) -> None:
    drops.drop("deals.csv", "deal_id, Amount ,owner_id,status,amount\nd1,1,ann,won,2\n")
    with pytest.raises(InputError, match=r"deals\.csv: the column 'amount' stands twice .* \(columns 2 and 5\)"):
        drops.extract()


def test_a_header_without_rows_lands_an_empty_batch_with_a_warning(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS)
    landed = drops.only()
    assert (landed.outcome, landed.delivered, landed.warnings) == (
        "landed", 0, ("deals.csv: holds a header but no rows.",),
    )  # fmt: skip
    assert drops.rows("select * from landing.deals") == []


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b",,\n"])
def test_an_empty_file_lands_nothing_and_says_so(drops: Drops, content: bytes) -> None:
    drops.drop("deals.csv", content)
    drops.drop("teams.csv", "team_id\nt1\n")
    first = drops.extract().deliveries[0]
    assert (first.outcome, first.warnings) == (
        "empty", ("deals.csv: is empty, not even a header was found; nothing was loaded from it.",),
    )  # fmt: skip
    assert [batch.stream for batch in drops.landing.batches()] == ["teams"]


def test_two_hundred_columns_stay_in_the_raw_row(drops: Drops) -> None:
    extra = [f"Feld {n}" for n in range(200)]
    drops.drop("deals.csv", ",".join(["deal_id", "owner_id", "status", *extra]) + "\nd1,ann,won" + ",x" * 200 + "\n")
    drops.extract()
    (raw,) = drops.rows("select _raw from landing.deals")[0]
    assert len(raw) == 203
    assert raw["Feld 199"] == "x"


def test_nameless_columns_and_reserved_names_get_names_of_their_own(drops: Drops) -> None:
    drops.drop("deals.csv", "deal_id,owner_id,status,,_row,\nd1,ann,won,a,b,c\n")
    drops.extract()
    assert drops.batch().columns == ("deal_id", "owner_id", "status", "column_4", "delivered_row", "column_6")


def test_a_cell_of_ten_megabytes_and_a_nul_byte_pass(drops: Drops) -> None:
    big = "x" * (10 << 20)
    drops.drop("deals.csv", DEALS + f'd1,"{big}",won,1\nd2,be\0n,won,2\n' + "d3,cid,won,3\n" * 10)
    rows = drops.land()
    assert rows[0] == (2, "d1", big, "won", "1")
    assert rows[1] == (3, "d2", "ben", "won", "2")
    assert drops.rows("select _raw.owner_id from landing.deals where _row = 3") == [("be\0n",)]


def test_blanks_around_values_are_trimmed_and_rows_of_nothing_are_no_rows(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,\u3000ann ,won\u00a0,\t1\n,,,\nd2, ,won,张三\u3000\n")
    assert drops.land() == [(2, "d1", "ann", "won", "1"), (4, "d2", None, "won", "张三")]
    assert drops.batch().untidy == {"owner_id", "status", "amount"}


def test_a_clean_file_is_read_without_trimming(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,张三,won,1\nd2,李四\u4000,won,\n")
    drops.extract()
    assert drops.batch().untidy == frozenset()


def test_a_missing_required_column_is_named(drops: Drops) -> None:
    drops.drop("deals.csv", "deal_id,owner,status\nd1,ann,won\n")
    assert drops.only().warnings == (
        "deals.csv: the header lacks the required column owner_id (it has deal_id, owner, status); its "
        "rows will be quarantined until the file or a mapping names them.",
    )


def test_line_ends_of_any_kind_are_understood(drops: Drops) -> None:
    drops.drop("deals.csv", (DEALS + "d1,ann,won,1\nd2,ben,won,2").replace("\n", "\r"))
    assert [row[:2] for row in drops.land()] == [(2, "d1"), (3, "d2")]
