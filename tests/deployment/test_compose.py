"""What `docker-compose.yml` and the `Dockerfile` promise, read from the files themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.deployment import compose

from attain import environment

OURS = ("prepare", "api-server", "scheduler", "dag-processor", "triggerer")


@pytest.fixture(scope="module")
def stack() -> dict[str, compose.Service]:
    return compose.services(compose.secrets_file(Path("company")))


def test_every_part_of_airflow_is_a_service_on_one_postgres(stack: dict[str, compose.Service]) -> None:
    assert {name: stack[name].command for name in OURS} == {
        "prepare": ["prepare"],
        **{name: ["airflow", name] for name in OURS[1:]},
    }
    for name in OURS:
        address = stack[name].environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
        assert re.fullmatch(r"postgresql\+psycopg2://attain:[0-9a-f]{32}@postgres/attain", address)


def test_the_executor_is_the_one_for_a_single_machine() -> None:
    assert environment.settings(Path("state"))["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"


@pytest.mark.parametrize("missing", sorted(compose.secrets_file(Path("company"))))
def test_nothing_starts_while_a_secret_or_the_company_is_missing(missing: str) -> None:
    given = {name: value for name, value in compose.secrets_file(Path("company")).items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        compose.services(given)


def test_the_example_lists_what_is_required_and_gives_away_nothing() -> None:
    lines = [line for line in compose.EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    assert {line.removesuffix("=") for line in lines} == set(compose.secrets_file(Path("company")))
    assert all(line.endswith("=") for line in lines)


def test_secrets_are_different_things(stack: dict[str, compose.Service]) -> None:
    used = stack["scheduler"].environment
    names = ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET")
    assert len({used[name] for name in names}) == 3
    assert "ATTAIN_ADMIN_PASSWORD" not in used
    assert "ATTAIN_ADMIN_PASSWORD" in stack["prepare"].environment


def test_services_start_after_what_they_need(stack: dict[str, compose.Service]) -> None:
    assert stack["prepare"].waits_for == {"postgres": "service_healthy"}
    for name in ("api-server", "dag-processor", "triggerer"):
        assert stack[name].waits_for == {"prepare": "service_completed_successfully"}
    assert stack["scheduler"].waits_for == {
        "prepare": "service_completed_successfully",
        "api-server": "service_healthy",
    }


def test_state_outlives_containers_and_the_company_is_read_only(stack: dict[str, compose.Service]) -> None:
    home = compose.image_environment()["ATTAIN_HOME"]
    for name in OURS:
        assert stack[name].volumes == [f"state:{home}", "company:/company:ro"]
    assert stack["postgres"].volumes == ["database:/var/lib/postgresql/data"]
    assert compose.image_environment()["ATTAIN_COMPANY"] == "/company"


def test_our_containers_are_not_root_and_cannot_become_it(stack: dict[str, compose.Service]) -> None:
    image = compose.DOCKERFILE.read_text()
    assert image.rindex("USER attain") > image.rindex("RUN ")
    for name in OURS:
        assert stack[name].raw["cap_drop"] == ["ALL"]
        assert stack[name].raw["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in stack[name].raw
        assert "privileged" not in stack[name].raw


def test_every_part_is_asked_for_its_own_health(stack: dict[str, compose.Service]) -> None:
    asked = {name: stack[name].health[-1] for name in OURS[1:]}
    assert asked == {
        "api-server": "metadatabase",
        "scheduler": "scheduler",
        "dag-processor": "dag_processor",
        "triggerer": "triggerer",
    }
    for name in OURS[1:]:
        assert stack[name].health[:2] == ["python", "/opt/attain/tools/health.py"]
    assert stack["postgres"].health == ["pg_isready", "-U", "attain", "-d", "attain"]


def test_the_image_installs_only_what_the_lock_pins() -> None:
    image = compose.DOCKERFILE.read_text()
    installs = re.findall(r"pip install (.+?)(?: \\)?$", image, flags=re.MULTILINE)
    assert installs == [
        "--no-deps --require-hashes -r requirements-server.lock",
        "--no-deps --no-build-isolation -e .",
    ]


class Airflow(BaseHTTPRequestHandler):
    """A stand-in for the API server, of which one part is ill."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
        self.end_headers()
        self.wfile.write(
            b'{"metadatabase": {"status": "healthy"},'
            b' "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": "2026-11-03T08:00:00Z"},'
            b' "triggerer": {"status": "unhealthy", "latest_triggerer_heartbeat": null}}'
        )

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


def health(part: str, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(environment.PROJECT / "tools" / "health.py"), part],
        env={**os.environ, "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_health_check_tells_the_well_from_the_ill_and_the_dead() -> None:
    server = HTTPServer(("127.0.0.1", 0), Airflow)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        well, ill, absent = (health(part, server.server_port) for part in ("scheduler", "triggerer", "dag_processor"))
    finally:
        server.shutdown()
        server.server_close()
    assert (well.returncode, well.stdout) == (0, "scheduler: healthy 2026-11-03T08:00:00Z\n")
    assert (ill.returncode, ill.stdout) == (1, "triggerer: unhealthy\n")
    assert absent.returncode == 1
    assert "does not answer" in absent.stderr
    assert health("scheduler", server.server_port).returncode == 1
    assert health("everything", server.server_port).returncode == 2
