"""A real PostgreSQL of this machine in a folder of its own, run as a user without rights, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


@dataclass(frozen=True)
class Server:
    """Where it listens; `programs` is the folder of its commands."""

    port: int
    programs: Path


def programs() -> Path | None:
    """The folder with initdb and postgres, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    root = Path("/")
    found = [path for place in _PLACES for path in sorted(root.glob(place[1:])) if (path / "initdb").exists()]
    return found[-1] if found else None


def lacking() -> str:
    """Why no server can be started here; empty when one can."""
    if programs() is None:
        return "PostgreSQL's programs (initdb, postgres) are not installed"
    if os.geteuid() == 0 and not _unprivileged():
        return "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as"
    return ""


@contextmanager
def running(user: str, password: str, database: str) -> Iterator[Server]:
    """A new server with one database, the password asked for over TCP; gone with its files afterwards."""
    where = programs()
    assert where
    # Below the system's temporary folder: root's own folders are closed to the user it runs as.
    with tempfile.TemporaryDirectory(prefix="attain-postgres-", ignore_cleanup_errors=True) as folder:
        root, data = Path(folder), Path(folder) / "data"
        (root / "password").write_text(password)
        if os.geteuid() == 0:
            _give_away(root)
        authentication = ["--auth=scram-sha-256", f"--pwfile={root / 'password'}"]
        _call(where / "initdb", "-D", data, "-U", user, *authentication, "-E", "UTF8", "--no-sync")
        server = Server(free_port(), where)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={root}", "-c", "fsync=off"]
        with (root / "log").open("wb") as log:
            process = subprocess.Popen(
                [where / "postgres", "-D", data, "-p", str(server.port), *options],
                stdout=log,
                stderr=log,
                **_as_user(),
            )
        try:
            environment = {**os.environ, "PGPASSWORD": password, "PGHOST": "127.0.0.1", "PGPORT": str(server.port)}
            _call(where / "pg_isready", "-U", user, "-d", "postgres", "-t", "30", environment=environment, tries=60)
            _call(where / "createdb", "-U", user, database, environment=environment)
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> tuple[int, int] | None:
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return None


def _as_user() -> dict[str, object]:
    identity = _unprivileged() if os.geteuid() == 0 else None
    return {"user": identity[0], "group": identity[1], "extra_groups": []} if identity else {}


def _give_away(root: Path) -> None:
    identity = _unprivileged()
    assert identity
    for path in (root, root / "password"):
        os.chown(path, *identity)


def _call(*words: object, environment: dict[str, str] | None = None, tries: int = 1) -> None:
    for left in reversed(range(tries)):
        done = subprocess.run(
            [str(word) for word in words],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **_as_user(),
        )
        if done.returncode == 0:
            return
        if left:
            subprocess.run(["sleep", "0.5"], check=True)
    raise AssertionError(f"{words[0]} failed: {done.stdout}{done.stderr}")
