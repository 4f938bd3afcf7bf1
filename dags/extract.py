"""DAGs `extract_<source>`: one per source system, each landing what is new and announcing the streams it feeds."""

from __future__ import annotations

import datetime as dt

from airflow.sdk import Asset, AssetAlias, dag, get_current_context, task

from attain.alerts import task_failed

LANDED = AssetAlias("landed")

DOC = """
### Extract file drops

Reads the company's inbox (CSV, Excel, Parquet) and lands every new or changed file as a sealed batch. The same file
again lands nothing. A file that cannot be read fails the task with a sentence naming file, row and field; the
others land.

Runs every day at 05:00 UTC, and by hand when a file should count at once. When rows were new, `score_period` starts by
itself (if it is switched on) and scores the last complete month; a day without news starts nothing.
"""


@dag(
    dag_id="extract_files",
    description="File drops of the inbox into landing",
    schedule="0 5 * * *",
    start_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "data-engineering",
        # Another run at work is the one failure that waiting mends.
        "retries": 30,
        "retry_delay": dt.timedelta(minutes=1),
        "on_failure_callback": task_failed,
    },
    tags=["attain", "extract"],
    doc_md=DOC,
)
def extract_files() -> None:
    """Wire the file source."""

    @task(outlets=[LANDED], task_display_name="Land the inbox")
    def extract() -> dict[str, object]:
        from attain import airflow_tasks

        context = get_current_context()
        report = airflow_tasks.extract(f"extract_files {context['run_id']}")
        # Only streams that got new rows are announced: a day without news starts no run.
        for stream in report["streams"]:
            context["outlet_events"][LANDED].add(Asset(name=f"landing_{stream}", uri=f"attain://landing/{stream}"))
        return report

    extract()


extract_files()
