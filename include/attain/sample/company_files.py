"""The hand-kept files of the sample company: company.yml, its plans, and worked examples of those plans."""

from __future__ import annotations

from pathlib import Path
from string import Template

from attain.sample.scale import Scale

COMPANY_NAME = "恒岳装备 Hengyue Equipment"

_COMPANY = Template("""\
name: $name
currency: CNY
time_zone: Asia/Shanghai
fiscal_year_start: 1
first_period: $first_period
locale: en
rounding: half_up
retro_window: 24
keep_sets: 5
# Measured for everybody, beside what the plans ask for.
kpis: [bookings, contract_count, average_deal_size, billings, collections, collection_rate, margin, gross_margin, units,
  discount_rate, new_customers, win_rate, win_rate_value, sales_cycle, stage_conversion, activities, csat, nps]
""")

_MANAGERS = Template("""\
# The classic manager's scorecard: growth 50 %, new customers 30 %, satisfaction 20 %.
plan: managers
name: {en: Sales managers, zh: 销售管理者}
effective_from: $first_year-01-01
currency: CNY
assign: [{role: sales_manager}, {role: sales_director}]
scorecard:
  period: month
  missing: redistribute
  measures:
    - kpi: bookings_growth
      perspective: financial
      weight: 0.5
      target: 0.20
      scope: team
      # x is growth / target: -1 is 20 % down on last year, 0 as much as last year, 1 is 20 % up.
      curve: {points: [[-2, 0.6], [0, 0.85], [1, 1.0], [3, 1.2]], interpolate: linear, below: hold, beyond: hold}
    - kpi: new_customers
      perspective: customer
      weight: 0.3
      scope: team
      curve: {points: [[0, 0.6], [1, 1.0], [2, 1.2]], interpolate: linear, beyond: hold}
    - kpi: csat
      perspective: customer
      weight: 0.2
      target: 0.90
      scope: team
      variant: top2
      curve: {floor: 0.5, cap: 1.1}
  gates:
    - {kpi: collection_rate, variant: due, scope: team, at_least: 0.6, else: {grade_at_most: B}}
  grades: [{grade: S, from: 1.1}, {grade: A, from: 1.0}, {grade: B, from: 0.85}, {grade: C, from: 0.6}, {grade: D, from: 0}]
components:
  - id: score_bonus
    name: {en: Bonus on the score, zh: 绩效奖金}
    type: bonus
    period: month
    target_pay: {of: variable_pay, share: 1.0}
    payout:
      on: score
      curve: {points: [[0.6, 0.5], [0.85, 0.85], [1.0, 1.0], [1.2, 1.5]], interpolate: linear, beyond: hold}
    cap: {of: target_pay, share: 1.5}
""")

_ACCOUNT_EXECUTIVES = Template("""\
# Commission on every won deal, faster above quota; a monthly extra for service contracts; a quarterly bonus on quality.
plan: ae
name: {en: Account executives, zh: 客户经理}
effective_from: $year-01-01
currency: CNY
assign: [{role: ae}]
proration: {by: calendar_days, start_day: inclusive, absences: [parental, sick]}
scorecard:
  period: quarter
  missing: redistribute
  measures:
    - {kpi: quota_attainment, perspective: financial, weight: 0.5, target: 1, curve: {floor: 0.5, cap: 1.3}}
    - {kpi: win_rate, perspective: process, weight: 0.2, target: 0.40, curve: {cap: 1.3}}
    - {kpi: csat, perspective: customer, weight: 0.2, target: 0.90, curve: {cap: 1.1}}
    - {kpi: objectives, perspective: capability, weight: 0.1, target: 0.85, curve: {cap: 1.15}}
  gates:
    - {kpi: collection_rate, variant: due, at_least: 0.6, else: {grade_at_most: B}}
  grades: [{grade: S, from: 1.1}, {grade: A, from: 1.0}, {grade: B, from: 0.85}, {grade: C, from: 0.6}, {grade: D, from: 0}]
components:
  - id: accelerator
    name: {en: Commission with accelerator, zh: 阶梯提成}
    type: commission
    measure: bookings
    accumulate: quarter
    rates:
      on: attainment
      quota: bookings
      mode: marginal
      tiers: [{from: 0, rate: $rate_1}, {from: 1.0, rate: $rate_2}, {from: 1.2, rate: $rate_3}]
    cap: 200000
  - id: service_contracts
    name: {en: Service contracts, zh: 维保合同奖}
    type: commission
    measure: bookings
    where: {product_line: [SERVICE]}
    accumulate: month
    rates:
      on: amount
      mode: whole
      tiers: [{from: 0, rate: 0.01}, {from: 200000, rate: 0.015}]
    minimum: 300
    cap: 8000
  - id: quality_bonus
    name: {en: Quality bonus, zh: 质量奖金}
    type: bonus
    period: quarter
    target_pay: {of: variable_pay, share: 0.2}
    payout:
      on: score
      curve: {points: [[0.6, 0.5], [1.0, 1.0], [1.2, 1.4]], interpolate: linear, beyond: hold}
""")

