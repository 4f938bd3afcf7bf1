"""The deployed services at work (see tests.deployment.stack).

Takes minutes, so `make test` leaves it out: `make deployment` runs it.
"""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from tests.deployment import stack as stacks
from tests.deployment.stack import Stack, wait_for
from tests.integration import tiny_company

# The tiny company sold nothing in its third month, which a gate rightly finds suspicious.
MARCH = tiny_company.DEALS.splitlines()[0] + "".join(
    f"\nm{number},acme,{owner},won,{amount},2025-02-10,2025-03-{number:02d},"
    for number, (owner, amount) in enumerate([("ann", 1500), ("ann", 1900), ("bo", 1200), ("bo", 900)], start=10)
)


pytestmark = pytest.mark.skipif(bool(stacks.lacking()), reason=stacks.lacking())


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("stack")
    company = tiny_company.write(root / "company")
    (company / "inbox" / "deals").mkdir()
    (company / "inbox" / "deals" / "march.csv").write_text(MARCH)
    with stacks.running(root, company) as stack:
        yield stack


def test_the_stack_starts_in_its_order_and_every_check_agrees(stack: Stack) -> None:
    assert stack.is_healthy("postgres")
    assert not stack.is_healthy("api-server"), "nothing runs yet"
    stack.start("prepare")
    assert stack.processes["prepare"].wait() == 0, stack.log("prepare")
    passwords = stack.home / "airflow" / "passwords.json"
    assert json.loads(passwords.read_text()) == {"admin": stack.secrets["ATTAIN_ADMIN_PASSWORD"]}
    assert passwords.stat().st_mode & 0o077 == 0
    stack.start("api-server")
    wait_for("api-server", lambda: stack.is_healthy("api-server"), lambda: stack.log("api-server"))
    assert not stack.is_healthy("scheduler"), "not started yet"
    for name in ("scheduler", "dag-processor", "triggerer"):
        stack.start(name)
    for name in ("scheduler", "dag-processor", "triggerer"):
        wait_for(name, lambda name=name: stack.is_healthy(name), lambda name=name: stack.log(name))


def test_only_the_password_of_the_env_file_opens_it(stack: Stack) -> None:
    assert stack.sign_in()
    with pytest.raises(urllib.error.HTTPError, match="401"):
        stack.api("POST", "/auth/token", {"username": "admin", "password": "admin"})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        stack.api("GET", "/api/v2/dags")


def test_a_period_is_scored_and_published_by_the_scheduler(stack: Stack) -> None:
    token = stack.sign_in()
    wait_for(
        "the DAGs",
        lambda: {"score_period", "extract_files"} <= stack.dags(token),
        lambda: stack.log("dag-processor"),
    )
    # Unpausing also makes the run that is due for last month, so the set looked at is the one this run names.
    stack.api("PATCH", "/api/v2/dags/score_period", {"is_paused": False}, token)
    run = "/api/v2/dags/score_period/dagRuns"
    asked = {"dag_run_id": "asked", "logical_date": None, "conf": {"period": tiny_company.PERIOD}}
    stack.api("POST", run, asked, token)
    wait_for(
        "the run",
        lambda: stack.api("GET", f"{run}/asked", token=token)["state"] in ("success", "failed"),
        lambda: stack.log("scheduler"),
    )
    tasks = stack.api("GET", f"{run}/asked/taskInstances", token=token)["task_instances"]
    assert {task["task_id"]: task["state"] for task in tasks} == dict.fromkeys(
        "land stage gate_inputs score gate_scores pay gate_pay publish release".split(), "success"
    )
    told = stack.api("GET", f"{run}/asked/taskInstances/publish/xcomEntries/return_value", token=token)["value"]
    published = told if isinstance(told, dict) else json.loads(told)
    assert published["period"] == tiny_company.PERIOD
    database = stack.home / "published" / "sets" / published["set"] / "attain.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        paid = con.sql(
            f"select participant_id, payable from marts.commission_table where period = '{tiny_company.PERIOD}' "
            "and payable <> 0"
        ).fetchall()
    assert dict(paid) == {name: Decimal(amount) for name, amount in tiny_company.PAYABLE.items()}


def test_metadata_is_in_postgres_and_state_on_the_volume(stack: Stack) -> None:
    assert stack.query("select count(*) from dag_run where dag_id = 'score_period' and run_id = 'asked'") == "1"
    assert not list(stack.home.rglob("airflow.db"))
    assert list((stack.home / "logs" / "airflow").rglob("task_id=publish/*.log"))


def test_three_months_are_backfilled_one_after_the_other(stack: Stack) -> None:
    token = stack.sign_in()
    wanted = {"dag_id": "score_period", "from_date": "2025-01-01T00:00:00Z", "to_date": "2025-03-31T00:00:00Z"}
    stack.api("POST", "/api/v2/backfills", {**wanted, "max_active_runs": 1, "dag_run_conf": {}}, token)
    wait_for(
        "the backfill",
        lambda: (states := stack.runs(token, "backfill")) != {} and set(states.values()) <= {"success", "failed"},
        lambda: stack.log("scheduler"),
    )
    assert stack.runs(token, "backfill") == dict.fromkeys(("2025-01", "2025-02", "2025-03"), "success")
    journals = [json.loads(path.read_text()) for path in (stack.home / "logs" / "runs").glob("2025-0*.json")]
    assert {journal["run"]["period"] for journal in journals if "published" in journal} == {
        "2025-01",
        "2025-02",
        "2025-03",
    }


def test_everything_ends_when_it_is_asked_to(stack: Stack) -> None:
    assert stack.stop() == []
    assert not stack.is_healthy("scheduler")
    assert [name for name, process in stack.processes.items() if process.poll() is None] == []
