"""The transactions of the small company of `kpi_world`."""

from __future__ import annotations

from typing import Any

from tests.dbt.kpi_world import credit


def deals() -> dict[str, list[dict[str, Any]]]:
    """Deals won and lost: one on the last day of a month, one split, one of two lines, one across teams."""
    gtx = {"product_line": "GTX"}
    credits = [
        credit("d1", "ann", "2026-01-31", "1000", cost=600, units=2, list_amount=1250, created_on="2026-01-01",
               account_id="a1", is_first_of_account=True, **gtx),
        credit("d2", "ann", "2026-02-01", "500", product_line="MG", created_on="2026-01-22"),
        credit("d3", "ann", "2026-01-15", "60.01", share="0.6", created_on="2026-01-05", account_id="a3",
               deal_type="renewal", is_first_of_account=True, **gtx),
        credit("d3", "bob", "2026-01-15", "40", share="0.4", created_on="2026-01-05", account_id="a3",
               deal_type="renewal", is_first_of_account=True, **gtx),
        credit("d4", "bob", "2026-01-20", "100", created_on="2026-01-20", **gtx),
        credit("d4", "bob", "2026-01-20", "200", line="2", created_on="2026-01-20", product_line="MG"),
        credit("d5", "bob", "2025-01-10", "200"),
        credit("d7", "ann", "2025-02-10", "250"),
        credit("d8", "eve", "2025-12-15", "9999"),
        credit("d6", "bob", "2026-03-15", "10", share="0.5"),
        credit("d6", "cyd", "2026-03-15", "10", share="0.5"),
    ]  # fmt: skip
    won = [("d1", "ann", "2026-01-31"), ("d2", "ann", "2026-02-01"), ("d3", "ann", "2026-01-15"),
           ("d4", "bob", "2026-01-20"), ("d6", "bob", "2026-03-15")]  # fmt: skip
    lost = [("l1", "bob", "2026-01-31", 300, "CNY"), ("l2", "cyd", "2026-03-01", 100, "USD"),
            ("l3", "ann", "2026-02-10", 100, "USD")]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"deal_id": deal, "owner_id": owner, "status": "won", "won_on": day, "currency": "CNY",
         "deal_type": "renewal" if deal == "d3" else "new"}
        for deal, owner, day in won
    ]  # fmt: skip
    rows += [
        {"deal_id": deal, "owner_id": owner, "status": "lost", "lost_on": day, "amount": amount, "currency": currency}
        for deal, owner, day, amount, currency in lost
    ]
    rows += [{"deal_id": deal, "owner_id": "bob", "status": "open", "currency": "CNY"} for deal in ("o1", "o2")]
    return {
        "intermediate.int_deal_credits": credits,
        "intermediate.int_split_shares": [
            {"deal_id": "d3", "participant_id": "ann", "share": "0.6", "precedence": 1},
            {"deal_id": "d3", "participant_id": "bob", "share": "0.4", "precedence": 2},
        ],
        "intermediate.int_targets": [
            {"scope": "participant", "scope_id": "ann", "kpi": "bookings", "period": "2026-01", "target": 2000}
        ],
        "staging.stg_deals": rows,
        "staging.stg_products": [{"product_id": name.lower(), "product_line": name} for name in ("GTX", "MG")],
        "staging.stg_fx_rates": [{"currency": "USD", "rate_on": "2026-02-15", "rate": 7}],
    }


