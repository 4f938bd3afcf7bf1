"""Schema `landing`: one view per stream with canonical text columns, whatever was delivered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from tests.unit.drops import DEALS, NOON, Drops

from attain.conform import append_rows, conform, landing_tables
from attain.errors import Corrupt, InputError
from attain.mapping import load_mappings
from attain.streams import STREAMS


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


def shape(con: duckdb.DuckDBPyConnection, stream: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in con.execute(f"describe landing.{stream}").fetchall() if name != "_raw"]


@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_has_a_view_with_all_columns_also_when_nothing_was_delivered(drops: Drops, stream: str) -> None:
    expected = [("_batch_no", "INTEGER"), ("_row", "BIGINT")]
    expected += [(column, "VARCHAR") for column in (*STREAMS[stream].columns, "is_deleted")]
    with drops.warehouse() as con:
        assert shape(con, stream) == expected
        assert con.execute(f"select * from landing.{stream}").fetchall() == []
        landing_tables(memory := duckdb.connect())
        assert shape(memory, stream) == expected


def test_columns_and_their_case_are_found_by_name_and_the_rest_stays_raw(drops: Drops) -> None:
    drops.drop("deals.csv", "Deal_ID,OWNER_ID,status,Remark,is_deleted\nd1,ann,won,hi,true\n")
    assert drops.land("select deal_id, owner_id, amount, is_deleted, _raw from landing.deals") == [
        ("d1", "ann", None, "true",
         {"Deal_ID": "d1", "OWNER_ID": "ann", "status": "won", "Remark": "hi", "is_deleted": "true"}),
    ]  # fmt: skip


def test_batches_of_different_shape_make_one_view_with_the_union_of_their_raw_columns(drops: Drops) -> None:
    drops.drop("deals/1.csv", DEALS + "d1,ann,won,1\n")
    drops.drop("deals/2.csv", "owner_id;deal_id;status;Extra\nben;d2;open;x\n")
    drops.drop("deals/3.csv", DEALS + "d3,cid,won,3\n")
    drops.drop("deals/4.csv", DEALS)
    drops.extract()
    assert drops.rows("select _batch_no, _row, deal_id, owner_id, amount, _raw from landing.deals order by 1") == [
        (
            1,
            2,
            "d1",
            "ann",
            "1",
            {"deal_id": "d1", "owner_id": "ann", "status": "won", "amount": "1", "Extra": None},
        ),
        (
            2,
            2,
            "d2",
            "ben",
            None,
            {"deal_id": "d2", "owner_id": "ben", "status": "open", "amount": None, "Extra": "x"},
        ),
        (
            3,
            2,
            "d3",
            "cid",
            "3",
            {"deal_id": "d3", "owner_id": "cid", "status": "won", "amount": "3", "Extra": None},
        ),
    ]
    assert drops.rows("select batch_no, stream, source, source_ref, rows from landing.batches order by 1") == [
        (n, "deals", "files", f"deals/{n}.csv", int(n < 4)) for n in (1, 2, 3, 4)
    ]


def test_many_batches_keep_their_numbers(drops: Drops) -> None:
    for number in range(120):
        drops.drop(f"deals/{number:03}.csv", DEALS + f"d{number + 1},ann,won,1\n")
    drops.extract()
    assert drops.rows("select count(*), count_if(deal_id <> 'd' || _batch_no), max(_batch_no) from landing.deals") == [
        (120, 0, 120)
    ]
    assert drops.rows("select deal_id from landing.deals where _batch_no = 87") == [("d87",)]


def test_names_that_look_like_sql_are_only_names(drops: Drops) -> None:
    evil = "a\"b', drop table landing.batches --"
    header = 'deal_id,owner_id,status,"' + evil.replace('"', '""') + '",select,a.b\n'
    drops.drop("deals.csv", header + "d1,ann,won,x,y,z\n")
    drops.map(
        "- stream: deals\n  file: deals.csv\n  columns:\n"
        f'    name: "{evil.replace(chr(34), chr(92) + chr(34))}"\n'
        '    stage: {from: select, values: {"y": "it\'s \\"so\\""}}\n'
        '    deal_type: {from: a.b, when: {select: "y"}}\n'
    )
    assert drops.land("select name, stage, deal_type from landing.deals") == [("x", 'it\'s "so"', "z")]
    assert drops.rows("select _raw from landing.deals")[0][0][evil] == "x"


def test_the_views_outlive_the_connection_that_made_them(drops: Drops, tmp_path: Path) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won, 1\n")
    drops.extract()
    path = str(tmp_path / "warehouse.duckdb")
    with duckdb.connect(path) as con:
        infos = conform(con, drops.landing, load_mappings(drops.company), NOON)
    assert [(info.batch_no, info.source_ref, info.rows, info.landed_at) for info in infos] == [
        (1, "deals.csv", 1, dt.datetime(2026, 2, 1, 12))
    ]
    with duckdb.connect(path, read_only=True) as con:
        assert con.execute("select deal_id, amount from landing.deals").fetchall() == [("d1", "1")]


def test_a_damaged_batch_stops_the_run(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + "d1,ann,won,1\n")
    drops.extract()
    drops.batch().rows_path.write_bytes(b"")
    with pytest.raises(Corrupt, match=r"rows\.parquet: bytes is 0"):
        drops.warehouse()


PIPELINE = """\
- stream: deals
  file: sales_pipeline.csv
  columns:
    deal_id: opportunity_id
    owner_id: sales_agent
    product_id: {from: product, values: {GTXPro: GTX Pro}}
    status: {from: deal_stage, values: {Won: won, Lost: lost, Engaging: open}, others: reject}
    won_on: {from: close_date, when: {deal_stage: Won}, format: "%m/%d/%Y"}
    lost_on: {from: close_date, when: {deal_stage: [Lost, Dropped]}, format: ["%d.%m.%Y", "%m/%d/%Y"]}
    currency: {value: USD}
    deal_type: {from: kind, default: new, values: {n/a: ~}}
