"""Airflow in processes of their own that share what takes long to make: its migrated database, the compiled models.

Both are made once and proven where nothing is shared: `test_whole_run` begins with an empty state folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.tiny_company import Place

_MIGRATE = """
from attain import environment

environment.apply(environment.home())
from attain.airflow_run import _migrate

_migrate(environment.home())
"""


def prepare(place: Place) -> None:
    """Puts a migrated database of Airflow into the state folder."""
    shared = Path(os.environ["ATTAIN_COMPILED"])
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "airflow" / "migrated").exists():
            _python(_MIGRATE, {"ATTAIN_HOME": str(shared)})
    shutil.copytree(shared / "airflow", place.home / "airflow", dirs_exist_ok=True)


def started(place: Place, code: str, asked: Any) -> tuple[Any, str]:
    """What `code`, given `asked` as JSON, wrote as JSON into the file TOLD about the company; and all it printed."""
    told = place.root / "told.json"
    told.unlink(missing_ok=True)
    places = {"ATTAIN_HOME": str(place.home), "ATTAIN_COMPANY": str(place.company), "TOLD": str(told)}
    done = _python(code, places, json.dumps(asked))
    output = done.stdout + done.stderr
    assert told.exists(), output
    return json.loads(told.read_text(encoding="utf-8")), output


def _python(code: str, places: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name == "ATTAIN_COMPILED" or not name.startswith(("AIRFLOW", "ATTAIN"))
    }
    return subprocess.run(
        [sys.executable, "-c", code, *words], env={**inherited, **places}, capture_output=True, text=True, check=False
    )