_PRESALES = Template("""\
# Sales engineers and sales development: a bonus on activity, and a little for every unit of a deal they shared in.
plan: presales
name: {en: Presales, zh: 售前与线索开发}
effective_from: $first_year-01-01
currency: CNY
assign: [{role: se}, {role: sdr}]
scorecard:
  period: month
  missing: redistribute
  measures:
    - {kpi: activities, perspective: process, weight: 0.7, curve: {floor: 0.5, cap: 1.3}}
    - {kpi: csat, perspective: customer, weight: 0.3, target: 0.90, scope: team, curve: {cap: 1.1}}
  grades: [{grade: S, from: 1.1}, {grade: A, from: 1.0}, {grade: B, from: 0.85}, {grade: C, from: 0.6}, {grade: D, from: 0}]
components:
  - id: activity_bonus
    name: {en: Activity bonus, zh: 活动量奖金}
    type: bonus
    period: month
    target_pay: {of: variable_pay, share: 0.6}
    payout: {on: attainment, kpi: activities, curve: {floor: 0.6, cap: 1.2}}
  - id: shared_units
    name: {en: Units of shared deals, zh: 联合成交台数奖}
    type: commission
    measure: units
    accumulate: month
    rates:
      on: units
      mode: marginal
      tiers: [{from: 0, rate: 150}, {from: 10, rate: 220}]
    cap: 6000
""")

_EXAMPLE_ACCELERATOR = Template("""\
example: an account executive's quarter above quota
source: designed for this company
why: >-
  every month pays what the quarter has earned so far minus what was earned before; only the slices above 100 % and
  120 % of the quota get the higher rates
plan: ae
given:
  participants: [{participant_id: lin, role: ae, hired_on: 2020-01-01, base_salary: 150000, variable_pay: 100000}]
  targets: [{participant_id: lin, kpi: bookings, period: $year-Q1, value: 3000000}]
  deals:
    - {deal_id: d1, owner_id: lin, status: won, won_on: $year-01-20, amount: 2400000}
    - {deal_id: d2, owner_id: lin, status: won, won_on: $year-02-10, amount: 900000}
    - {deal_id: d3, owner_id: lin, status: won, won_on: $year-03-31, amount: 600000}
close: [$year-01, $year-02, $year-03]
expect:
  payouts:
    - {participant_id: lin, period: $year-01, component: accelerator, earned: 19200.00, payable: 19200.00}
    - {participant_id: lin, period: $year-02, component: accelerator, earned: 8400.00, payable: 8400.00}
    - {participant_id: lin, period: $year-03, component: accelerator, earned: 8400.00, payable: 8400.00}
  earnings:
    - {participant_id: lin, component: accelerator, origin_period: $year-02, transaction_id: d2, tier_from: 0, basis_amount: 600000, rate: 0.008, amount: 4800}
    - {participant_id: lin, component: accelerator, origin_period: $year-02, transaction_id: d2, tier_from: 1.0, basis_amount: 300000, rate: 0.012, amount: 3600}
""")

_EXAMPLE_SERVICE = Template("""\
example: service contracts between minimum and cap
source: designed for this company
why: whole-amount tiers - 18,000 earns 180 and is lifted to 300; 250,000 earns 1.5 % of all of it; 700,000 would earn 10,500
plan: ae
given:
  products: [{product_id: care, product_line: SERVICE}]
  participants:
    - {participant_id: ann, role: ae, hired_on: 2020-01-01, base_salary: 150000, variable_pay: 100000}
    - {participant_id: bob, role: ae, hired_on: 2020-01-01, base_salary: 150000, variable_pay: 100000}
    - {participant_id: cyd, role: ae, hired_on: 2020-01-01, base_salary: 150000, variable_pay: 100000}
  targets:
    - {participant_id: ann, kpi: bookings, period: $year-Q1, value: 3000000}
    - {participant_id: bob, kpi: bookings, period: $year-Q1, value: 3000000}
    - {participant_id: cyd, kpi: bookings, period: $year-Q1, value: 3000000}
  deals:
    - {deal_id: s1, owner_id: ann, product_id: care, status: won, won_on: $year-01-09, amount: 18000}
    - {deal_id: s2, owner_id: bob, product_id: care, status: won, won_on: $year-01-09, amount: 250000}
    - {deal_id: s3, owner_id: cyd, product_id: care, status: won, won_on: $year-01-09, amount: 700000}
close: $year-01
expect:
  payouts:
    - {participant_id: ann, period: $year-01, component: service_contracts, payable: 300.00}
    - {participant_id: bob, period: $year-01, component: service_contracts, payable: 3750.00}
    - {participant_id: cyd, period: $year-01, component: service_contracts, payable: 8000.00}
""")

