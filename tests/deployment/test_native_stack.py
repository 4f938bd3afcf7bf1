"""The services of `docker-compose.yml` on this machine: real PostgreSQL, the same commands, environment and checks.

Takes minutes, so `make test` leaves it out: `make deployment` runs it. Only addresses and folders differ from what the
containers get.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from tests.deployment import compose, postgres
from tests.integration import tiny_company

from attain.environment import PROJECT

DRIVERS = PROJECT / "build" / "drivers"
# The tiny company sold nothing in its third month, which a gate rightly finds suspicious.
MARCH = tiny_company.DEALS.splitlines()[0] + "".join(
    f"\nm{number},acme,{owner},won,{amount},2025-02-10,2025-03-{number:02d},"
    for number, (owner, amount) in enumerate([("ann", 1500), ("ann", 1900), ("bo", 1200), ("bo", 900)], start=10)
)


def _why_not() -> str:
    if not os.environ.get("ATTAIN_DEPLOYMENT"):
        return "takes minutes; make deployment runs it"
    drivers = [str(DRIVERS), *sys.path]
    missing = [name for name in ("psycopg2", "asyncpg") if not importlib.machinery.PathFinder.find_spec(name, drivers)]
    return f"not installed: {', '.join(missing)}; make deployment does it" if missing else postgres.lacking()


pytestmark = pytest.mark.skipif(bool(_why_not()), reason=_why_not())


@dataclass
class Stack:
    """The services of the file, started and asked as compose would."""

    services: dict[str, compose.Service]
    root: Path
    postgres: postgres.Server
    secrets: dict[str, str]
    port: int = field(default_factory=postgres.free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.root / "state"

    def environment(self, name: str) -> dict[str, str]:
        """Image and service, at this machine's addresses; nothing else of whoever runs the test."""
        given = {**compose.image_environment(), **self.services[name].environment}
        here = {
            "@postgres/": f"@127.0.0.1:{self.postgres.port}/",
            "http://api-server:8080": f"http://127.0.0.1:{self.port}",
            "/var/lib/attain": str(self.home),
        }
        for there, place in here.items():
            given = {key: value.replace(there, place) for key, value in given.items()}
        return {
            **given,
            "ATTAIN_COMPANY": self.secrets["ATTAIN_COMPANY_DIR"],
            "AIRFLOW__API__PORT": str(self.port),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.postgres.port),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(self.postgres.programs), os.defpath]),
            "PYTHONPATH": os.pathsep.join([str(PROJECT / "include"), str(DRIVERS)]),
            "HOME": str(self.root),
        }

    def command(self, words: list[str]) -> list[str]:
        """A command of the image, found where the project lies here."""
        return [word.replace("/opt/attain", str(PROJECT)) for word in words]

    def start(self, name: str) -> None:
        """Start a service in a process group of its own, its output beside the state."""
        with (self.root / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                self.command([*compose.entry(), *self.services[name].command]),
                env=self.environment(name),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_healthy(self, name: str) -> bool:
        """The service's own health check, once."""
        done = subprocess.run(
            self.command(self.services[name].health),
            env=self.environment(name) if name != "postgres" else self.environment("scheduler"),
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def log(self, name: str) -> str:
        """The last lines a service wrote."""
        return "\n".join((self.root / f"{name}.log").read_text(errors="replace").splitlines()[-30:])

    def api(self, method: str, path: str, content: object = None, token: str = "") -> Any:
        """Ask Airflow's REST API."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(content).encode() if content is not None else None,
            headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def sign_in(self) -> str:
        """A token for the user and password of `.env`."""
        who = {"username": "admin", "password": self.secrets["ATTAIN_ADMIN_PASSWORD"]}
        return str(self.api("POST", "/auth/token", who)["access_token"])

    def dags(self, token: str) -> set[str]:
        """The DAGs the processor has read."""
        return {dag["dag_id"] for dag in self.api("GET", "/api/v2/dags", token=token)["dags"]}

    def runs(self, token: str, kind: str) -> dict[str, str]:
        """State of every run of score_period of one kind, by the month its data interval begins with."""
        found = self.api("GET", "/api/v2/dags/score_period/dagRuns?limit=100", token=token)["dag_runs"]
        return {str(run["data_interval_start"])[:7]: run["state"] for run in found if run["run_type"] == kind}

    def stop(self) -> list[str]:
        """Ask every service to end, the last started first; gives those that had to be forced."""
        forced = []
        for name in reversed(list(self.processes)):
            process = self.processes[name]
            family = [process.pid, *(child.pid for child in _children(process.pid))]
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                forced.append(name)
            for pid in family:
                _kill(pid)
            process.wait()
        return forced


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for(what: str, ready: Callable[[], bool], log: Callable[[], str]) -> None:
    """Wait until something is so. Raises AssertionError with the log when it is not after ten minutes."""
    give_up = time.monotonic() + 600
    while not ready():
        assert time.monotonic() < give_up, f"{what}: not within ten minutes.\n{log()}"
        time.sleep(2)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("stack")
    company = tiny_company.write(root / "company")
    (company / "inbox" / "deals").mkdir()
    (company / "inbox" / "deals" / "march.csv").write_text(MARCH)
    secrets = compose.secrets_file(company)
    for folder in ("airflow", "logs"):
        (root / "state" / folder).mkdir(parents=True)
    with postgres.running("attain", secrets["POSTGRES_PASSWORD"], "attain") as server:
        stack = Stack(compose.services(secrets), root, server, secrets)
        try:
            yield stack
        finally:
            stack.stop()


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
    query = "select count(*) from dag_run where dag_id = 'score_period' and run_id = 'asked'"
    psql = [str(stack.postgres.programs / "psql"), "-U", "attain", "-d", "attain", "-Atc", query]
    environment = {**stack.environment("scheduler"), "PGPASSWORD": stack.secrets["POSTGRES_PASSWORD"]}
    assert subprocess.run(psql, env=environment, capture_output=True, text=True, check=True).stdout == "1\n"
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