"""
PIPELINE_ROWS = """\
opportunity_id,sales_agent,product,deal_stage,close_date,amount,kind
1,Ann,GTXPro,Won,12/31/2025,10,renewal
2,Ann,GTX Basic, Lost ,01/02/2026,,n/a
3,Ben,MG,Engaging,,5,
4,Ben,MG,Won,2026-01-05,6,
5,Ben,MG,Stolen,01/05/2026,7,
6,Ben,MG,,01/05/2026,8,
"""


def test_a_mapping_gives_columns_values_dates_constants_and_defaults(drops: Drops) -> None:
    drops.map(PIPELINE)
    drops.drop("sales_pipeline.csv", PIPELINE_ROWS)
    query = (
        "select deal_id, owner_id, product_id, status, won_on, lost_on, currency, deal_type, amount "
        "from landing.deals order by _row"
    )
    assert drops.land(query) == [
        ("1", "Ann", "GTX Pro", "won", "2025-12-31", None, "USD", "renewal", "10"),
        ("2", "Ann", "GTX Basic", "lost", None, "2026-01-02", "USD", "new", None),
        ("3", "Ben", "MG", "open", None, None, "USD", "new", "5"),
        ("4", "Ben", "MG", "won", "2026-01-05", None, "USD", "new", "6"),
        ("6", "Ben", "MG", None, None, None, "USD", "new", "8"),
    ]
    assert drops.rows("select batch_no, stream, row, rule, message from landing.malformed") == [
        (1, "deals", 6, "unmapped_value",
         "deal_stage has the value Stolen, which the mapping of status does not list (Won, Lost, Engaging)"),
    ]  # fmt: skip
    assert '"deal_stage":"Stolen"' in drops.rows("select raw from landing.malformed")[0][0]
    assert drops.rows("select rows from landing.batches") == [(6,)]


def test_an_instant_with_a_zone_is_written_in_utc_whoever_reads_it(drops: Drops) -> None:
    drops.map(
        "- stream: deal_stages\n  file: s.csv\n  columns:\n    entered_at: {from: at, format: '%d.%m.%Y %H:%M:%S%z'}\n"
    )
    drops.drop("s.csv", "deal_id,stage,at\nd1,won,31.01.2026 06:30:05+0800\n")
    drops.extract()
    with drops.warehouse() as con:
        con.execute("set timezone = 'America/New_York'")
        assert con.execute("select entered_at from landing.deal_stages").fetchall() == [("2026-01-30T22:30:05Z",)]


def test_one_file_feeds_several_streams_and_one_stream_twice(drops: Drops) -> None:
    drops.map(
        "- stream: teams\n  file: sales_teams.csv\n  columns: {team_id: manager, region: office}\n"
        "- stream: participants\n  file: sales_teams.csv\n  name: agents\n"
        "  columns: {participant_id: agent, team_id: manager, role: {value: agent}}\n"
        "- stream: participants\n  file: sales_teams.csv\n  name: managers\n"
        "  columns: {participant_id: manager, team_id: manager, role: {value: manager}}\n"
    )
    drops.drop("sales_teams.csv", "agent,manager,office\nAnna,Dustin,Central\n")
    report = drops.extract()
    assert [(one.stream, one.outcome, one.warnings) for one in report.deliveries] == [
        ("participants", "landed", ()),
        ("participants", "landed", ()),
        ("teams", "landed", ()),
    ]
    assert drops.rows("select participant_id, team_id, role from landing.participants order by _batch_no") == [
        ("Anna", "Dustin", "agent"),
        ("Dustin", "Dustin", "manager"),
    ]
    assert drops.rows("select team_id, region from landing.teams") == [("Dustin", "Central")]
    assert {one.outcome for one in drops.extract().deliveries} == {"unchanged"}


def test_a_mapping_written_later_mends_what_was_landed_before_it(drops: Drops) -> None:
    drops.drop("deals.csv", "Id,owner_id,status\nd1,ann,won\n")
    assert drops.land("select deal_id from landing.deals") == [(None,)]
    drops.map("- {stream: deals, file: deals.csv, columns: {deal_id: Id}}\n")
    assert drops.rows("select deal_id from landing.deals") == [("d1",)]
    assert drops.only().outcome == "unchanged"


def test_a_header_that_only_the_mapping_can_find_is_read_again(drops: Drops) -> None:
    drops.drop("deals.csv", "Deals,of,January\nId,Who,State\nd1,ann,won\n")
    drops.extract()
    drops.map("- {stream: deals, file: deals.csv, columns: {deal_id: Id, owner_id: Who, status: State}}\n")
    assert drops.only().outcome == "landed"
    assert drops.rows("select deal_id, _row from landing.deals where is_deleted is null and _batch_no = 2") == [
        ("d1", 3)
    ]
    assert drops.only().outcome == "unchanged"


def test_a_totals_row_is_given_by_canonical_column(drops: Drops) -> None:
    drops.map(
        "- {stream: deals, file: x.csv, columns:\n    {deal_id: Id, owner_id: Who, status: State, amount: Value}}\n"
    )
    drops.drop("x.csv", "Id,Who,State,Value\nd1,ann,won,10\nTotal,,,10\n")
    assert drops.land("select control_totals from landing.batches") == [('{"deal_id": "Total", "amount": "10"}',)]


def test_a_sheet_named_in_the_mapping_feeds_its_stream(drops: Drops) -> None:
    from tests.unit.test_files_xlsx import data, workbook

    sheets = {"Cover": [["hi"]], "Opps 2026": [["Id", "Who", "State"], ["d1", "ann", "won"]]}
    drops.drop("crm.xlsx", data(workbook(sheets)))
    entry = "- {stream: deals, file: crm.xlsx, sheet: %s, columns: {deal_id: Id, owner_id: Who, status: State}}\n"
    drops.map(entry % "opps 2026")
    assert drops.land("select deal_id, owner_id from landing.deals") == [("d1", "ann")]
    drops.map(entry % "Leads")
    with pytest.raises(
        InputError, match=r"crm\.xlsx: has no sheet 'Leads', which mappings/crm\.yml:1 names; it has Cover"
    ):
        drops.extract()


def test_rows_from_memory_make_the_same_schema_step_by_step() -> None:
    con = duckdb.connect()
    landing_tables(con, [{"deals": [{"deal_id": "d1", "amount": " 5 "}, {"deal_id": "d2", "amount": ""}], "teams": []}])
    append_rows(con, 2, "teams", [{"team_id": "t1"}])
    append_rows(con, 2, "deals", [{"deal_id": "d1", "is_deleted": "true"}])
    query = "select deal_id, amount, is_deleted, _row, _raw.amount from landing.deals order by _batch_no, _row"
    assert con.execute(query).fetchall() == [
        ("d1", "5", None, 2, "5"), ("d2", None, None, 3, None), ("d1", None, "true", 2, None),
    ]  # fmt: skip
    batches = "select stream, rows, landed_at, source_ref from landing.batches order by batch_no"
    assert con.execute(batches).fetchall() == [
        ("teams", 0, dt.datetime(2000, 1, 1), "given.teams"),
        ("deals", 2, dt.datetime(2000, 1, 1), "given.deals"),
        ("teams", 1, dt.datetime(2000, 1, 2), "given.teams"),
        ("deals", 1, dt.datetime(2000, 1, 2), "given.deals"),
    ]
    assert con.execute("select count(distinct batch_no) from landing.batches").fetchall() == [(4,)]


def test_unknown_streams_and_columns_from_memory_are_named() -> None:
    con = duckdb.connect()
    with pytest.raises(InputError, match="given: 'deal' is not a stream"):
        landing_tables(con, [{"deal": []}])
    with pytest.raises(InputError, match=r"given\.deals\[1\]\.amout: is not a column of deals"):
        landing_tables(con, [{"deals": [{"amout": "1"}]}])
