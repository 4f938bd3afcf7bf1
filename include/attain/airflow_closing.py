"""What the tasks of DAG `close_period` call: propose, take the answer, book; and who Airflow says answered."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attain import airflow_told, closing, environment
from attain.approval import APPROVED, REJECTED, Approval
from attain.company import load_company
from attain.errors import AttainError

log = logging.getLogger("attain")

NOBODY = "nobody"


def propose(period: str | None, prepared_by: str | None) -> dict[str, str]:
    """What closing `period` (default: the one whose turn it is) would book, as facts for the question.

    Raises InputError when it cannot be closed.
    """
    with _told():
        proposal = closing.propose_close(environment.company(), environment.home(), period)
    log.info("Set %s of %s is put up for approval.", proposal.set_name, proposal.period)
    return {
        "period": proposal.period,
        "set_hash": proposal.set_hash,
        "prepared_by": prepared_by or "",
        "subject": f"Close {proposal.period} and book set {proposal.set_hash[:12]}?",
        "body": proposal.text(),
    }


def approvers() -> list[dict[str, str]]:
    """Whom Airflow admits as answering, by their user id there; empty: anybody (company.yml, finance.approvers)."""
    return [{"id": name, "name": name} for name in load_company(environment.company()).finance.approvers]


def answer_within() -> dt.timedelta:
    """How long the question stands before it counts as rejected."""
    return dt.timedelta(hours=load_company(environment.company()).finance.approval_hours)


def note_rejection(proposal: Mapping[str, str], event: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep the record of an answer that is not an approval, or of none that came in time."""
    if event.get("chosen_options") == ["Approve"]:
        return
    answer = _answer(proposal, event, REJECTED, now)
    record = closing.reject_close(environment.home(), answer)
    log.warning("Period %s stays open: rejected by %s. Recorded in %s.", answer.period, answer.by, record)


def book(holder: str, proposal: Mapping[str, str], event: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Book the approved set, write its files, publish the closed state; asked again it completes what is missing."""
    answer = _answer(proposal, event, APPROVED, now)
    with _told():
        booked = closing.close_approved(environment.company(), environment.home(), answer, holder, now)
    log.info("Period %s is booked as %s with %d entries.", answer.period, booked.close_id, booked.entries)
    log.info("Payroll, journal and commission table: %s", booked.files)
    return {"close_id": booked.close_id, "files": str(booked.files)}


def _answer(proposal: Mapping[str, str], event: Mapping[str, Any], decision: str, now: dt.datetime) -> Approval:
    user = event.get("responded_by_user") or {}
    at = event.get("responded_at") or now
    reason = "" if user else "no answer in time"
    form = event.get("params_input") or {}
    return Approval(
        proposal["period"],
        proposal["set_hash"],
        decision,
        str(user.get("name") or user.get("id") or (NOBODY if decision == REJECTED else "")),
        proposal["prepared_by"],
        at.isoformat() if isinstance(at, dt.datetime) else str(at),
        "DAG close_period",
        str(form.get("comment") or reason),
    )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except AttainError as error:
        log.error("%s", airflow_told.wrapped(str(error)))
        raise
