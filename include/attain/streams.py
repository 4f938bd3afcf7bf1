"""The canonical streams: what may be delivered, column by column. The one place that knows their names.

Landing, conforming, the sample company and worked examples read this table; the staging models mirror it
(a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass

# Column types: id and text stay text; money, number and share are decimals; date is a business date;
# instant is a UTC timestamp; integer and flag are what they say.


@dataclass(frozen=True)
class Stream:
    """One canonical stream: its columns with their types, the required ones and the key.

    `key` names the columns that identify a row across deliveries; a later row with the same key supersedes.
    """

    name: str
    columns: dict[str, str]
    required: tuple[str, ...]
    key: tuple[str, ...]


def _stream(name: str, columns: str, required: str, key: str) -> Stream:
    pairs = {}
    for part in columns.split():
        column, _, kind = part.partition(":")
        pairs[column] = kind or "text"
    return Stream(name, pairs, tuple(required.split()), tuple(key.split()))


_ALL = [
    _stream(
        "participants",
        "participant_id:id name email role team_id:id manager_id:id hired_on:date left_on:date base_salary:money "
        "variable_pay:money salary_period currency locale effective_from:date",
        "participant_id role",
        "participant_id effective_from",
    ),
    _stream("teams", "team_id:id name parent_team_id:id region", "team_id", "team_id"),
    _stream(
        "absences",
        "participant_id:id from_date:date to_date:date kind",
        "participant_id from_date to_date",
        "participant_id from_date",
    ),
    _stream(
        "targets",
        "participant_id:id team_id:id kpi period value:number currency revision:integer revised_on:date reason",
        "kpi period value",
        "participant_id team_id kpi period revision",
    ),
    _stream(
        "accounts",
        "account_id:id name segment industry region owner_id:id created_on:date parent_account_id:id",
        "account_id",
        "account_id",
    ),
    _stream(
        "products",
        "product_id:id name product_line list_price:money unit_cost:money",
        "product_id",
        "product_id",
    ),
    _stream(
        "leads",
        "lead_id:id owner_id:id source created_on:date qualified_on:date converted_on:date deal_id:id lost_on:date",
        "lead_id created_on",
        "lead_id",
    ),
    _stream(
        "deals",
        "deal_id:id account_id:id owner_id:id product_id:id name stage status deal_type amount:money currency "
        "units:number cost:money list_amount:money created_on:date expected_close_on:date won_on:date lost_on:date "
        "term_months:integer contract_start_on:date cancelled_on:date renewal_of:id",
        "deal_id owner_id status",
        "deal_id",
    ),
    _stream(
        "deal_lines",
        "deal_id:id line:id product_id:id amount:money units:number cost:money list_amount:money",
        "deal_id line",
        "deal_id line",
    ),
    _stream(
        "deal_stages",
        "deal_id:id stage entered_at:instant stage_order:integer",
        "deal_id stage entered_at",
        "deal_id entered_at",
    ),
    _stream(
        "deal_splits",
        "deal_id:id participant_id:id share:share credit_role",
        "deal_id participant_id share",
        "deal_id participant_id credit_role",
    ),
    _stream(
        "activities",
        "activity_id:id participant_id:id kind occurred_at:instant account_id:id deal_id:id inquiry_at:instant "
        "responded_at:instant outcome",
        "activity_id participant_id kind occurred_at",
        "activity_id",
    ),
    _stream(
        "invoices",
        "invoice_id:id deal_id:id account_id:id invoiced_on:date due_on:date amount:money tax_amount:money currency "
        "status",
        "invoice_id invoiced_on amount",
        "invoice_id deal_id",
    ),
    _stream(
        "payments",
        "payment_id:id invoice_id:id deal_id:id paid_on:date amount:money tax_amount:money currency",
        "payment_id paid_on amount",
        "payment_id",
    ),
    _stream(
        "credit_notes",
        "credit_note_id:id invoice_id:id deal_id:id credited_on:date amount:money tax_amount:money reason",
        "credit_note_id credited_on amount",
        "credit_note_id",
    ),
    _stream(
        "renewals",
        "renewal_id:id account_id:id owner_id:id due_on:date value_due:money value_renewed:money decided_on:date",
        "renewal_id",
        "renewal_id",
    ),
    _stream("fx_rates", "currency rate_on:date rate:number", "currency rate_on rate", "currency rate_on"),
    _stream(
        "kpi_inputs",
        "participant_id:id team_id:id kpi period value:number numerator:number denominator:number source_ref",
        "kpi period value",
        "participant_id team_id kpi period",
    ),
    _stream("market_sizes", "region period value:money", "period value", "region period"),
    _stream(
        "survey_responses",
        "response_id:id survey question score:number scale_min:number scale_max:number account_id:id "
        "participant_id:id rater_id:id rater_group responded_on:date comment",
        "response_id survey question score responded_on",
        "response_id question",
    ),
    _stream(
        "training",
        "participant_id:id course topic assigned_on:date completed_on:date score:number",
        "participant_id course",
        "participant_id course",
    ),
    _stream(
        "objectives",
        "objective_id:id participant_id:id period title kind weight:share completion:share judged_by:id judged_on:date",
        "objective_id participant_id",
        "objective_id",
    ),
    _stream(
        "coaching",
        "session_id:id participant_id:id coach_id:id held_on:date notes_ref agreed_actions",
        "session_id participant_id",
        "session_id",
    ),
    _stream(
        "disputes",
        "dispute_id:id participant_id:id period line:integer source_ref question raised_on:date answer "
        "answered_on:date answered_by:id outcome",
        "dispute_id participant_id period question raised_on",
        "dispute_id",
    ),
]

STREAMS: dict[str, Stream] = {stream.name: stream for stream in _ALL}
