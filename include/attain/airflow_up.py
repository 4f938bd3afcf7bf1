"""`make up`: Airflow with its user interface on this machine, stopped together with everything it started.

`airflow standalone` leaves its four components running when it is ended by anything but Ctrl-C, and the next
start then talks to the old API server. So it gets a process group of its own, which is ended as a whole.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from attain import environment
from attain.errors import AttainError, InputError

_HOST = "127.0.0.1"
# Seconds granted to Airflow's components after each of the three requests to end, the last being SIGKILL.
_PATIENCE = ((signal.SIGINT, 15.0), (signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


def up(home: Path, port: int) -> None:
    """Run Airflow until a signal comes; returns when the last of its processes is gone.

    Raises InputError when it runs already or the port is taken, AttainError when Airflow ends by itself.
    """
    record = home / "airflow" / "up.json"
    _refuse_second(record, port)
    log = home / "logs" / "airflow-up.log"
    record.parent.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: asked_to_stop.set())
    print(f"Starting Airflow (about 20 seconds) ... its output goes to {log}", flush=True)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "airflow", "standalone"],
            env=_variables(home, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        record.write_text(json.dumps(_identity(os.getpid()) | {"group": server.pid, "port": port}))
        _wait(server, asked_to_stop, home, port, log)
    finally:
        print("Stopping Airflow ...", flush=True)
        stop_group(server.pid)
        server.wait()
        record.unlink(missing_ok=True)
        print("Airflow and everything it started has ended.", flush=True)


def stop_group(group: int) -> None:
    """End every process of the group and its descendants elsewhere: asked twice, then forced."""
    strays = _descendants(group)
    for number, patience in _PATIENCE:
        for member in _members(group) + [stray for stray in strays if stray.is_running()]:
            _signal(member, number)
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            if not _members(group) and not any(_alive(stray) for stray in strays):
                return
            time.sleep(0.1)


def _variables(home: Path, port: int) -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return {
        **os.environ,
        **environment.settings(home),
        # `airflow standalone` starts its parts as `airflow ...`, found by name.
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)]),
        "AIRFLOW__API__HOST": _HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{_HOST}:{port}",
        "AIRFLOW__API__WORKERS": "1",
        # Shown in the browser, for people with several companies.
        "AIRFLOW__API__INSTANCE_NAME": f"Attain: {Path(os.environ.get('ATTAIN_COMPANY', home)).name}",
        # The stages of a run follow each other; Airflow's default would keep 32 idle workers in memory.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    }


def _wait(server: subprocess.Popen[bytes], asked_to_stop: threading.Event, home: Path, port: int, log: Path) -> None:
    announced = False
    while not asked_to_stop.wait(0.5):
        if server.poll() is not None:
            tail = " / ".join(log.read_text(errors="replace").splitlines()[-3:])
            raise AttainError(f"Airflow ended by itself (code {server.returncode}): {tail} The whole output: {log}")
        if not announced and _is_healthy(port):
            announced = True
            print(f"Airflow is ready: http://{_HOST}:{port}   {_login(home)}   Ctrl-C stops it.", flush=True)


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{_HOST}:{port}/api/v2/monitor/health", timeout=2) as answer:
            health = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False
    return all(health.get(part, {}).get("status") == "healthy" for part in ("metadatabase", "scheduler"))


def _login(home: Path) -> str:
    path = home / "airflow" / "simple_auth_manager_passwords.json.generated"
    try:
        passwords = json.loads(path.read_text())
    except (OSError, ValueError):
        return f"login: see {path}"
    return "   ".join(f"login: {user} / {password}" for user, password in passwords.items())


def _refuse_second(record: Path, port: int) -> None:
    """Stop when another `make up` lives; end what one that was killed left behind."""
    try:
        before = json.loads(record.read_text())
    except (OSError, ValueError):
        before = None
    if before and _identity(before["pid"]) == {"pid": before["pid"], "started": before["started"]}:
        raise InputError(f"Airflow is running already: http://{_HOST}:{before['port']} (process {before['pid']}).")
    if before and any("airflow" in " ".join(_command(member)) for member in _members(before["group"])):
        print("Ending what an earlier start left behind ...", flush=True)
        stop_group(before["group"])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise InputError(f"Port {port} is taken by another program; choose one: make up PORT=8081.") from None


def _identity(pid: int) -> dict[str, float | int | None]:
    """A process by its number and start, since numbers are used again."""
    try:
        return {"pid": pid, "started": psutil.Process(pid).create_time()}
    except psutil.Error:
        return {"pid": pid, "started": None}


def _members(group: int) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _alive(process) and _group_of(process) == group]


def _group_of(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except OSError:
        return None


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _signal(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        return


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make up", description="Airflow with Attain's DAGs on this machine.")
    parser.add_argument("--port", type=int, default=8080)
    chosen = parser.parse_args(arguments)
    try:
        company = environment.choose_company(None, environment.sample_day(dt.datetime.now(dt.UTC)))
        os.environ["ATTAIN_COMPANY"] = str(company)
        home = environment.home_of(company)
        print(f"Company: {company}   state: {home}", flush=True)
        up(home, chosen.port)
    except AttainError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
