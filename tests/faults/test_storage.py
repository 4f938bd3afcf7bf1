"""What disks, clocks and stray hands do to the state: found, named in a sentence, nothing wrong published."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from tests.faults import children, disks, world
from tests.faults.world import NOW, PERIOD, World
from tests.integration.tiny_company import Outcome, attain

from attain import doctor, pipeline
from attain.errors import Corrupt, InputError
from attain.landing import Landing
from attain.ledger import Ledger
from attain.sources import files

pytestmark = pytest.mark.slow


def command(spoilt: World, *words: str) -> Outcome:
    return attain("--company", spoilt.place.company, "--home", spoilt.place.home, *words)


def flip(path: Path) -> None:
    """One bit in the middle of a file, as a failing disk does it: same size, same time."""
    facts = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.chmod(0o644)
    path.write_bytes(bytes(content))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def standing(spoilt: World) -> tuple[world.Hashes, list[str]]:
    """What readers see, and which closes there are."""
    ledger = spoilt.place.home / "ledger"
    return world.content(world.current(spoilt.place.home)), sorted(os.listdir(ledger)) if ledger.is_dir() else []


def refused(spoilt: World, *, close: bool = False) -> str:
    """The sentence of a run or close that must stop and leave what is published and booked as it was."""
    before = standing(spoilt)
    job = spoilt.job(run=not close, close=close)
    assert children.finish(job) == Corrupt.exit_code
    assert standing(spoilt) == before
    return children.log_of(job).read_text()


def found_by_doctor(home: Path) -> list[str]:
    return [finding.sentence for finding in doctor.examine(home, verify=True) if finding.level == "error"]


def test_a_read_only_state_folder_is_told_and_can_still_be_looked_at(prepared: World, tmp_path: Path) -> None:
    with disks.small_disk(tmp_path / "small", 96) as folder:
        state = prepared.at(folder / "place")
        assert command(state, "status").exit_code == 0
        with disks.read_only(folder):
            run, status, health = command(state, "run"), command(state, "status"), command(state, "doctor")
    assert (run.exit_code, status.exit_code, health.exit_code) == (3, 0, 2)
    assert f"{state.place.home} lies on a file system that is mounted read-only" in run.err
    assert "Internal error" not in run.err
    assert f"Published  {PERIOD}" in status.out
    assert "cannot be written (Read-only file system); runs will fail." in health.out


@pytest.mark.parametrize("file", ["rows.parquet", "seal.json"])
def test_a_flipped_bit_in_a_batch_stops_the_run_and_is_named(january: World, file: str) -> None:
    (path,) = (january.place.home / "landing" / "targets").glob(f"*/{file}")
    flip(path)
    assert str(path) in refused(january)
    assert {str(path) in sentence for sentence in found_by_doctor(january.place.home)} == {True}


def test_a_batch_that_lost_its_seal_stops_the_run_and_is_named(january: World) -> None:
    (path,) = (january.place.home / "landing" / "targets").glob("*/seal.json")
    path.unlink()
    assert f"{path.parent}: has no seal.json" in refused(january)
    assert any(str(path.parent) in sentence for sentence in found_by_doctor(january.place.home))


@pytest.mark.parametrize("file", ["ledger_entries.parquet", "seal.json"])
def test_a_flipped_bit_in_a_close_stops_runs_and_closes_and_is_named(
    prepared: World, tmp_path: Path, file: str
) -> None:
    closed = prepared.closed_at(tmp_path)
    path = closed.place.home / "ledger" / "000001" / file
    flip(path)
    assert str(path) in refused(closed)
    assert str(path) in refused(closed, close=True)
    assert any(str(path) in sentence for sentence in found_by_doctor(closed.place.home))


def test_a_ledger_that_lost_its_last_close_pays_nothing_twice(prepared: World, tmp_path: Path) -> None:
    closed = prepared.closed_at(tmp_path)
    shutil.rmtree(closed.place.home / "ledger" / "000001")
    sentence = "lacks the close that stood last when the published set was made"
    assert sentence in refused(closed)
    assert sentence in refused(closed, close=True)
    assert any(sentence in found for found in found_by_doctor(closed.place.home))


def test_a_flipped_bit_in_a_published_file_is_found_not_booked_and_replaced(january: World) -> None:
    flipped_in_the_set(january, "parquet/payouts.parquet")


def flipped_in_the_set(january: World, file: str) -> None:
    """A bit changes in a published file: found, not booked from, and gone with the next run."""
    home = january.place.home
    world.finished(january.job())
    path = (home / "published" / file).resolve() if file != "seal.json" else home / "published" / "current" / file
    flip(path)
    assert any(path.name in sentence for sentence in found_by_doctor(home))
    job = january.job(run=False, close=True)
    assert children.finish(job) == Corrupt.exit_code
    assert path.name in children.log_of(job).read_text()
    assert Ledger(home / "ledger").closes() == []
    world.finished(january.job(now=world.LATER))
    assert world.whole(january) == ("after run", False)
    assert found_by_doctor(home) == []


def test_a_clock_that_jumped_back_changes_neither_order_nor_result(january: World) -> None:
    earlier = world.FIRST - dt.timedelta(days=40)
    world.finished(january.job(now=earlier.replace(year=2025, month=2, day=1)))
    assert world.whole(january) == ("after run", False)
    instants = [batch.sealed_at for batch in Landing(january.place.home / "landing").deliveries()]
    assert instants == sorted(instants)
    assert instants[-1] > world.FIRST


class Swap:
    """Replaces a file at the moment it is read, by one of equal size and time."""

    def __init__(self, path: Path, content: bytes | None) -> None:
        self.path, self.content, self.real = path, content, files._read

    def __call__(self, delivery: files.Delivery, label: str, rows: object) -> bool:
        if delivery.path == self.path:
            facts = self.path.stat()
            self.path.unlink()
            if self.content is not None:
                self.path.write_bytes(self.content)
                os.utime(self.path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        return self.real(delivery, label, rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"account_id,name\nacme,EVIL\nblue,Blue\ncore,Core\ndune,Dune\n", "accounts.csv: changed while it was read"),
        (None, "accounts.csv: was removed while it was read"),
    ],
)
def test_a_file_replaced_or_removed_while_it_is_read_is_not_landed_and_named(
    january: World, monkeypatch: pytest.MonkeyPatch, content: bytes | None, sentence: str
) -> None:
    path = january.place.inbox / "accounts.csv"
    monkeypatch.setattr(files, "_read", Swap(path, content))
    with pytest.raises(InputError, match=sentence):
        pipeline.land(january.place.company, january.place.home, NOW)
    assert Landing(january.place.home / "landing").batches("accounts") == []
    assert len(Landing(january.place.home / "landing").batches("deals")) == 2