_EXAMPLE_MANAGER = Template("""\
example: a manager on target whose customers do not pay
source: designed for this company
why: all three measures are exactly on target (score 1, raw grade A), but only half of what was due came in - grade B
plan: managers
given:
  teams: [{team_id: T1, name: team one}]
  participants:
    - {participant_id: mia, role: sales_manager, team_id: T1, hired_on: 2020-01-01, base_salary: 300000, variable_pay: 120000}
    - {participant_id: lin, role: ae, team_id: T1, manager_id: mia, hired_on: 2020-01-01}
  targets: [{team_id: T1, kpi: new_customers, period: $year-02, value: 2}]
  deals:
    - {deal_id: d0, owner_id: lin, account_id: old, status: won, won_on: $last_year-02-14, amount: 1000000}
    - {deal_id: d1, owner_id: lin, account_id: new-1, status: won, won_on: $year-02-03, amount: 700000}
    - {deal_id: d2, owner_id: lin, account_id: new-2, status: won, won_on: $year-02-25, amount: 500000}
  invoices: [{invoice_id: i1, deal_id: d1, invoiced_on: $year-02-04, due_on: $year-02-20, amount: 700000}]
  payments: [{payment_id: p1, invoice_id: i1, deal_id: d1, paid_on: $year-02-18, amount: 350000}]
  survey_responses:
$answers
close: $year-02
expect:
  scores: [{participant_id: mia, period: $year-02, score: 1.0, raw_grade: A, grade: B}]
  score_lines:
    - {participant_id: mia, period: $year-02, measure: bookings_growth, value: 0.2, attainment: 1.0, points: 1.0}
    - {participant_id: mia, period: $year-02, measure: new_customers, value: 2, target: 2, points: 1.0}
    - {participant_id: mia, period: $year-02, measure: csat, value: 0.9, points: 1.0}
  payouts: [{participant_id: mia, period: $year-02, component: score_bonus, payable: 10000.00}]
""")


def write_company_files(folder: Path, scale: Scale) -> None:
    """Write company.yml, plans/ and examples/ below `folder`; plans begin with the window's first year."""
    year, first_year = scale.until.year, scale.first_day.year
    files = {
        "company.yml": _COMPANY.substitute(name=COMPANY_NAME, first_period=scale.first_period),
        "plans/managers.yml": _MANAGERS.substitute(first_year=first_year),
        "plans/presales.yml": _PRESALES.substitute(first_year=first_year),
        f"plans/ae-{year}.yml": _ACCOUNT_EXECUTIVES.substitute(
            year=year, rate_1="0.008", rate_2="0.012", rate_3="0.016"
        ),
        "examples/accelerator.yml": _EXAMPLE_ACCELERATOR.substitute(year=year),
        "examples/service_contracts.yml": _EXAMPLE_SERVICE.substitute(year=year),
        "examples/manager_gate.yml": _EXAMPLE_MANAGER.substitute(
            year=year, last_year=year - 1, answers=_answers(year)
        ),
    }
    if first_year < year:  # the version before the accelerator was made steeper
        files[f"plans/ae-{first_year}.yml"] = _ACCOUNT_EXECUTIVES.substitute(
            year=first_year, rate_1="0.008", rate_2="0.010", rate_3="0.013"
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _answers(year: int) -> str:
    """Ten answers of February, nine of them among the two best."""
    lines = [
        f"    - {{response_id: r{number}, survey: csat, question: overall, score: {2 if number == 10 else 5}, "
        f"participant_id: lin, responded_on: {year}-02-{number + 10}}}"
        for number in range(1, 11)
    ]
    return "\n".join(lines)
