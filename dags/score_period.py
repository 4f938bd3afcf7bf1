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

from attain.streams import STREAMS

LANDED = [Asset(name=f"landing_{stream}", uri=f"attain://landing/{stream}") for stream in STREAMS]
PUBLISHED = Asset(name="published_set", uri="attain://published/set")

DOC = """
### Score a period

Lands what is new in the company's inbox, builds staging, scores and pay, and publishes them as one set.
A critical finding of a gate fails its task with the sentence that matters; the earlier set then stands.

| parameter | meaning |
|---|---|
| `period` | the month to score, `2026-01`; empty: the month of the data interval, or the last complete month |
| `as_of` | knowledge: only what was landed by this instant counts; empty: everything landed |

A single failed stage can be cleared and run again: the run keeps its folder until it is published.
"""


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
            description="Month to score, like 2026-01",
        ),
        "as_of": Param(None, type=["null", "string"], format="date-time", description="Knowledge up to this instant"),
    },
    default_args={"owner": "data-engineering", "retries": 0},
    tags=["attain", "scoring"],
    doc_md=DOC,
)
def score_period() -> None:
    """Wire the steps of `attain.pipeline` one behind the other."""

    # Another run at work is the one failure that waiting mends.
    @task(retries=5, retry_delay=dt.timedelta(minutes=1))
    def land() -> str:
        from attain import airflow_tasks

        context = get_current_context()
        interval = context.get("data_interval_start"), context.get("data_interval_end")
        start = interval[0] if interval[0] and interval[1] and interval[0] < interval[1] else None
        params = context["params"]
        return airflow_tasks.begin(_holder(context), params["period"], params["as_of"], start)

    @task
    def stage(run: str) -> None:
        _step(run, "stage")

    @task
    def gate_inputs(run: str) -> None:
        _step(run, "gate_stage")

    @task
    def score(run: str) -> None:
        _step(run, "score")

    @task
    def gate_scores(run: str) -> None:
        _step(run, "gate_score")

    @task
    def pay(run: str) -> None:
        _step(run, "pay")

    @task
    def gate_pay(run: str) -> None:
        _step(run, "gate_pay")

    @task(outlets=[PUBLISHED])
    def publish(run: str) -> None:
        _step(run, "publish")

    @task(trigger_rule="all_done")
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
        >> release().as_teardown(setups=run)
    )


def _step(run: str, name: str) -> None:
    from attain import airflow_tasks

    airflow_tasks.step(_holder(get_current_context()), run, name)


score_period()
