"""The installer's sentences: a stand-in for Python plays the machines people have."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = (
    "sh",
    "dirname",
    "cat",
    "grep",
    "sed",
    "awk",
    "cksum",
    "find",
    "wc",
    "sleep",
    "rm",
    "head",
    "tail",
    "cut",
)
TOOLS += ("mkdir", "cp")

# Plays a Python: tells its version, makes an "environment" that is a copy of itself, answers as pip would.
STAND_IN = """#!/bin/sh
case "$*" in
*version_info*) echo "{version}" ;;
*ensurepip*) exit {ensurepip} ;;
*sys.prefix*) (cd "$(dirname "$0")/.." && pwd -P) ;;
"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
"-m pip --version") ;;
*" check") exit 0 ;;
*) echo "$*" >> "{calls}"; cat "{pip_log}"; exit {code} ;;
esac
"""


class Machine:
    """A PATH with a few tools and stand-ins for Python, and a copy of the installer."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found
            (self.path / tool).symlink_to(found)
        self.root = folder / "project"
        (self.root / "tools").mkdir(parents=True)
        shutil.copy(project / "tools" / "install.sh", self.root / "tools")
        (self.root / "requirements.lock").write_text("brokenpkg==1.0 \\\n    --hash=sha256:00\n")
        (self.root / "pyproject.toml").write_text("[project]\n")
        self.calls = folder / "calls"
        self.calls.touch()

    def python(self, name: str, version: str, *, ensurepip: bool = True, pip_log: str = "", code: int = 0) -> None:
        log = self.folder / f"{name}.log"
        log.write_text(pip_log)
        stand_in = self.path / name
        stand_in.write_text(
            STAND_IN.format(version=version, ensurepip=0 if ensurepip else 1, pip_log=log, code=code, calls=self.calls)
        )
        stand_in.chmod(0o755)

    def install(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(self.root / "tools" / "install.sh")],
            env={"PATH": str(self.path), **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path, project: Path) -> Machine:
    return Machine(tmp_path, project)


def test_without_any_python_it_says_which_to_install(machine: Machine) -> None:
    done = machine.install()
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "attain cannot be installed: no Python was found; install Python 3.11, 3.12 or 3.13 and try again."
    )


@pytest.mark.parametrize("version", ["3.14", "3.10", "2.7"])
def test_a_python_outside_the_range_is_named_with_its_version(machine: Machine, version: str) -> None:
    machine.python("python3", version)
    done = machine.install()
    assert done.returncode == 2
    assert f"it needs Python 3.11, 3.12 or 3.13, but python3 is Python {version};" in done.stderr
    assert "make run PYTHON=/path/to/python3.13" in done.stderr
    assert not (machine.root / ".venv").exists()


def test_a_fitting_python_behind_an_unfitting_one_is_taken(machine: Machine) -> None:
    machine.python("python3", "3.14")
    machine.python("python3.12", "3.12")
    done = machine.install()
    assert (done.returncode, done.stderr) == (0, "")
    assert "with python3.12 (Python 3.12)" in done.stdout


def test_a_python_without_venv_names_the_package_to_install(machine: Machine) -> None:
    machine.python("python3.11", "3.11", ensurepip=False)
    done = machine.install()
    assert done.returncode == 2
    assert "lacks the modules venv and ensurepip" in done.stderr
    assert "apt install python3.11-venv" in done.stderr


def test_a_named_python_that_does_not_start_is_named_back(machine: Machine) -> None:
    machine.python("python3.13", "3.13")
    done = machine.install(PYTHON="/nowhere/my python")
    assert done.returncode == 2
    assert "PYTHON=/nowhere/my python cannot be started" in done.stderr


@pytest.mark.parametrize(
    ("pip_log", "sentence"),
    [
        (
            "Collecting brokenpkg==1.0\nBuilding wheel for brokenpkg\n  error: subprocess-exited-with-error\n"
            "error: command 'gcc' failed\nERROR: Failed building wheel for brokenpkg\n",
            "the package brokenpkg has no ready-made build for this machine and could not be compiled here; "
            "install a C and C++ compiler",
        ),
        (
            "Collecting brokenpkg==1.0\n  Preparing metadata: started\nerror: metadata-generation-failed\n",
            "the package brokenpkg has no ready-made build",
        ),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for brokenpkg==1.0\n",
            "packages could not be downloaded; check the network",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n",
            "a downloaded package differs from the one written down in requirements.lock",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "the disk is full",
        ),
        (
            "ERROR: No matching distribution found for brokenpkg==1.0 (from -r lock)\n",
            "No matching distribution found for brokenpkg==1.0: the package index",
        ),
        ("Looking\nERROR: something new\n", "pip ended with: ERROR: something new"),
    ],
)
def test_a_failed_installation_ends_in_a_sentence_and_names_the_log(
    machine: Machine, pip_log: str, sentence: str
) -> None:
    machine.python("python3.13", "3.13", pip_log=pip_log, code=1)
    done = machine.install()
    assert done.returncode == 2
    message = done.stderr.strip()
    assert "\n" not in message
    assert sentence in message
    assert message.endswith(f"The full output is in {machine.root}/.venv/install.log.")
    assert (machine.root / ".venv" / "install.log").read_text() == pip_log


def test_the_second_call_installs_nothing_and_a_changed_lock_installs_again(machine: Machine) -> None:
    machine.python("python3.13", "3.13")
    assert machine.install().returncode == 0
    first = machine.calls.read_text()
    assert "install --no-deps --require-hashes" in first
    assert machine.install().stdout == ""
    assert machine.calls.read_text() == first
    (machine.root / "requirements.lock").write_text("other==2.0 \\\n    --hash=sha256:11\n")
    assert machine.install().returncode == 0
    assert machine.calls.read_text() == first * 2


def test_a_moved_folder_gets_a_new_environment(machine: Machine) -> None:
    machine.python("python3.13", "3.13")
    machine.install()
    moved = machine.folder / "moved"
    os.rename(machine.root, moved)
    machine.root = moved
    done = machine.install()
    assert done.returncode == 0
    assert "Installed." in done.stdout
