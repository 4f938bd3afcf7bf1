"""The services of `docker-compose.yml` on this machine: real PostgreSQL, the same commands, environment and checks.

Only addresses and folders differ from what the containers get.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from tests.deployment import compose, postgres

from attain.environment import PROJECT

DRIVERS = PROJECT / "build" / "drivers"


def lacking() -> str:
    """Why the services cannot be started here; empty when they can."""
    if not os.environ.get("ATTAIN_DEPLOYMENT"):
        return "takes minutes; make deployment runs it"
    drivers = [str(DRIVERS), *sys.path]
    missing = [name for name in ("psycopg2", "asyncpg") if not importlib.machinery.PathFinder.find_spec(name, drivers)]
    return f"not installed: {', '.join(missing)}; make deployment does it" if missing else postgres.lacking()


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

    def call(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """A command in the service's container, as `docker compose exec` runs it through the entry point."""
        return subprocess.run(
            self.command([*compose.entry(), *words]),
            env=self.environment(name),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    def query(self, text: str) -> str:
        """What PostgreSQL answers, columns divided by `|`."""
        psql = [str(self.postgres.programs / "psql"), "-U", "attain", "-d", "attain", "-Atc", text]
        environment = {**self.environment("scheduler"), "PGPASSWORD": self.secrets["POSTGRES_PASSWORD"]}
        return subprocess.run(psql, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    def take(self, secrets: dict[str, str]) -> None:
        """Another `.env`: what is started from now on reads it."""
        self.secrets = secrets
        self.services = compose.services(secrets)

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


@contextmanager
def running(root: Path, company: Path) -> Iterator[Stack]:
    """The stack of a company with fresh secrets: PostgreSQL is started, others may be; all is stopped in the end."""
    secrets = compose.secrets_file(company)
    for folder in ("airflow", "logs"):
        (root / "state" / folder).mkdir(parents=True)
    with postgres.running("attain", secrets["POSTGRES_PASSWORD"], "attain") as server:
        stack = Stack(compose.services(secrets), root, server, secrets)
        try:
            yield stack
        finally:
            stack.stop()
