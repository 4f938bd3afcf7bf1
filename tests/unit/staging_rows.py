"""A delivery written out row by row for the staging models: for every rule a row that breaks it, and rows that must stand.

Each row is delivered in a batch of its stream (0 is the first); the file of a batch is called <stream>-<batch>.csv and
its first data row is row 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from attain.streams import STREAMS

Row = dict[str, str | None]


@dataclass(frozen=True)
class Broken:
    """A delivered row and what quarantine must say of it."""

    stream: str
    row: Row
    rule: str
    field: str
    value: str | None = None
    batch: int = 0


def _deal(deal_id: str | None, **columns: str | None) -> Row:
    base: Row = {"deal_id": deal_id, "owner_id": "ann", "status": "won", "won_on": "2026-01-15", "amount": "100"}
    return base | columns


def _activity(activity_id: str, **columns: str | None) -> Row:
    base: Row = {"activity_id": activity_id, "participant_id": "ann", "kind": "visit", "occurred_at": "2026-01-05"}
    return base | columns


def _survey(response_id: str, **columns: str | None) -> Row:
    base: Row = {
        "response_id": response_id, "survey": "csat", "question": "overall", "score": "5", "responded_on": "2026-01-20",
    }  # fmt: skip
    return base | columns


def _target(period: str, **columns: str | None) -> Row:
    return {"participant_id": "ann", "kpi": "bookings", "period": period, "value": "1000"} | columns


def _invoice(invoice_id: str, **columns: str | None) -> Row:
    return {"invoice_id": invoice_id, "invoiced_on": "2026-01-20", "amount": "100"} | columns


def _payment(payment_id: str, **columns: str | None) -> Row:
    return {"payment_id": payment_id, "paid_on": "2026-02-01", "amount": "100"} | columns


def _split(deal_id: str, participant_id: str, share: str, **columns: str | None) -> Row:
    return {"deal_id": deal_id, "participant_id": participant_id, "share": share} | columns


# Valid rows: (stream, batch, row).
STANDING: list[tuple[str, int, Row]] = [
    ("teams", 0, {"team_id": "root"}),
    ("teams", 0, {"team_id": "north", "parent_team_id": "root"}),
    ("participants", 0, {"participant_id": "ann", "role": "ae", "team_id": "north", "hired_on": "2020-01-01"}),
    ("participants", 0, {"participant_id": "bob", "role": "ae", "manager_id": "nobody", "base_salary": "120,000.50"}),
    ("accounts", 0, {"account_id": "a1", "owner_id": "left long ago"}),
    ("products", 0, {"product_id": "p1", "list_price": "1234567890123.123456"}),
    ("fx_rates", 0, {"currency": "usd", "rate_on": "2026-01-10", "rate": "7.1234567891"}),
    ("deals", 0, _deal("won", account_id="a1", product_id="p1", amount="1,234,567.89", created_on="2026-01-15T23:59:00")),
    ("deals", 0, _deal("returned", amount="-100", units="-2", cost="-60", status="Won")),
    ("deals", 0, _deal("open", status="open", amount=None, won_on=None)),
    ("deals", 0, _deal("dollars", currency="USD")),
    ("deals", 0, _deal("split")),
    ("deals", 0, _deal("overlaid")),
    ("deals", 0, _deal("lined", amount="30")),
    ("deal_splits", 0, _split("split", "ann", "0.3333333333", credit_role="Owner")),
    ("deal_splits", 0, _split("split", "bob", "0.6666666667")),
    ("deal_splits", 0, _split("overlaid", "bob", "0.5", credit_role="se")),
    ("deal_lines", 0, {"deal_id": "lined", "line": "1", "amount": "10", "product_id": "p1"}),
    ("deal_lines", 0, {"deal_id": "lined", "line": "2", "amount": "20.0000000000"}),
    ("deal_stages", 0, {"deal_id": "won", "stage": "proposal", "entered_at": "2026-01-02T08:00:00+08:00", "stage_order": "3.0"}),
    ("activities", 0, _activity("date only", account_id="a1", deal_id="won")),
    ("activities", 0, _activity("no offset", occurred_at="2026-01-05T10:30")),
    ("activities", 0, _activity("offset", occurred_at="2026-01-05 10:30-05:30", kind="Visit")),
    ("activities", 0, _activity("zulu", occurred_at="2026-01-05T10:30:00.250Z")),
    ("invoices", 0, _invoice("i1", deal_id="dollars", tax_amount="13")),
    ("invoices", 0, _invoice("i2")),
    ("payments", 0, _payment("refund", amount="-40", tax_amount="-4.6", invoice_id="i1")),
    ("payments", 0, _payment("of the deal", deal_id="dollars")),
    ("payments", 0, _payment("of nobody")),
    ("credit_notes", 0, {"credit_note_id": "c1", "invoice_id": "i1", "credited_on": "2026-02-03", "amount": "5"}),
    ("targets", 0, _target("2026-Q1")),
    ("targets", 0, _target("2026", participant_id=None)),
    ("kpi_inputs", 0, {"team_id": "north", "kpi": "margin", "period": "2026-01", "value": "-1.5"}),
    ("market_sizes", 0, {"period": "2026", "value": "1000000"}),
    ("survey_responses", 0, _survey("csat")),
    ("survey_responses", 0, _survey("nps", survey="NPS", score="0")),
    ("survey_responses", 0, _survey("ten", scale_max="10", score="9")),
    ("survey_responses", 0, _survey("complaint", survey="complaint", score="99")),
    ("absences", 0, {"participant_id": "ann", "from_date": "2026-01-02", "to_date": "2026-01-02"}),
    ("leads", 0, {"lead_id": "l1", "created_on": "2026-01-02", "owner_id": "bob"}),
    ("renewals", 0, {"renewal_id": "r1", "value_due": "10", "account_id": "a1"}),
    ("training", 0, {"participant_id": "ann", "course": "c", "assigned_on": "2026-01-02", "completed_on": "2026-01-02"}),
    ("objectives", 0, {"objective_id": "o1", "participant_id": "ann", "weight": "1", "completion": "0", "kind": "MBO"}),
    ("coaching", 0, {"session_id": "s1", "participant_id": "bob", "coach_id": "somebody outside"}),
]  # fmt: skip

# Rows that are replaced, delete or are deleted: neither staged nor quarantined. Rows that replace them are listed too.
REPLACED: list[tuple[str, int, Row]] = [
    ("deals", 0, _deal("corrected", amount="1")),
    ("deals", 1, _deal("corrected", amount="2")),
    ("deals", 1, _deal("corrected", amount="3")),
    ("deals", 0, _deal("deleted")),
    ("deals", 1, {"deal_id": "deleted", "is_deleted": "TRUE", "amount": "n/a"}),
    ("deal_splits", 0, _split("deleted", "ann", "1")),
    ("deals", 0, _deal("back again")),
    ("deals", 1, {"deal_id": "back again", "is_deleted": "true"}),
    ("deals", 2, _deal("back again", amount="7")),
    ("deals", 0, _deal("standing", amount="5")),
    ("market_sizes", 0, {"period": "2025", "value": "1"}),
    ("market_sizes", 1, {"period": "2025", "value": "2"}),
    ("deals", 0, _deal("mended split")),
    ("deal_splits", 0, _split("mended split", "ann", "0.5")),
    ("deal_splits", 0, _split("mended split", "bob", "0.4")),
    ("deal_splits", 1, _split("mended split", "bob", "0.5")),
    ("deals", 0, _deal("withdrawn split")),
    ("deal_splits", 1, _split("withdrawn split", "bob", "0", is_deleted="1")),
]

BROKEN: list[Broken] = [
    # Types: nothing is guessed, nothing is rounded.
    *[
        Broken("deals", _deal(f"amount {text}", amount=text), "type", "amount", text)
        for text in (
            "1e3", "NaN", "inf", "1.2.3", "１２３", "12 %", "1.234,56", "1,23,456.00", "1,2345", "0.1234567", "1_000",
            "0x10", "¥5", "--5", "1234567890123456789", "12|3",
        )
    ],
    *[
        Broken("deals", _deal(f"day {text}", won_on=text), "type", "won_on", text)
        for text in ("2026-1-5", "2026-02-30", "15/01/2026", "2026/01/15", "46037", "2026-01-15x", "epoch", "infinity")
    ],
    Broken("deals", _deal("term", term_months="12.5"), "type", "term_months", "12.5"),
    Broken("deals", _deal("flag", is_deleted="perhaps"), "type", "is_deleted", "perhaps"),
    Broken("activities", _activity("at", occurred_at="2026-01-05 25:00"), "type", "occurred_at", "2026-01-05 25:00"),
    Broken("deal_splits", _split("open", "ann", "50%", credit_role="se"), "type", "share", "50%"),
    Broken("fx_rates", {"currency": "EUR", "rate_on": "1.1.2026", "rate": "8"}, "type", "rate_on", "1.1.2026"),
    # Keys and required columns.
    Broken("deals", _deal(None), "key", "deal_id"),
    Broken("deal_lines", {"deal_id": "open", "amount": "1"}, "key", "line"),
    Broken("absences", {"participant_id": "ann", "to_date": "2026-01-02"}, "key", "from_date"),
    Broken("deals", _deal("no owner", owner_id=None), "required", "owner_id"),
    Broken("deals", _deal("no amount", amount=None), "required", "amount"),
    Broken("participants", {"participant_id": "zoe"}, "required", "role"),
    Broken("targets", _target("2025", value=None), "required", "value"),
    Broken("deals", _deal("won when", won_on=None), "won_without_date", "won_on"),
    Broken("deals", _deal("lost when", status="lost", won_on=None), "lost_without_date", "lost_on"),
    # Ranges.
    Broken("deals", _deal("year", won_on="0202-01-15"), "range", "won_on", "0202-01-15"),
    Broken("deals", _deal("far", created_on="2101-01-01"), "range", "created_on", "2101-01-01"),
    Broken("deals", _deal("units", units="-1"), "range", "units", "-1"),
    Broken("deals", _deal("months", term_months="-1"), "range", "term_months", "-1"),
    Broken("products", {"product_id": "p2", "list_price": "-5"}, "range", "list_price", "-5"),
    Broken("deal_splits", _split("open", "bob", "1.01", credit_role="se"), "range", "share", "1.01"),
    Broken("invoices", _invoice("negative", amount="-1"), "range", "amount", "-1"),
    Broken("invoices", _invoice("tax", tax_amount="101"), "range", "tax_amount", "101"),
    Broken("payments", _payment("tax", amount="-1", tax_amount="0.1"), "range", "tax_amount", "0.1"),
    Broken("credit_notes", {"credit_note_id": "c2", "credited_on": "2026-02-03", "amount": "-5"}, "range", "amount", "-5"),
    Broken("fx_rates", {"currency": "EUR", "rate_on": "2026-01-01", "rate": "0"}, "range", "rate", "0"),
    Broken("fx_rates", {"currency": "CNY", "rate_on": "2026-01-01", "rate": "7"}, "range", "rate", "7"),
    Broken("objectives", {"objective_id": "o2", "participant_id": "ann", "completion": "80"}, "range", "completion", "80"),
    Broken("objectives", {"objective_id": "o3", "participant_id": "ann", "weight": "-0.1"}, "range", "weight", "-0.1"),
    Broken("survey_responses", _survey("six", score="6"), "range", "score", "6"),
    Broken("survey_responses", _survey("nps 11", survey="nps", score="11"), "range", "score", "11"),
    Broken("survey_responses", _survey("scale", scale_min="5", scale_max="1"), "range", "scale_max", "1"),
    Broken("targets", _target("2024", revision="0"), "range", "revision", "0"),
    # Ends before it starts.
    Broken("deals", _deal("early", created_on="2026-01-16"), "end_before_start", "won_on", "2026-01-15"),
    Broken("deals", _deal("undone", cancelled_on="2026-01-14"), "end_before_start", "cancelled_on", "2026-01-14"),
    Broken(
        "participants", {"participant_id": "yan", "role": "ae", "hired_on": "2026-01-02", "left_on": "2026-01-01"},
        "end_before_start", "left_on", "2026-01-01",
    ),
    Broken(
        "absences", {"participant_id": "ann", "from_date": "2026-03-02", "to_date": "2026-03-01"},
        "end_before_start", "to_date", "2026-03-01",
    ),
    Broken(
        "activities", _activity("answer", inquiry_at="2026-01-05T10:00+08:00", responded_at="2026-01-05T01:59Z"),
        "end_before_start", "responded_at", "2026-01-05T01:59Z",
    ),
    Broken("leads", {"lead_id": "l2", "created_on": "2026-01-02", "lost_on": "2026-01-01"}, "end_before_start", "lost_on", "2026-01-01"),
    # Words outside their list.
    Broken("deals", _deal("status", status="Pending"), "unknown_value", "status", "Pending"),
    Broken("deals", _deal("type", deal_type="upsell"), "unknown_value", "deal_type", "upsell"),
    Broken("activities", _activity("kind", kind="lunch"), "unknown_value", "kind", "lunch"),
    Broken("activities", _activity("outcome", outcome="maybe"), "unknown_value", "outcome", "maybe"),
    Broken("survey_responses", _survey("survey", survey="poll"), "unknown_value", "survey", "poll"),
    Broken("participants", {"participant_id": "xia", "role": "ae", "salary_period": "week"}, "unknown_value", "salary_period", "week"),
    Broken("objectives", {"objective_id": "o4", "participant_id": "ann", "kind": "wish"}, "unknown_value", "kind", "wish"),
    *[
        Broken("targets", _target(text), "unknown_value", "period", text)
        for text in ("2026-13", "2026-Q5", "26", "2026-1", "2026Q1", "Jan 2026")
    ],
    Broken("targets", _target("2026-01", team_id="north"), "scope", "team_id", "north"),
    Broken("targets", _target("2026-01", kpi="bokings"), "unknown_kpi", "kpi", "bokings"),
    Broken("deals", _deal("money", currency="XXQ"), "unknown_currency", "currency", "XXQ"),
    # References.
    Broken("deals", _deal("stranger", owner_id="ghost"), "unknown_participant", "owner_id", "ghost"),
    Broken("deals", _deal("account", account_id="a9"), "unknown_account", "account_id", "a9"),
    Broken("deals", _deal("product", product_id="p9"), "unknown_product", "product_id", "p9"),
    Broken("deals", _deal("bad product", product_id="p2"), "parent_quarantined", "product_id", "p2"),
    Broken("participants", {"participant_id": "wei", "role": "ae", "team_id": "t9"}, "unknown_team", "team_id", "t9"),
    Broken("deals", _deal("person", owner_id="wei"), "parent_quarantined", "owner_id", "wei"),
    Broken("activities", _activity("deal", deal_id="d9"), "unknown_deal", "deal_id", "d9"),
    Broken("invoices", _invoice("of a broken deal", deal_id="money"), "parent_quarantined", "deal_id", "money"),
    Broken("payments", _payment("of its invoice", invoice_id="of a broken deal"), "parent_quarantined", "invoice_id", "of a broken deal"),
    Broken("payments", _payment("lost", invoice_id="i9"), "unknown_invoice", "invoice_id", "i9"),
    Broken("invoices", _invoice("of a deleted deal", deal_id="deleted"), "parent_deleted", "deal_id", "deleted"),
    Broken("deal_stages", {"deal_id": "money", "stage": "s", "entered_at": "2026-01-02"}, "parent_quarantined", "deal_id", "money"),
    Broken("absences", {"participant_id": "ghost", "from_date": "2026-01-02", "to_date": "2026-01-02"}, "unknown_participant", "participant_id", "ghost"),
    # Teams form a tree.
    Broken("teams", {"team_id": "x", "parent_team_id": "y"}, "cycle", "parent_team_id", "y"),
    Broken("teams", {"team_id": "y", "parent_team_id": "x"}, "cycle", "parent_team_id", "x"),
    Broken("teams", {"team_id": "z", "parent_team_id": "x"}, "parent_quarantined", "parent_team_id", "x"),
    Broken("teams", {"team_id": "island", "parent_team_id": "t9"}, "unknown_team", "parent_team_id", "t9"),
    # Money that cannot be converted on its day.
    Broken("deals", _deal("too early", currency="USD", won_on="2026-01-09"), "fx_rate_missing", "currency", "USD on 2026-01-09"),
    Broken("invoices", _invoice("euro", currency="EUR"), "fx_rate_missing", "currency", "EUR on 2026-01-20"),
    # Credits that would be partial: the deal, its parts and its money wait.
    Broken("deals", _deal("short"), "split_total", "share", "0.9000000000"),
    Broken("deal_splits", _split("short", "ann", "0.6"), "parent_quarantined", "deal_id", "short"),
    Broken("deal_splits", _split("short", "bob", "0.3"), "parent_quarantined", "deal_id", "short"),
    Broken("invoices", _invoice("of short", deal_id="short"), "parent_quarantined", "deal_id", "short"),
    Broken("deals", _deal("all splits broken"), "split_total", "share", "0.0000000000"),
    Broken("deal_splits", _split("all splits broken", "ghost", "1"), "unknown_participant", "participant_id", "ghost"),
    Broken("deal_splits", _split("withdrawn split", "bob", "half"), "type", "share", "half"),
    Broken("deals", _deal("broken line"), "line_quarantined", "line", "2"),
    Broken("deal_lines", {"deal_id": "broken line", "line": "1", "amount": "60"}, "parent_quarantined", "deal_id", "broken line"),
    Broken("deal_lines", {"deal_id": "broken line", "line": "2", "amount": "forty"}, "type", "amount", "forty"),
    # A broken correction: the valid row stands. A broken row that was mended: resolved.
    Broken("deals", _deal("standing", amount="five"), "type", "amount", "five", batch=1),
    Broken("deals", _deal("mended", amount="six"), "type", "amount", "six"),
]  # fmt: skip
STANDING.append(("deals", 1, _deal("mended", amount="6")))


def deliver(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Create schemas `inputs` and `landing` with every row above; gives the source_ref of each row of BROKEN."""
    connection.execute("create schema inputs")
    connection.execute("create schema landing")
    connection.execute("create table inputs.run as select 'run-1' as run_id, 'CNY' as currency")
    connection.execute("create table inputs.currencies as select unnest(['CNY', 'USD', 'EUR']) as currency")
    connection.execute("create table inputs.kpi_catalogue as select unnest(['bookings', 'margin']) as kpi")
    connection.execute(
        "create table landing.batches (batch_no integer, batch_id varchar, stream varchar, source varchar, "
        "source_ref varchar, landed_at timestamp, rows bigint, control_totals varchar)"
    )
    connection.execute(
        "create table landing.malformed (batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, "
        "message varchar)"
    )
    everything = [*STANDING, *REPLACED, *((case.stream, case.batch, case.row) for case in BROKEN)]
    offset = len(STANDING) + len(REPLACED)
    places: dict[int, str] = {}
    for stream in STREAMS.values():
        columns = [*stream.columns, "is_deleted"]
        typed = ", ".join(f"{column} varchar" for column in columns)
        connection.execute(
            f"create table landing.{stream.name} ({typed}, _batch_no integer, _row bigint, _raw struct(id varchar))"
        )
        counts: dict[int, int] = {}
        for number, (name, batch, row) in enumerate(everything):
            if name != stream.name:
                continue
            counts[batch] = counts.get(batch, 0) + 1
            values = [row.get(column) for column in columns]
            marks = ", ".join("?" for _ in columns)
            connection.execute(
                f"insert into landing.{name} values ({marks}, ?, ?, {{'id': ?}})",
                [*values, _batch_no(name, batch), counts[batch] + 1, row.get(stream.key[0])],
            )
            if number >= offset:
                places[number - offset] = f"{name}-{batch}.csv#{counts[batch] + 1}"
        for batch, rows in counts.items():
            _batch(connection, stream.name, batch, rows)
    return places


def _batch_no(stream: str, batch: int) -> int:
    return batch * len(STREAMS) + list(STREAMS).index(stream) + 1


def _batch(connection: duckdb.DuckDBPyConnection, stream: str, batch: int, rows: int) -> None:
    malformed = 1 if (stream, batch) == ("deals", 0) else 0
    if malformed:
        connection.execute(
            "insert into landing.malformed values (?, 'deals', 999, 'd1,ann', 'column_count', "
            "'The row has 2 fields; expected 20.')",
            [_batch_no(stream, batch)],
        )
    connection.execute(
        f"insert into landing.batches values (?, ?, ?, 'files', ?, timestamp '2026-02-0{batch + 1} 08:00:00', ?, null)",
        [_batch_no(stream, batch), f"{stream}-{batch}", stream, f"{stream}-{batch}.csv", rows + malformed],
    )
