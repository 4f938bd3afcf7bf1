"""DAG `simulate_plan`: what a draft plan would have paid, beside the plans in force."""

from __future__ import annotations

import datetime as dt

from airflow.sdk import Param, dag, get_current_context, task

from attain.alerts import task_failed

DOC = """
### Simulate a draft plan

Replays past months twice with today's data, under the plans in force and with the draft in its place, and compares
cost, pay mix, who gains and who loses, and the distribution. Nothing is booked or published, and it may run beside
everything else.

**What to enter**

| field | meaning |
|---|---|
| Draft | a plan file, workbook or folder, relative to the company folder, like `drafts/ae-2027.yml` |
| Periods | past months, like `2026-01..2026-06`; or one month, quarter or year |
| Knowledge up to | only what was landed by then counts. Empty: everything |

The log tells cost, how many are paid more and less, and where page and CSV files lie (`simulations/` of the state
folder). Keep drafts out of `plans/`: what lies there is in force.

**When the task is red.** Its log begins with the sentence that says what is wrong in the draft or the months. Mend it
and *Trigger* again.

The log shows what pay costs in all, the files what each person is paid: give both only to people who may see that.
"""


@dag(
    dag_id="simulate_plan",
    description="A draft plan beside the plans in force over past periods; nothing is booked",
    schedule=None,
    start_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    params={
        "draft": Param(
            "drafts",
            type="string",
            minLength=1,
            title="Draft",
            description="Plan file, workbook or folder, relative to the company folder, like drafts/ae-2027.yml.",
        ),
        "periods": Param(
            type="string",
            pattern=r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?(\.\.\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?)?$",
            title="Periods",
            description="Past months, like 2026-01..2026-06; or a month, quarter or year.",
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="Knowledge up to",
            description="Only what was landed by this instant counts. Empty: everything.",
        ),
    },
    default_args={"owner": "data-engineering", "retries": 0, "on_failure_callback": task_failed},
    tags=["attain", "simulation"],
    doc_md=DOC,
)
def simulate_plan() -> None:
    """Wire the one task."""

    @task(task_display_name="Simulate the draft")
    def simulate() -> dict[str, str]:
        from attain import airflow_simulation

        params = get_current_context()["params"]
        return airflow_simulation.simulate(params["draft"], params["periods"], params["as_of"], dt.datetime.now(dt.UTC))

    simulate()


simulate_plan()
