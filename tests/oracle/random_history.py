"""Random histories: people, deals, targets and money that come, change and go between closes, as worked examples."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.companies import Given, Row, Setting
from tests.oracle.months import Fiscal, first_day, last_day, month_key
from tests.oracle.random_plans import PlanMaker

CENT = 100
ZERO = Decimal(0)


def history(number: int, company: Setting) -> Row:
    """History `number` of a company: the document of a worked example without its `expect`.

    Its ids end in its number, so that many histories can be one company's.
    """
    return _Maker(number, company).document()


class _Maker:
    def __init__(self, number: int, company: Setting) -> None:
        self.rng = Random(f"history {number}")
        self.number = number
        self.company = company
        self.months = company.months
        self.start = self.months[0]
        self.places = 0 if company.plan_currency == "JPY" else 2
        self.names = [self._id(name) for name in ("ann", "bob", "cyd")]
        self.plans = self._plans()
        self.people: dict[str, Row] = {}
        self.deals: dict[str, Row] = {}
        self.lined: set[str] = set()
        self.count = 0

    def _id(self, name: str) -> str:
        return f"{name}-{self.number}"

    def document(self) -> Row:
        """Steps with changes landing before their closes."""
        steps: list[Row] = []
        for closes in self.company.closes:
            given = self._later(closes[-1]) if steps else self._first(closes[-1])
            given = {stream: rows for stream, rows in given.items() if rows}
            steps.append({"given": given, "close": [month_key(month) for month in closes]})
        return {
            "example": f"history {self.number}", "source": "a random history",
            "why": "the engine and the oracle must agree to the cent",
            "plan": self.plans, "company": self.company.company, "steps": steps,
        }  # fmt: skip

    def _plans(self) -> list[Row]:
        maker = PlanMaker(self.rng, self.company.plan_currency)
        plans = [maker.plan(self._id("a"), self._id("ae"), "2024-01-01")]
        if self._chance(0.35):
            plans.append(maker.plan(self._id("b"), self._id("am"), "2024-01-01"))
        if self._chance(0.2):
            month = self._pick(*self.months)
            day = first_day(month).replace(day=self._pick(1, 1, 15))
            plans.append(maker.plan(self._id("a"), self._id("ae"), day.isoformat()))
        return plans

    def _first(self, until: int) -> Given:
        given: Given = {"participants": [], "targets": [], "absences": [], "products": [], "fx_rates": []}
        given["products"] = [{"product_id": self._id("p1"), "product_line": "GTX"}]
        given["products"].append({"product_id": self._id("p2"), "product_line": "MG"})
        if self._chance(0.35):
            top = self._id("top")
            given["teams"] = [{"team_id": top}, {"team_id": self._id("t1"), "parent_team_id": top}]
        days = (dt.date(2025, 1, 1), first_day(self.start), first_day(self.start + 1).replace(day=10))
        for day, rate in zip(days, ("7", "7.123456", "6.95"), strict=True):
            given["fx_rates"].append({"currency": "USD", "rate_on": day.isoformat(), "rate": rate})
        for person in self.names[: self._pick(2, 2, 3)]:
            given["participants"] += self._person(person)
            given["targets"] += self._targets(person)
            if self._chance(0.3):
                day = self._day(self._pick(*self.months))
                end = day + dt.timedelta(days=self._pick(0, 5, 20, 40))
                row = {"from_date": day.isoformat(), "to_date": end.isoformat(), "kind": self._pick("sick", "holiday")}
                given["absences"].append({"participant_id": person, **row})
        self._add_deals(given, self._pick(3, 5, 7), until)
        return given

    def _person(self, person: str) -> list[Row]:
        row = {
            "participant_id": person, "role": self._id(self._pick("ae", "ae", "am")),
            "team_id": self._id(self._pick("t1", "t1", "t2")),
            "hired_on": "2020-01-01", "base_salary": self._pick("120000", "100000", "48001"),
            "variable_pay": self._pick("60000", "12345.67"),
        }  # fmt: skip
        if self._chance(0.25):
            row["hired_on"] = self._day(self._pick(*self.months)).isoformat()
        if self._chance(0.2):
            row["left_on"] = self._day(self._pick(*self.months)).isoformat()
            row["left_on"] = max(row["left_on"], row["hired_on"])
        position = self.names.index(person)
        if position:
            row["manager_id"] = self._pick(self.names[0], self.names[position - 1])
        if self._chance(0.15):
            row["salary_period"] = "month"
            row["base_salary"], row["variable_pay"] = "8000", "2500.5"
        self.people[person] = row
        rows = [row]
        if self._chance(0.3):
            day = self._day(self._pick(*self.months))
            if day.isoformat() > row["hired_on"]:
                key, value = self._pick(
                    ("role", "am"), ("role", "ae"), ("role", "none"), ("team_id", "t2"), ("manager_id", "cyd")
                )
                if person != self._id(value):
                    rows.append({**row, "effective_from": day.isoformat(), key: self._id(value)})
        return rows

    def _targets(self, person: str) -> list[Row]:
        fiscal = Fiscal(int(self.company.company["fiscal_year_start"]))
        kind = self._pick("month", "quarter", "year", None)
        rows: list[Row] = []
        if kind is None:
            return rows
        size = {"month": 1, "quarter": 3, "year": 12}[kind]
        spans = {fiscal.key(fiscal.window(kind, month)) for month in self.months}
        for kpi, base in (("bookings", 30000), ("units", 10), ("margin", 9000)):
            for span in sorted(spans):
                value = base * size * self._pick(1, 1, 2) + self._pick(0, 0, 1)
                rows.append({"participant_id": person, "kpi": kpi, "period": span, "value": str(value)})
        if self._chance(0.3):
            revised = {**self._pick(*rows), "revision": "2", "value": str(20000 * size)}
            if revised["kpi"] == "bookings":
                rows.append({**revised, "revised_on": self._day(self._pick(*self.months)).isoformat()})
        if size > 1 and self._chance(0.25):
            month = month_key(self._pick(*self.months))
            rows.append({"participant_id": person, "kpi": "bookings", "period": month, "value": "35000"})
        return rows

    def _later(self, until: int) -> Given:
        given: Given = {"participants": [], "targets": []}
        self._add_deals(given, self._pick(1, 2, 4), until)
        for _ in range(self._pick(0, 1, 1, 2, 3)):
            self._change_deal(given)
        for deal in list(self.deals.values()):
            if self._chance(0.25) and float(deal["amount"]) > 0:
                self._pay(given, deal)
        if self._chance(0.2):
            person = self._pick(*self.people)
            row = {"kpi": "bookings", "period": month_key(self._pick(*self.months)), "value": "25000", "revision": "3"}
            row["revised_on"] = last_day(until).replace(day=self._pick(3, 12)).isoformat()
            given["targets"].append({"participant_id": person, **row})
        return given

    def _add_deals(self, given: Given, count: int, until: int) -> None:
        for _ in range(count):
            owner = self._pick(*self.people)
            day = self._working_day(owner, until)
            if day is None:
                continue
            self.count += 1
            deal_id = self._id(f"d{self.count}")
            deal = {
                "deal_id": deal_id, "owner_id": owner, "won_on": day.isoformat(), "amount": self._amount(),
                "units": str(self._pick(0, 1, 2, 5, 8)), "cost": self._money(0, 9000),
                "deal_type": self._pick("new", "renewal", "expansion"), "product_id": self._id(self._pick("p1", "p2")),
            }  # fmt: skip
            if self._chance(0.15):
                deal.update(currency="USD", amount=f"{self.rng.randrange(1, 900000) / CENT:.2f}")
            self.deals[deal_id] = deal
            given.setdefault("deals", []).append(deal)
            if self._chance(0.2):
                self._add_lines(given, deal)
            if self._chance(0.3):
                self._add_splits(given, deal)
            self._add_money(given, deal, until)

    def _add_lines(self, given: Given, deal: Row) -> None:
        total = ZERO
        for line in ("1", "2", "3")[: self._pick(2, 3)]:
            row = {"line": line, "product_id": self._id(self._pick("p1", "p2")), "amount": self._money(-2000, 20000)}
            row.update(units="2", cost=self._money(0, 3000))
            total += Decimal(row["amount"])
            given.setdefault("deal_lines", []).append({"deal_id": deal["deal_id"], **row})
        deal["amount"] = str(total)
        self.lined.add(deal["deal_id"])

    def _add_splits(self, given: Given, deal: Row) -> None:
        kind = self._pick(
            ["0.5", "0.5"],
            ["0.3", "0.7"],
            ["0.3333333333", "0.6666666667"],
            ["0.333", "0.333", "0.334"],
            ["0.6", "0.3"],
        )
        names = self.rng.sample(sorted(self.people), min(len(kind), len(self.people)))
        if len(names) < len(kind):
            return
        if not all(self._is_employed(name, dt.date.fromisoformat(deal["won_on"])) for name in names):
            return
        if sum(map(float, kind)) < 0.99 and not self._chance(0.2):
            return
        for name, share in zip(names, kind, strict=True):
            row = {"deal_id": deal["deal_id"], "participant_id": name, "share": share, "credit_role": "owner"}
            given.setdefault("deal_splits", []).append(row)
        if self._chance(0.5):
            name = self._pick(*self.people)
            overlay = {
                "deal_id": deal["deal_id"],
                "participant_id": name,
                "share": self._pick("1", "0.5"),
                "credit_role": "se",
            }
            given["deal_splits"].append(overlay)

    def _add_money(self, given: Given, deal: Row, until: int) -> None:
        """Invoices, payments, refunds, credit notes and a cancellation, some of them before the deal is known."""
        if self._chance(0.3) or float(deal["amount"]) <= 0:
            return
        self._pay(given, deal)
        if self._chance(0.15):
            deal["cancelled_on"] = self._after(deal).isoformat()

    def _pay(self, given: Given, deal: Row) -> None:
        """Some of the deal's money moves; amounts are parts of the deal's."""
        key = f"{deal['deal_id']}-{len(given.get('payments', ()))}-{self.rng.randrange(10000)}"
        row = {"deal_id": deal["deal_id"], "currency": deal.get("currency", self.company.plan_currency)}
        places = 0 if row["currency"] == "JPY" else 2

        def part(share: float) -> str:
            return f"{Decimal(deal['amount']) * Decimal(str(share)):.{places}f}"

        if self._chance(0.6):
            day = self._after(deal).isoformat()
            share = self._pick(1, 0.5, 0.3333, 1.1)
            invoice = {**row, "invoice_id": f"i-{key}", "invoiced_on": day, "amount": part(share)}
            if self._chance(0.3):
                invoice["tax_amount"] = part(share / 10)
            given.setdefault("invoices", []).append(invoice)
        for number in range(self._pick(0, 1, 1, 2)):
            day = self._after(deal).isoformat()
            share = self._pick(1, 0.5, 0.3, 0.25, -0.2)
            payment = {**row, "payment_id": f"p{number}-{key}", "paid_on": day, "amount": part(share)}
            given.setdefault("payments", []).append(payment)
        if self._chance(0.15):
            day = self._after(deal).isoformat()
            note = {"credit_note_id": f"n-{key}", "deal_id": deal["deal_id"], "credited_on": day, "amount": part(0.2)}
            given.setdefault("credit_notes", []).append(note)

    def _after(self, deal: Row) -> dt.date:
        won_on = dt.date.fromisoformat(deal["won_on"])
        return won_on + dt.timedelta(days=self._pick(0, 1, 10, 30, 45, 60))

    def _change_deal(self, given: Given) -> None:
        if not self.deals:
            return
        deal_id = self._pick(*self.deals)
        deal = dict(self.deals[deal_id])
        kind = self._pick("amount", "amount", "date", "owner", "delete", "lost", "units")
        if kind == "amount" and deal_id in self.lined:
            kind = "units"
        if kind == "amount":
            deal["amount"] = self._amount() if deal.get("currency") != "USD" else "123.45"
        elif kind == "date":
            day = self._working_day(deal["owner_id"], self.months[-1])
            is_before = day is not None and day.isoformat() <= deal.get("cancelled_on", "9999")
            deal["won_on"] = day.isoformat() if day and is_before else deal["won_on"]
        elif kind == "owner":
            owner = self._pick(*self.people)
            if self._is_employed(owner, dt.date.fromisoformat(deal["won_on"])):
                deal["owner_id"] = owner
        elif kind == "delete":
            deal["is_deleted"] = "true"
        elif kind == "lost":
            deal["lost_on"] = deal.pop("won_on")
            deal.pop("cancelled_on", None)
        else:
            deal["units"] = str(self._pick(0, 3, 7))
        if kind not in ("delete", "lost"):
            self.deals[deal_id] = deal
        else:
            self.deals.pop(deal_id)
        rows = given.setdefault("deals", [])
        rows[:] = [row for row in rows if row["deal_id"] != deal_id]
        rows.append(deal)

    def _amount(self) -> str:
        nice = ["10000", "10000.01", "9999.99", "30000", "5000", "20000", "40000", "1", "0.01", "100.5"]
        text = self._pick(*nice) if self._chance(0.4) else self._money(-8000, 45000)
        return str(int(float(text))) if self.places == 0 else text

    def _money(self, low: int, high: int) -> str:
        if self.places == 0:
            return str(self.rng.randrange(low, high))
        return f"{self.rng.randrange(low * CENT, high * CENT) / CENT:.2f}"

    def _working_day(self, person: str, until: int) -> dt.date | None:
        for _ in range(10):
            month = self.rng.randrange(self.start - (1 if self._chance(0.2) else 0), until + 1)
            day = self._day(month)
            if self._is_employed(person, day):
                return day
        return None

    def _is_employed(self, person: str, day: dt.date) -> bool:
        row = self.people[person]
        return row["hired_on"] <= day.isoformat() <= row.get("left_on", "9999")

    def _day(self, month: int) -> dt.date:
        length = calendar.monthrange(month // 12, month % 12 + 1)[1]
        return first_day(month).replace(day=self._pick(1, length, *range(2, length)))

    def _pick(self, *options: Any) -> Any:
        return self.rng.choice(list(options))

    def _chance(self, probability: float) -> bool:
        return self.rng.random() < probability