def finance() -> dict[str, list[dict[str, Any]]]:
    """Invoices, payments and credit notes: spread over deals, refunded, in dollars, without deal or account."""

    def invoice(key: str, deal: str | None, day: str, due: str | None, amount: str, account: str | None = None) -> Any:
        return {"invoice_id": key, "deal_id": deal, "account_id": account, "invoiced_on": day, "due_on": due,
                "amount": amount, "currency": "CNY"}  # fmt: skip

    def payment(key: str, on: str | None, deal: str | None, day: str, amount: str, currency: str = "CNY") -> Any:
        return {"payment_id": key, "invoice_id": on, "deal_id": deal, "paid_on": day, "amount": amount,
                "currency": currency}  # fmt: skip

    return {
        "staging.stg_accounts": [{"account_id": "a9", "owner_id": "bob", "segment": "key"}],
        "staging.stg_invoices": [
            invoice("i0", "o2", "2024-12-15", None, "50"),
            invoice("i1", "d1", "2026-01-31", "2026-02-28", "1000"),
            invoice("i2", "d1", "2026-02-10", "2026-03-10", "300"),
            invoice("i2", "d4", "2026-02-10", "2026-03-10", "100"),
            invoice("i3", None, "2026-03-05", None, "80", "a9"),
            invoice("i4", None, "2026-03-06", None, "7"),
        ],
        "staging.stg_payments": [
            payment("p1", "i1", "d1", "2026-02-01", "400"),
            payment("p2", "i2", None, "2026-02-20", "100.01"),
            payment("p3", None, "d1", "2026-03-01", "-50"),
            payment("p4", None, "d3", "2026-03-20", "10.01"),
            payment("p5", None, "d1", "2026-03-02", "10", "USD"),
        ],
        "staging.stg_credit_notes": [
            {"credit_note_id": "c1", "invoice_id": "i2", "credited_on": "2026-02-25", "amount": 40}
        ],
    }


def surveys_and_work() -> dict[str, list[dict[str, Any]]]:
    """Answers, activities at midnight in Shanghai, stages of won, lost and open deals, objectives."""

    def answer(survey: str, score: int, day: str, person: str | None, account: str | None = None, top: int = 5) -> Any:
        return {"survey": survey, "question": "overall", "score": score, "scale_max": top, "account_id": account,
                "participant_id": person, "responded_on": day}  # fmt: skip

    def stage(deal: str, name: str, order: int, moment: str) -> Any:
        return {"deal_id": deal, "stage": name, "stage_order": order, "entered_at": moment}

    def objective(person: str, period: str, kind: str, weight: str | None, completion: str | None) -> Any:
        return {"participant_id": person, "period": period, "kind": kind, "weight": weight, "completion": completion}

    return {
        "staging.stg_survey_responses": [
            *(answer("csat", score, "2026-01-31", "ann") for score in (5, 4, 3)),
            answer("csat", 2, "2026-02-03", None, "a9"),
            answer("csat", 9, "2026-02-03", None, None, 10),
            *(answer("nps", score, "2026-03-31", "ann", None, 10) for score in (10, 9, 8, 7, 6)),
            answer("nps", 10, "2026-03-01", "bob", None, 10),
        ],
        "staging.stg_activities": [
            {"participant_id": "ann", "kind": "visit", "occurred_at": "2026-01-31 17:00:00"},
            {"participant_id": "ann", "kind": "call", "occurred_at": "2026-01-31 15:59:59"},
        ],
        "staging.stg_deal_stages": [
            stage("d1", "lead", 1, "2026-01-05 02:00:00"),
            stage("d1", "proposal", 2, "2026-01-10 02:00:00"),
            stage("d1", "won", 5, "2026-01-31 02:00:00"),
            stage("l1", "lead", 1, "2026-01-05 02:00:00"),
            stage("l1", "proposal", 2, "2026-01-20 02:00:00"),
            stage("l1", "lost", 6, "2026-01-31 02:00:00"),
            stage("o1", "lead", 1, "2026-01-08 02:00:00"),
            stage("o1", "proposal", 2, "2026-02-02 02:00:00"),
            stage("o1", "lead", 1, "2026-03-01 02:00:00"),
        ],
        "staging.stg_objectives": [
            objective("ann", "2026-Q1", "mbo", "0.6", "1"),
            objective("ann", "2026-Q1", "kra", "0.4", "0.5"),
            objective("bob", "2026-01", "mbo", "1", "0.5"),
            objective("bob", "2026-02", "mbo", None, "1"),
            objective("bob", "2026-02", "mbo", None, "0.5"),
            objective("cyd", "2026-Q1", "mbo", "1", None),
        ],
    }
