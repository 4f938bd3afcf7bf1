"""`make up` ends what it starts, refuses a second start, and clears up after a start that was killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from attain import airflow_up
from attain.errors import InputError

# A stand-in for Airflow: deaf to polite signals, with a child in its group and one that left it.
STUBBORN = """
import signal, subprocess, sys, time
code = '''
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
'''
inside = subprocess.Popen([sys.executable, "-c", code])
outside = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(inside.pid, outside.pid, flush=True)
time.sleep(600)
"""


def start_stubborn() -> tuple[subprocess.Popen[str], list[int]]:
    leader = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert leader.stdout
    return leader, [int(pid) for pid in leader.stdout.readline().split()]


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_stopping_ends_the_whole_group_and_children_that_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_up, "_PATIENCE", ((signal.SIGINT, 0.3), (signal.SIGTERM, 0.3), (signal.SIGKILL, 30.0)))
    leader, children = start_stubborn()
    assert not any(is_gone(pid) for pid in children)
    airflow_up.stop_group(leader.pid)
    leader.wait()
    assert all(is_gone(pid) for pid in children)


def record_of(home: Path, content: dict[str, object]) -> None:
    (home / "airflow").mkdir()
    (home / "airflow" / "up.json").write_text(json.dumps(content))


def test_a_second_start_is_refused_with_the_address_of_the_first(home: Path) -> None:
    me = {"pid": os.getpid(), "started": psutil.Process().create_time()}
    record_of(home, {**me, "group": 1, "port": 8123})
    with pytest.raises(InputError, match=r"running already: http://127\.0\.0\.1:8123"):
        airflow_up.up(home, 8123)


def test_a_taken_port_is_named_with_the_way_out(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is taken .* make up PORT=8081"):
            airflow_up.up(home, port)


def test_what_a_killed_start_left_is_ended_but_no_other_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_up, "_PATIENCE", ((signal.SIGKILL, 30.0),))
    record = home / "airflow" / "up.json"
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "airflow"], start_new_session=True)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    dead = {"pid": 2**22 + 1, "started": 1.0, "port": port}
    record_of(home, {**dead, "group": other.pid})
    airflow_up._refuse_second(record, port)
    assert other.poll() is None
    record.write_text(json.dumps({**dead, "group": ours.pid}))
    airflow_up._refuse_second(record, port)
    assert ours.wait() == -signal.SIGKILL
    other.kill()
    other.wait()


def test_airflow_is_told_where_everything_lies(home: Path) -> None:
    variables = airflow_up._variables(home, 8123)
    assert variables["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
    assert variables["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert variables["AIRFLOW_HOME"] == str(home / "airflow")
    assert variables["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_the_login_is_read_from_where_airflow_wrote_it(home: Path) -> None:
    (home / "airflow").mkdir()
    assert "login: see" in airflow_up._login(home)
    (home / "airflow" / "simple_auth_manager_passwords.json.generated").write_text('{"admin": "secret"}')
    assert airflow_up._login(home) == "login: admin / secret"
