"""A small company written out row by row for the KPI models: what staging and crediting would hand them.

Two teams `north` and `south` in the region `all`; ann moves from north to south on 2026-02-01. Money in CNY, the
company's days are those of Shanghai, the published period is 2026-03.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from attain.company import Calendar, Period

Rows = list[dict[str, Any]]

_TABLES = {
    "inputs.run": "run_id varchar, period varchar, period_starts_on date, period_ends_on date, currency varchar, "
    "time_zone varchar",
    "inputs.periods": "period varchar, kind varchar, starts_on date, ends_on date, days integer, months integer, "
    "ordinal integer, quarter varchar, year varchar, previous_year_period varchar",
    "inputs.period_months": "period varchar, month varchar, month_starts_on date, month_no integer",
    "inputs.currencies": "currency varchar, minor_units integer",
    "inputs.kpi_catalogue": "kpi varchar, base varchar, variants varchar, is_of_whole_period boolean",
    "inputs.plans": "plan_version_id varchar, currency varchar, effective_from date",
    "inputs.plan_fx_rates": "plan_version_id varchar, currency varchar, rate decimal(18,10)",
    "inputs.kpi_requests": "kpi varchar, variant varchar, slice varchar",
    "inputs.slice_filters": "slice varchar, field varchar, value varchar",
    "inputs.pay_terms": "pay_when varchar",
    "inputs.components": "measure varchar",
    "inputs.clawbacks": "on_refund boolean, on_credit_note boolean",
    "intermediate.int_participant_ranges": "range_id integer, participant_id varchar, starts_on date, ends_on date, "
    "hired_on date, left_on date",
    "intermediate.int_scope_members": "range_id integer, scope varchar, scope_id varchar",
    "intermediate.int_segment_spans": "scope_id varchar, participant_id varchar, period varchar, begins_on date, "
    "days integer",
    "intermediate.int_targets": "scope varchar, scope_id varchar, kpi varchar, period varchar, target decimal(24,6)",
    "intermediate.int_split_shares": "deal_id varchar, participant_id varchar, share decimal(13,10), precedence bigint",
    "intermediate.int_deal_credits": "transaction_type varchar, transaction_id varchar, line varchar, "
    "participant_id varchar, share decimal(13,10), range_id integer, credited_on date, month varchar, "
    "deal_id varchar, account_id varchar, product_line varchar, deal_type varchar, segment varchar, region varchar, "
    "created_on date, company_amount decimal(24,6), units decimal(24,6), cost decimal(24,6), "
    "list_amount decimal(24,6), is_first_of_account boolean",
    "staging.stg_teams": "team_id varchar, parent_team_id varchar",
    "staging.stg_accounts": "account_id varchar, owner_id varchar, segment varchar, region varchar",
    "staging.stg_products": "product_id varchar, product_line varchar",
    "staging.stg_deals": "deal_id varchar, owner_id varchar, account_id varchar, product_id varchar, "
    "status varchar, deal_type varchar, amount decimal(24,6), currency varchar, won_on date, lost_on date",
    "staging.stg_deal_lines": "deal_id varchar, line varchar, product_id varchar",
    "staging.stg_deal_stages": "deal_id varchar, stage varchar, entered_at timestamp, stage_order integer",
    "staging.stg_activities": "participant_id varchar, kind varchar, occurred_at timestamp, outcome varchar",
    "staging.stg_invoices": "invoice_id varchar, deal_id varchar, account_id varchar, invoiced_on date, due_on date, "
    "amount decimal(24,6), tax_amount decimal(24,6), currency varchar",
    "staging.rejected_invoices": "_batch_no integer, _row bigint, field varchar",
    "staging.stg_kpi_inputs": "participant_id varchar, team_id varchar, kpi varchar, period varchar, "
    "value decimal(24,6), numerator decimal(24,6), denominator decimal(24,6)",
    "staging.stg_payments": "payment_id varchar, invoice_id varchar, deal_id varchar, paid_on date, "
    "amount decimal(24,6), tax_amount decimal(24,6), currency varchar",
    "staging.stg_credit_notes": "credit_note_id varchar, invoice_id varchar, deal_id varchar, credited_on date, "
    "amount decimal(24,6), tax_amount decimal(24,6)",
    "staging.stg_fx_rates": "currency varchar, rate_on date, rate decimal(24,6)",
    "staging.stg_survey_responses": "survey varchar, question varchar, score decimal(24,6), scale_max decimal(24,6), "
    "account_id varchar, participant_id varchar, responded_on date",
    "staging.stg_objectives": "participant_id varchar, period varchar, kind varchar, weight decimal(13,10), "
    "completion decimal(13,10), judged_on date",
}

_BASES = {
    "deals": "bookings bookings_growth quota_attainment contract_count units average_deal_size margin gross_margin "
    "discount_rate new_customers win_rate win_rate_value sales_cycle",
    "finance": "billings collections collection_rate dso",
    "surveys": "csat nps",
    "activities": "activities",
    "stages": "stage_conversion",
    "objectives": "objectives mbo kra",
}

_REQUESTS = """bookings||all bookings||product_line=GTX bookings_growth||all quota_attainment||all contract_count||all
contract_count||product_line=GTX units||all average_deal_size||all margin||all gross_margin||all discount_rate||all
new_customers||all new_customers||deal_type=new win_rate||all win_rate_value||all sales_cycle|mean|all
sales_cycle|median|all billings||all collections||all collection_rate|ar|all collection_rate|due|all dso||all
csat|top2|all csat|mean|all nps||all activities||all activities||kind=visit stage_conversion||all
stage_conversion||stage=proposal objectives||all mbo||all kra||all""".split()

_SLICES = {"product_line=GTX": 1, "deal_type=new": 1, "kind=visit": 1, "stage=proposal": 1}

# range_id, participant, from, to, hired, left, team
_RANGES = [
    (1, "ann", "1900-01-01", "2026-01-31", "2020-01-01", None, "north"),
    (2, "ann", "2026-02-01", "9999-12-31", "2020-01-01", None, "south"),
    (3, "bob", "1900-01-01", "9999-12-31", "2020-01-01", None, "north"),
    (4, "cyd", "1900-01-01", "9999-12-31", "2026-02-10", None, "south"),
    (5, "eve", "1900-01-01", "9999-12-31", "2020-01-01", "2025-12-31", "south"),
]


def _calendar(first: str, last: str) -> dict[str, Rows]:
    """The periods from month `first` to `last`, each with the months it has by then."""
    calendar = Calendar()
    months = calendar.months(first, last)
    found: dict[str, Period] = {}
    for month in months:
        for period in (month, calendar.quarter_of(month.starts_on), calendar.year_of(month.starts_on)):
            found.setdefault(period.key, period)
    rows: Rows = []
    parts: Rows = []
    for period in found.values():
        inside = [month for month in months if period.starts_on <= month.starts_on <= period.ends_on]
        before = f"{int(period.key[:4]) - 1}{period.key[4:]}"
        length = {"month": 1, "quarter": 3, "year": 12}[period.kind]
        rows.append(
            {
                "period": period.key, "kind": period.kind, "starts_on": period.starts_on, "ends_on": period.ends_on,
                "months": length, "previous_year_period": before if before in found else None,
            }
        )  # fmt: skip
        for month in inside:
            number = (month.starts_on.year - period.starts_on.year) * 12
            number += month.starts_on.month - period.starts_on.month + 1
            parts.append(
                {"period": period.key, "month": month.key, "month_starts_on": month.starts_on, "month_no": number}
            )
    return {"inputs.periods": rows, "inputs.period_months": parts}


def _people() -> dict[str, Rows]:
    ranges, members = [], [{"range_id": 0, "scope": "company", "scope_id": "company"}]
    for range_id, person, starts_on, ends_on, hired_on, left_on, team in _RANGES:
        ranges.append(
            {
                "range_id": range_id, "participant_id": person, "starts_on": starts_on, "ends_on": ends_on,
                "hired_on": hired_on, "left_on": left_on,
            }
        )  # fmt: skip
        scopes = [("participant", person), ("team", team), ("team", "all"), ("company", "company")]
        members += [{"range_id": range_id, "scope": scope, "scope_id": key} for scope, key in scopes]
    return {"intermediate.int_participant_ranges": ranges, "intermediate.int_scope_members": members}


def range_of(participant: str, day: str) -> int:
    """The range of a participant on a day."""
    return next(row[0] for row in _RANGES if row[1] == participant and row[2] <= day <= row[3])


def credit(deal: str, participant: str, day: str, amount: str, **others: Any) -> dict[str, Any]:
    """One credited line of a won deal."""
    row: dict[str, Any] = {
        "transaction_type": "deal", "transaction_id": deal, "deal_id": deal, "line": "1", "share": 1,
        "participant_id": participant, "range_id": range_of(participant, day), "credited_on": day, "month": day[:7],
        "company_amount": amount, "deal_type": "new", "is_first_of_account": False,
    }  # fmt: skip
    return row | others


def base_rows() -> dict[str, Rows]:
    """Everything but the transactions: the run, calendar, people, catalogue and requests."""
    requests = [dict(zip(("kpi", "variant", "slice"), text.split("|"), strict=True)) for text in _REQUESTS]
    filters = [dict(zip(("field", "value"), name.split("="), strict=True)) | {"slice": name} for name in _SLICES]
    return {
        "inputs.run": [
            {
                "run_id": "r1", "period": "2026-03", "period_starts_on": "2026-03-01", "period_ends_on": "2026-03-31",
                "currency": "CNY", "time_zone": "Asia/Shanghai",
            }
        ],
        "inputs.currencies": [{"currency": "CNY", "minor_units": 2}, {"currency": "USD", "minor_units": 2}],
        "inputs.kpi_catalogue": [
            {"kpi": kpi, "base": base, "is_of_whole_period": base == "objectives"}
            for base, names in _BASES.items() for kpi in names.split()
        ],
        "inputs.kpi_requests": requests,
        "inputs.slice_filters": filters,
        "staging.stg_teams": [{"team_id": team} for team in ("all", "north", "south", "empty")],
        **_calendar("2025-01", "2026-03"),
        **_people(),
    }  # fmt: skip


def create(connection: duckdb.DuckDBPyConnection, rows: dict[str, Rows]) -> None:
    """Create every table the KPI models read, filled with `rows`; unnamed columns are NULL."""
    for schema in ("inputs", "staging", "intermediate"):
        connection.execute(f"create schema if not exists {schema}")
    for table, columns in _TABLES.items():
        connection.execute(f"create table {table} ({columns})")
        for row in rows.get(table, []):
            names = ", ".join(row)
            marks = ", ".join("?" for _ in row)
            values = [value.isoformat() if isinstance(value, dt.date) else value for value in row.values()]
            connection.execute(f"insert into {table} ({names}) values ({marks})", values)
    connection.execute(
        "create table staging.typed_invoices as select *, 1 as _batch_no, row_number() over () as _row, "
        "cast(null as varchar) as _broken, false as is_deleted from staging.stg_invoices"
    )
