"""The commands of `docs/operations.md` bring landing and ledger to an empty machine, and the numbers with them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, attain

from attain.environment import PROJECT
from attain.ledger import Ledger

pytestmark = pytest.mark.slow


def blocks() -> list[str]:
    """The shell blocks of the document: making a backup, restoring it."""
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def shell(script: str, place: Place, backup: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-euc", script],
        env={
            **os.environ,
            "BACKUP": str(backup),
            "ATTAIN_HOME": str(place.home),
            "ATTAIN_COMPANY": str(place.company),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A company with a closed month, a late deal after it, the next month published, and a delivery half written."""
    place = Place(tmp_path_factory.mktemp("busy"))
    tiny_company.write(place.company)
    assert place.run("2025-01").exit_code == 0
    closed = attain("--company", place.company, "--home", place.home, "close", "2025-01", "--approved-by", "Cy")
    assert closed.exit_code == 0, closed.err
    place.drop(
        "deals/late.csv", tiny_company.DEALS.splitlines()[0] + "\nd11,core,bo,won,500.00,2024-12-01,2025-01-30,\n"
    )
    assert place.run().exit_code == 0
    half = place.home / "landing" / "deals" / ".half.tmp"
    half.mkdir()
    (half / "rows.parquet").write_bytes(b"half a file")
    return place


@pytest.fixture(scope="module")
def backup(busy: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup") / "today"
    done = shell(blocks()[0], busy, folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_restored_machine_publishes_the_same_hashes(busy: Place, backup: Path, tmp_path: Path) -> None:
    fresh = Place(tmp_path / "elsewhere")
    done = shell(blocks()[1], fresh, backup)
    assert done.returncode == 0, done.stdout + done.stderr
    assert fresh.batches() == busy.batches()
    assert Ledger(fresh.home / "ledger").head() == Ledger(busy.home / "ledger").head()
    assert not list((fresh.home / "landing").rglob(".*"))

    then = json.loads((backup / "seal.json").read_text())
    run = attain(
        *("--company", fresh.company, "--home", fresh.home),
        *("run", "--period", then["period"], "--as-of", then["as_of"]),
    )
    assert run.exit_code == 0, run.err
    now = json.loads((fresh.home / "published" / "current" / "seal.json").read_text())
    assert now["tables"] == then["tables"]
    assert now["hash"] == then["hash"]


def test_a_backup_is_for_its_owner_only(backup: Path) -> None:
    names = {path.name for path in backup.iterdir()}
    assert names == {"ledger.tar", "landing.tar", "company.tar", "seal.json"}
    assert {path.stat().st_mode & 0o077 for path in backup.iterdir()} == {0}


def test_a_damaged_backup_is_noticed_before_anything_is_run(backup: Path, tmp_path: Path) -> None:
    fresh = Place(tmp_path / "elsewhere")
    assert shell(blocks()[1], fresh, backup).returncode == 0
    rows = next((fresh.home / "landing" / "deals").glob("*/rows.parquet"))
    content = bytearray(rows.read_bytes())
    content[len(content) // 2] ^= 1
    rows.chmod(0o644)
    rows.write_bytes(content)
    told = shell("attain doctor --verify", fresh, backup)
    assert told.returncode == 2
    assert str(rows) in told.stdout + told.stderr
