"""Schemas of the tables that plans are flattened into (schema `inputs`); every table in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

TEXT = pa.string()
DAY = pa.date32()
NUMBER = pa.int32()
FLAG = pa.bool_()
RATIO = pa.decimal128(13, 10)
MONEY = pa.decimal128(24, 6)
WIDE = pa.decimal128(24, 10)

Row = dict[str, Any]

_BY_NAME = {"T": TEXT, "D": DAY, "N": NUMBER, "F": FLAG, "R": RATIO, "M": MONEY, "W": WIDE}

# `column` is text, `column:X` of the type X above; columns marked with ! are never null.
_COLUMNS = {
    "plans": """
        plan_version_id! plan! effective_from:D! effective_to:D name_en! name_zh! currency! proration_by!
        proration_start_day! fx_rate! fingerprint!""",
    "plan_absences": "plan_version_id! kind!",
    "plan_assignments": "plan_version_id! plan! level:N! member_id!",
    "plan_fx_rates": "plan_version_id! currency! rate:M!",
    "scorecards": "plan_version_id! period_kind! missing! calibrate_within calibrate_after_close!",
    "scorecard_measures": """
        plan_version_id! measure! position:N! kpi! perspective! weight:R! target:M scope! variant! slice!
        direction! inverse of_kpi curve_id!""",
    "scorecard_gates": """
        plan_version_id! gate_no:N! kpi! variant! slice! scope! of_kpi comparison! threshold:W!
        grade_at_most!""",
    "scorecard_grades": "plan_version_id! grade! grade_rank:N! from_score:R!",
    "scorecard_distribution": "plan_version_id! grade! grade_rank:N! cumulative_share:R!",
    "components": """
        plan_version_id! plan! component! position:N! type! name_en! name_zh! measure slice! accumulate
        rate_on quota_kpi mode credit_owner:R! credit_split:F! rollup! period_kind
        target_pay_amount:M target_pay_of target_pay_share:R
        payout_on payout_curve_id
        minimum_amount:M minimum_always:F! minimum_on_negative:F! cap_amount:M cap_of cap_share:R
        gate_kpi gate_variant gate_scope gate_of_kpi gate_comparison gate_threshold:W gate_over
        gate_else gate_value:W gate_of gate_share:R
        multiplier_by multiplier_kpi multiplier_variant multiplier_scope multiplier_of_kpi
        multiplier_component multiplier_curve_id pay_when! is_frozen_after_close:F!""",
    "component_factors": "plan_version_id! component! grade! factor:R!",
    "component_tiers": """
        plan_version_id! component! tier_no:N! from_amount:M from_ratio:R to_amount:M to_ratio:R rate:W
        rate_of rate_per is_retroactive:F!""",
    "component_overlays": "plan_version_id! component! role! share:R!",
    "component_kpis": "plan_version_id! component! use! kpi! variant! slice! scope! reads!",
    "matrices": "plan_version_id! component! lookup!",
    "matrix_cells": """
        plan_version_id! component! row_from:W! row_to:W column_from:W! column_to:W payout:R! next_row_payout:R!
        next_column_payout:R! next_both_payout:R!""",
    "spiffs": "plan_version_id! component! amount:M! per! from_day:D to_day:D at_most:N",
    "contests": "plan_version_id! component! within! minimum_value:W is_lower_better:F!",
    "contest_prizes": "plan_version_id! component! place:N! prize:M!",
    "pools": "plan_version_id! component! amount:M rate:R share_by! within!",
    "overrides": "plan_version_id! component! base! subtract_lower:F!",
    "override_levels": "plan_version_id! component! level:N! rate:R!",
    "override_bases": "plan_version_id! component! of_plan! of_component!",
    "awards": """
        plan_version_id! component! title_en! title_zh! points:M top:N within! is_lower_better:F comparison
        threshold:W""",
    "award_grades": "plan_version_id! component! grade!",
    "pay_terms": "plan_version_id! component! pay_when! leavers!",
    "pay_instalments": "plan_version_id! component! after_days:N! share:R!",
    "clawbacks": """
        plan_version_id! component! charge! within_days:N share:R on_refund:F! on_cancel:F! on_credit_note:F!""",
    "draws": """
        plan_version_id! component! amount:M! is_recoverable:F! is_forgiven_at_year_end:F! is_charged_on_leave:F!""",
    "deductions": """
        plan_version_id! component! amount:M share:R floor:M! comparison threshold:W""",
    "deduction_grades": "plan_version_id! component! grade!",
    "component_of": "plan_version_id! component! of_plan! of_component!",
    "curves": "curve_id! floor:W cap:R",
    "curve_segments": "curve_id! segment_no:N! x_from:W x_to:W x_anchor:W! y_anchor:W! dy:W! dx:W!",
    "slices": "slice!",
    "slice_filters": "slice! field! value!",
    "kpi_requests": "kpi! variant! slice!",
}


def _field(column: str) -> pa.Field:
    name, _, kind = column.rstrip("!").partition(":")
    return pa.field(name, _BY_NAME[kind or "T"], nullable=not column.endswith("!"))


SCHEMAS: dict[str, pa.Schema] = {
    table: pa.schema([_field(column) for column in columns.split()]) for table, columns in _COLUMNS.items()
}


def table(name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows as the table `name`; a column left out is null. Raises ValueError for an unknown column."""
    schema = SCHEMAS[name]
    listed = list(rows)
    for row in listed:
        unknown = row.keys() - set(schema.names)
        if unknown:
            raise ValueError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pa.Table.from_pylist(listed, schema=schema)
