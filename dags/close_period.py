"""DAG `close_period`: somebody looks at what a period pays, and exactly that is booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from attain.alerts import task_failed

DOC = """
### Close a period

Shows what the published set of a period pays, asks for approval, books exactly that set into the ledger, and writes the
payroll file, the journal and the commission table. What is booked never changes again.

**What to enter**

| field | meaning |
|---|---|
| Period | the month to close, like `2026-01`. Empty: the one whose turn it is |
| Prepared by | who answers for the figures; this person may not approve. Empty: whoever triggers the run |

**How to answer.** Open the task *Approve* and its *Required Actions*. Without an answer in time (`company.yml`,
`finance.approval_hours`, 72 by default) the close counts as rejected. Only the people under `finance.approvers` may
answer, if there are any. A rejected close leaves no trace but its record under `approvals/`.

**When a task is red.** *Propose*: its log says why the period cannot be closed: an earlier one is open, the set is not
the latest, a gate stopped a run, deliveries or plans changed since. *Book*: clear it; a period is booked once, and what
is missing is completed.

The question shows amounts of pay: give this DAG only to people who may see them.
"""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class CloseApproval(ApprovalOperator):
    """Asks the company's approvers within its time; keeps a record of every answer that is not an approval."""

    def execute(self, context: Any) -> Any:
        """Put the question."""
        from attain import airflow_closing

        self.assigned_users = airflow_closing.approvers() or None
        self.response_timeout = airflow_closing.answer_within()
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the answer; a rejection fails the task."""
        from attain import airflow_closing

        airflow_closing.note_rejection(context["ti"].xcom_pull(task_ids="propose"), event, _now())
        return super().execute_complete(context, event)


@dag(
    dag_id="close_period",
    description="From a published set to a booked period, after approval",
    schedule=None,
    start_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    params={
        "period": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
            title="Period",
            description="Month to close, like 2026-01. Empty: the one whose turn it is.",
        ),
        "prepared_by": Param(
            None,
            type=["null", "string"],
            title="Prepared by",
            description="Who answers for the figures and may not approve. Empty: whoever triggers the run.",
        ),
    },
    default_args={"owner": "data-engineering", "retries": 0, "on_failure_callback": task_failed},
    tags=["attain", "closing"],
    doc_md=DOC,
)
def close_period() -> None:
    """Wire propose, approve and book."""

    @task(task_display_name="Propose")
    def propose() -> dict[str, str]:
        from attain import airflow_closing

        context = get_current_context()
        params = context["params"]
        preparer = params["prepared_by"] or getattr(context["dag_run"], "triggering_user_name", None)
        return airflow_closing.propose(params["period"], preparer)

    @task(task_display_name="Book")
    def book(proposal: dict[str, str], answer: dict[str, Any]) -> dict[str, Any]:
        from attain import airflow_closing

        holder = f"close_period {get_current_context()['run_id']}"
        return airflow_closing.book(holder, proposal, answer, _now())

    proposal = propose()
    approve = CloseApproval(
        task_id="approve",
        task_display_name="Approve",
        subject="{{ ti.xcom_pull(task_ids='propose')['subject'] }}",
        body="{{ ti.xcom_pull(task_ids='propose')['body'] }}",
        params={"comment": Param("", type="string", title="Comment")},
        defaults=ApprovalOperator.REJECT,
        fail_on_reject=True,
    )
    proposal >> approve
    book(proposal, approve.output)


close_period()
