"""Random plans out of whatever the engine says it computes: a feature that is switched on is used from then on."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from attain.errors import InputError
from attain.plans.loader import plan_from_mapping
from attain.plans.support import unsupported

Written = dict[str, Any]

RATES = ["0.01", "0.02", "0.05", "0.08", "0.1", "0.125", "0.15", "0.0333333333", "0.5", "1"]
BOUNDS = {
    "amount": ["5000", "10000", "10000.01", "30000", "50000", "99999.99"],
    "units": ["2", "5", "10", "12"],
    "deals": ["1", "2", "3"],
    "attainment": ["0.25", "0.5", "0.8", "1", "1.2", "1.5"],
}
CURVES: list[Written | None] = [
    None,
    {"cap": "1.2"},
    {"floor": "0.5", "cap": "2"},
    {"points": [["0.5", "0.25"], ["1", "1"], ["1.5", "2.5"]], "interpolate": "linear", "beyond": "extend", "cap": "3"},
    {"points": [["0.3", "0.5"], ["1", "0.8"], ["1", "1"], ["1.2", "1.333"]], "interpolate": "linear", "beyond": "hold"},
    {"points": [["0.2", "0.4"], ["0.9", "1"]], "interpolate": "step", "below": "hold"},
]
_CHARGES = ("original_rate", "original_rate", "current_rate", "recompute_origin")
COUNT_CURVE = {"points": [["1", "0.5"], ["2", "1"], ["4", "3"]], "interpolate": "step", "beyond": "hold"}


def is_computed(plan: Written) -> bool:
    """Whether the plan is valid and the engine computes all of it."""
    try:
        return not unsupported(plan_from_mapping(plan, "history"))
    except InputError:
        return False


class PlanMaker:
    """Plans for one history."""

    def __init__(self, rng: Random, currency: str) -> None:
        self.rng = rng
        self.currency = currency

    def plan(self, name: str, role: str, start: str) -> Written:
        """A plan with one to three components."""
        plan: Written = {
            "plan": name,
            "effective_from": start,
            "currency": self.currency,
            "assign": [{"role": role}],
            "components": [self._commission(name)],
        }
        self._try(plan, self._with_proration, 0.6)
        self._try(plan, self._with_scorecard, 0.35)
        for _ in range(self.rng.choice([0, 0, 1, 1, 2])):
            self._try(plan, self._with_component, 1)
        for position in range(len(plan["components"])):
            for change in (self._with_credit, self._with_where, self._with_limits, self._with_gate):
                self._try(plan, lambda draft, change=change, n=position: change(draft, draft["components"][n]), 0.3)
            for change in (self._with_multiplier, self._with_clawback, self._with_pay):
                self._try(plan, lambda draft, change=change, n=position: change(draft, draft["components"][n]), 0.25)
        self._try(plan, self._with_deduction, 0.15)
        self._try(plan, self._with_draw, 0.2)
        return plan

    def _try(self, plan: Written, change: Callable[[Written], None], probability: float) -> None:
        """Keeps the change when the engine computes the changed plan."""
        if self.rng.random() >= probability:
            return
        draft = copy.deepcopy(plan)
        change(draft)
        if is_computed(draft):
            plan.clear()
            plan.update(draft)

    def _pick(self, *options: Any) -> Any:
        return copy.deepcopy(self.rng.choice(options))

    def _commission(self, plan: str) -> Written:
        measure = self._pick("bookings", "bookings", "bookings", "margin", "units", "deals")
        return {
            "id": f"{plan}-{measure}-{self.rng.randrange(1000)}",
            "type": "commission",
            "measure": measure,
            "accumulate": self._pick("month", "month", "quarter", "year", "transaction"),
            "rates": self._rates(measure),
        }

    def _rates(self, measure: str) -> Written:
        on = self._pick("amount", "attainment", "attainment", "units", "deals")
        if measure != "bookings" and on != "attainment":
            on = {"margin": "amount"}.get(measure, measure)
        mode = self._pick("marginal", "marginal", "whole", "top_rate_on_overage")
        if mode == "top_rate_on_overage" and on != "attainment":
            mode = "marginal"
        bounds = sorted(self.rng.sample(BOUNDS[on], self.rng.choice([0, 1, 1, 2])), key=float)
        rates = RATES if measure in ("bookings", "margin") else ["10", "25", "12.345", "100.5"]
        tiers = [{"from": start, "rate": self._pick(*rates)} for start in ["0", *bounds]]
        for tier in tiers[1:]:
            if mode == "marginal" and self.rng.random() < 0.25:
                tier["retroactive"] = "true"
        written: Written = {"on": on, "mode": mode, "tiers": tiers}
        if on == "attainment":
            written["quota"] = measure if measure in ("margin", "units") else "bookings"
        return written

    def _with_component(self, draft: Written) -> None:
        kind = self._pick("commission", "bonus", "bonus", "matrix", "spiff", "override", "contest", "pool")
        part = getattr(self, f"_{kind}")(draft["plan"])
        if part["type"] == "override":
            part["of"] = [draft["components"][0]["id"]]
        if (kind == "bonus" and part["payout"]["on"] == "score") or part.get("share_by") == "score":
            if not draft.get("scorecard"):
                self._with_scorecard(draft)
            part["period"] = draft["scorecard"]["period"]
        draft["components"].append(part)

    def _bonus(self, plan: str) -> Written:
        payout = self._pick(
            {"on": "score"},
            {"on": "attainment", "kpi": "bookings"},
            {"on": "attainment", "kpi": "units"},
            {"on": "kpi", "kpi": "contract_count", "curve": COUNT_CURVE},
        )
        if "curve" not in payout and (curve := self._pick(*CURVES)):
            payout["curve"] = curve
        target = self._pick(
            "1000", "333.33", {"of": "variable_pay", "share": "0.3"}, {"of": "base_salary", "share": "0.07"}
        )
        period = self._pick("month", "month", "quarter")
        name = f"{plan}-bonus-{self.rng.randrange(1000)}"
        return {"id": name, "type": "bonus", "target_pay": target, "period": period, "payout": payout}

    def _matrix(self, plan: str) -> Written:
        return {
            "id": f"{plan}-matrix-{self.rng.randrange(1000)}",
            "type": "matrix",
            "period": self._pick("month", "quarter"),
            "rows": {"kpi": "bookings", "from": ["1000", "10000", "40000"]},
            "columns": {"kpi": "contract_count", "from": ["1", "3"]},
            "payout": [["0.1", "0.25"], ["0.5", "0.75"], ["1", "1.5"]],
            "lookup": self._pick("floor", "linear"),
            "target_pay": "1000",
        }

    def _spiff(self, plan: str) -> Written:
        part = {
            "id": f"{plan}-spiff-{self.rng.randrange(1000)}",
            "type": "spiff",
            "amount": self._pick("500", "33.335"),
            "per": self._pick("deal", "unit"),
        }
        if self.rng.random() < 0.5:
            part["limit"] = self._pick("1", "2", "3")
        return part

    def _contest(self, plan: str) -> Written:
        return {
            "id": f"{plan}-contest-{self.rng.randrange(1000)}",
            "type": "contest",
            "kpi": "bookings",
            "period": "month",
            "within": self._pick("company", "role", "team"),
            "prizes": self._pick(["1000"], ["1000", "500.01"], ["300", "200", "100"]),
            "minimum_value": self._pick("1", "10000"),
            "after_close": self._pick("frozen", "recompute"),
        }

    def _pool(self, plan: str) -> Written:
        return {
            "id": f"{plan}-pool-{self.rng.randrange(1000)}",
            "type": "pool",
            "period": "month",
            "amount": self._pick("1000", "100.01", {"rate": "0.01", "of": "bookings"}),
            "share_by": self._pick("score", "equal", "salary"),
            "within": "team",
            "after_close": self._pick("frozen", "recompute"),
        }

    def _override(self, plan: str) -> Written:
        return {
            "id": f"{plan}-override-{self.rng.randrange(1000)}",
            "type": "override",
            "base": self._pick("credits", "earnings"),
            "levels": self._pick({"1": "0.1"}, {"1": "0.1", "2": "0.05"}),
            "subtract_lower": self._pick("true", "false"),
        }

    def _with_draw(self, draft: Written) -> None:
        draw = {
            "id": f"{draft['plan']}-draw",
            "type": "draw",
            "amount": self._pick("500", "2000", "1234.56"),
            "period": "month",
        }
        draw["recoverable"] = self._pick("true", "true", "false")
        draft["components"].append(draw)

    def _with_deduction(self, draft: Written) -> None:
        amount = self._pick({"amount": "100"}, {"amount": "2000"}, {"share": "0.1"}, {"amount": "300", "floor": "-100"})
        when = {"kpi": "bookings", "at_most": self._pick("1000", "10000")}
        if draft.get("scorecard") and self.rng.random() < 0.5:
            when = {"grade": self._pick(["C"], ["B", "C"])}
        draft["components"].append({"id": f"{draft['plan']}-deduction", "type": "deduction", "when": when, **amount})

    def _with_proration(self, draft: Written) -> None:
        draft["proration"] = {
            "by": self._pick("calendar_days", "work_days", "months"),
            "start_day": self._pick("inclusive", "exclusive"),
            "absences": self._pick([], ["sick"]),
        }

    def _with_scorecard(self, draft: Written) -> None:
        draft["scorecard"] = {
            "period": self._pick("month", "month", "quarter"),
            "missing": self._pick("zero", "hold", "redistribute"),
            "measures": [
                {"kpi": "bookings", "weight": "0.6", "target": "40000", "curve": {"cap": "1.5"}},
                {"kpi": self._pick("units", "csat"), "weight": "0.4", "target": "0.8", "curve": {"cap": "1.25"}},
            ],
            "grades": [{"grade": "A", "from": "1"}, {"grade": "B", "from": "0.5"}, {"grade": "C", "from": "0"}],
        }

    def _with_credit(self, _: Written, part: Written) -> None:
        if part["type"] in ("commission", "spiff"):
            part["credit"] = self._pick(
                {"owner": "0.5"}, {"split": "false"}, {"overlay": {"se": "0.2"}}, {"owner": "0", "rollup": "manager"},
                {"rollup": "manager"}, {"owner": "0", "rollup": "direct"}, {"owner": "0", "overlay": {"se": "0.333"}},
            )  # fmt: skip

    def _with_where(self, _: Written, part: Written) -> None:
        if part["type"] == "override":
            return
        part["where"] = self._pick({"deal_type": ["new"]}, {"deal_type": ["new", "renewal"]}, {"product_line": ["GTX"]})

    def _with_limits(self, _: Written, part: Written) -> None:
        limits: list[Written] = [
            {"minimum": "700"},
            {"minimum": {"amount": "250.5", "always": "true"}},
            {"minimum": {"amount": "99.99", "on_negative": "true"}},
            {"cap": "1500"},
            {"cap": {"of": "target_pay", "share": "0.25"}},
            {"cap": {"of": "target_pay", "share": "1.5"}, "target_pay": "1000"},
            {"minimum": "400", "cap": "2000.02"},
        ]
        chosen = self._pick(*limits)
        part.update(chosen if part.get("target_pay") is None else {**chosen, "target_pay": part["target_pay"]})

    def _with_gate(self, _: Written, part: Written) -> None:
        part["gate"] = {
            "kpi": "quota_attainment",
            "at_least": self._pick("0.5", "1"),
            "over": self._pick("period", "period", "year_to_date", "full_year"),
            "else": self._pick(
                "nothing", {"factor": "0.5"}, {"payout_at_most": "300"}, {"rate_at_most": "0.03"},
                {"payout_at_most": {"of": "target_pay", "share": "0.1"}},
            ),
        }  # fmt: skip

    def _with_multiplier(self, draft: Written, part: Written) -> None:
        if (part.get("accumulate") or part.get("period") or "month") not in ("month", "transaction"):
            return
        if self.rng.random() < 0.5 and (draft.get("scorecard") or {}).get("period") == "month":
            grade = {"by": "grade", "factors": {"A": "1.3", "B": "1", "C": "0.25"}}
            part["multiplier"] = self._pick(grade, {"by": "score", "curve": {"cap": "1.2"}})
        else:
            part["multiplier"] = {"by": "attainment", "kpi": "bookings", "curve": {"floor": "0.2", "cap": "1.5"}}

    def _with_pay(self, _: Written, part: Written) -> None:
        halves = [{"after_days": "0", "share": "0.5"}, {"after_days": "40", "share": "0.5"}]
        thirds = [{"after_days": "10", "share": "0.3"}, {"after_days": "31", "share": "0.7"}]
        part["pay"] = self._pick(
            {"when": "invoiced"},
            {"when": "collected"},
            {"when": "collected"},
            {"when": "invoiced", "instalments": thirds},
            {"when": "collected", "holdback": {"share": "0.25", "release_after_days": "20"}},
            {"holdback": {"share": "0.3", "release_after_days": "45"}},
            {"instalments": halves},
        )

    def _with_clawback(self, _: Written, part: Written) -> None:
        if part["type"] in ("commission", "spiff"):
            part["clawback"] = {
                "on": self._pick(["cancel"], ["refund"], ["cancel", "credit_note"]),
                "charge": self._pick(*_CHARGES) if part["type"] == "commission" else "original_rate",
                "share": self._pick("1", "0.5"),
            }
