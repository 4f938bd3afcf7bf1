"""DAG `score_period`: from the inbox to one published set of scores and pay, behind three gates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from airflow.sdk import (
    Asset,
    AssetAny,
    AssetOrTimeSchedule,
    CronDataIntervalTimetable,
    Param,
    dag,
    get_current_context,
    task,
)

from attain.alerts import task_failed
from attain.streams import STREAMS

LANDED = [Asset(name=f"landing_{stream}", uri=f"attain://landing/{stream}") for stream in STREAMS]
PUBLISHED = Asset(name="published_set", uri="attain://published/set")

DOC = """
### Score a period

Lands what is new in the company's inbox, builds staging, scores and pay behind three gates, and publishes one set.

**When it runs.** On the 1st of a month for the month before; when `extract_files` has landed new rows, for the last
complete month; by hand (*Trigger*) for any month; as a *Backfill* for a range of months. Runs take turns: one that
waits is *queued*, or its task `land` *up for retry*, until the other has ended. What was published last is what readers
see, so let a backfill end with the newest month.

**What to enter**

| field | meaning |
|---|---|
| Period | the month to score, like `2026-01`. Empty: the month of the data interval, or the last complete one |
| Knowledge up to | only what was landed by then counts. Empty: everything |

*Logical Date* only names the run: with *Period* filled in it changes nothing. In a backfill leave *Period* empty, or
every run scores that one month.

**When a task is red.** Its log begins with the sentence that says what is wrong, where, and what to do; the set
published before stands.

* A red **gate**: mend the file, the plan or the limit and *Trigger* again. A run keeps the inputs it began with, so
  clearing the gate's task would find the same.
* Anything else (disk full, memory, a machine that was restarted): *Clear* the red task with its downstream; the tasks
  before it are not repeated.
"""

LAND = """Takes the writer lock, lands new and changed files of the inbox, and fixes what the run works with: period,
knowledge, plans, the ledger's head."""
STAGE = "Types every row, keeps the latest version of each, and puts every other row into quarantine with its reason."
GATE_INPUTS = "Judges what was delivered: freshness, volume, completeness, references, share of quarantine."
SCORE = "Credits, KPI values, targets and scorecards."
GATE_SCORES = "Judges the scores: weights, ranges, completeness, drift against earlier periods."
PAY = "Earnings, payouts, and what closing the period would book."
GATE_PAY = "Judges the pay: conservation to the cent, outliers, closed periods unchanged."
PUBLISH = "Makes the tables one immutable set and swaps the pointer to it."
RELEASE = "Gives the writer lock back, however the run ended."


def _holder(context: Any) -> str:
    return f"score_period {context['run_id']}"


@dag(
    dag_id="score_period",
    description="From delivered files to published scores and pay",
    schedule=AssetOrTimeSchedule(
        timetable=CronDataIntervalTimetable("0 6 1 * *", timezone="UTC"),
        assets=AssetAny(*LANDED),
    ),
    start_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    params={
        "period": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
            title="Period",
            description="Month to score, like 2026-01. Empty: that of the data interval, or the last complete one.",
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
    tags=["attain", "scoring"],
    doc_md=DOC,
)
def score_period() -> None:
    """Wire the steps of `attain.pipeline` one behind the other."""

    # Another run at work is the one failure that waiting mends.
    @task(retries=30, retry_delay=dt.timedelta(minutes=1), task_display_name="Land the inbox", doc_md=LAND)
    def land() -> str:
        from attain import airflow_tasks

        context = get_current_context()
        interval = context.get("data_interval_start"), context.get("data_interval_end")
        start = interval[0] if interval[0] and interval[1] and interval[0] < interval[1] else None
        params = context["params"]
        return airflow_tasks.begin(_holder(context), params["period"], params["as_of"], start)

    @task(task_display_name="Stage", doc_md=STAGE)
    def stage(run: str) -> dict[str, Any]:
        return _step(run, "stage")

    @task(task_display_name="Gate: inputs", doc_md=GATE_INPUTS)
    def gate_inputs(run: str) -> dict[str, Any]:
        return _step(run, "gate_stage")

    @task(task_display_name="Score", doc_md=SCORE)
    def score(run: str) -> dict[str, Any]:
        return _step(run, "score")

    @task(task_display_name="Gate: scores", doc_md=GATE_SCORES)
    def gate_scores(run: str) -> dict[str, Any]:
        return _step(run, "gate_score")

    @task(task_display_name="Pay", doc_md=PAY)
    def pay(run: str) -> dict[str, Any]:
        return _step(run, "pay")

    @task(task_display_name="Gate: pay", doc_md=GATE_PAY)
    def gate_pay(run: str) -> dict[str, Any]:
        return _step(run, "gate_pay")

    @task(outlets=[PUBLISHED], task_display_name="Publish", doc_md=PUBLISH)
    def publish(run: str) -> dict[str, Any]:
        published = _step(run, "publish")
        get_current_context()["outlet_events"][PUBLISHED].extra = published
        return published

    @task(task_display_name="Release the lock", doc_md=RELEASE)
    def release() -> None:
        from attain import airflow_tasks

        airflow_tasks.release(_holder(get_current_context()))

    run = land()
    published = publish(run)
    (
        run
        >> stage(run)
        >> gate_inputs(run)
        >> score(run)
        >> gate_scores(run)
        >> pay(run)
        >> gate_pay(run)
        >> published
        # A teardown without setups: it decides nothing about the run's state, and clearing a failed stage does not
        # clear `land` with it, which would begin another run.
        >> release().as_teardown()
    )


def _step(run: str, name: str) -> dict[str, Any]:
    from attain import airflow_tasks

    return airflow_tasks.step(_holder(get_current_context()), run, name)


score_period()
