"""Sealed batches: all or nothing, verified, in order of knowledge."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attain import sealed
from attain.errors import Busy, Corrupt
from attain.landing import Landing, Origin
from attain.rows import RowWriter

NOON = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)


def put(landing: Landing, fingerprint: str, now: dt.datetime = NOON, stream: str = "deals") -> str:
    def fill(rows: RowWriter) -> None:
        rows.start(["deal_id"])
        rows.add(pa.array([2]), [pa.array([fingerprint])])

    return landing.write(Origin(stream, "test", "deals.csv", fingerprint), fill, now).batch_id


def test_a_batch_reads_back_as_it_was_written(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    origin = Origin(
        "deals",
        "zoho",
        "Deals",
        "abc",
        requests=("GET /deals?page=1",),
        extract_window=("2026-01-01", "2026-02-01"),
    )

    def fill(rows: RowWriter) -> None:
        rows.start(["deal_id", "name"])
        rows.add(pa.array([2, 3]), [pa.array(["d1", "d2"]), pa.array([None, " x"])])
        rows.add_malformed(4, "d3,x,y", "column_count", "row 4 has 3 values, the header has 2", ["d3", "x", "y"])

    landing.write(origin, fill, NOON)
    (batch,) = Landing(tmp_path).batches()
    assert batch.origin == origin
    assert (batch.sealed_at, batch.columns, batch.rows, batch.malformed) == (NOON, ("deal_id", "name"), 2, 1)
    assert batch.untidy == {"name"}
    assert pq.read_table(batch.rows_path).to_pylist() == [
        {"_row": 2, "deal_id": "d1", "name": None},
        {"_row": 3, "deal_id": "d2", "name": " x"},
    ]
    assert pq.read_table(batch.malformed_path).to_pylist()[0]["raw"] == "d3,x,y"
    assert Landing(tmp_path).known("abc")
    assert landing.known("GET /deals?page=1")
    assert not landing.known("abd")
    batch.verify()


def test_batches_come_in_the_order_of_their_instants_over_all_streams(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    ids = [put(landing, str(n), NOON + dt.timedelta(hours=n), stream) for n, stream in enumerate(("teams", "deals"))]
    assert [batch.batch_id for batch in landing.batches()] == ids
    assert [batch.batch_id for batch in landing.batches("deals")] == ids[1:]
    assert [batch.batch_id for batch in landing.batches(as_of=NOON)] == ids[:1]
    assert landing.batches(as_of=NOON - dt.timedelta(microseconds=1)) == []


def test_the_clock_stepping_back_does_not_put_new_knowledge_before_old(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    put(landing, "a")
    put(landing, "b", NOON - dt.timedelta(days=3), "teams")
    put(landing, "c", NOON)
    assert [(batch.origin.fingerprint, batch.sealed_at - NOON) for batch in landing.batches()] == [
        ("a", dt.timedelta(0)),
        ("b", dt.timedelta(microseconds=1)),
        ("c", dt.timedelta(microseconds=2)),
    ]


def test_a_fault_while_filling_leaves_nothing(tmp_path: Path) -> None:
    def fill(rows: RowWriter) -> None:
        rows.start(["deal_id"])
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        Landing(tmp_path).write(Origin("deals", "test", "x", "f"), fill, NOON)
    assert list((tmp_path / "deals").iterdir()) == []


def test_a_folder_that_lost_its_seal_is_named_and_never_left_out_silently(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    put(landing, "a")
    (seal,) = tmp_path.glob("deals/*/seal.json")
    seal.unlink()
    with pytest.raises(Corrupt, match=f"{re.escape(str(seal.parent))}: has no seal.json, .* restore this folder"):
        Landing(tmp_path).batches()


def test_unfinished_folders_do_not_exist_for_readers(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    put(landing, "a")
    (tmp_path / "deals" / ".99990102.tmp").mkdir()
    (tmp_path / "deals" / ".99990102.tmp" / sealed.SEAL).write_text("{}")
    assert [batch.origin.fingerprint for batch in landing.batches()] == ["a"]


def test_what_a_killed_writer_left_is_swept_and_a_living_one_is_not(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib; from attain import sealed\n"
        "def fill(folder):\n print('in', flush=True); time.sleep(60); return {}\n"
        "sealed.write(pathlib.Path(sys.argv[1]), 'n1', fill)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"in\n"
        assert sealed.sweep(tmp_path) == []
        with pytest.raises(Busy, match="another run is writing this at the moment"):
            sealed.write(tmp_path, "n1", lambda folder: {})
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    assert sealed.names(tmp_path) == []
    for _ in range(100):
        if sealed.sweep(tmp_path) == [".n1.tmp"]:
            break
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_name_is_taken_once(tmp_path: Path) -> None:
    sealed.write(tmp_path, "000001", lambda folder: {"n": 1})
    with pytest.raises(Busy, match="exists already"):
        sealed.write(tmp_path, "000001", lambda folder: {"n": 2})

    def meanwhile(folder: Path) -> dict[str, int]:
        (tmp_path / "000002").mkdir()
        (tmp_path / "000002" / "seal.json").write_text("{}")
        return {"n": 2}

    with pytest.raises(Busy, match="wrote it meanwhile"):
        sealed.write(tmp_path, "000002", meanwhile)
    assert sealed.read(tmp_path / "000001") == {"n": 1, "files": {}}


def test_the_digest_of_a_seal_covers_the_files(tmp_path: Path) -> None:
    def fill(text: str) -> object:
        return lambda folder: {"bytes": (folder / "x.txt").write_text(text)}

    digests = [sealed.digest(sealed.write(tmp_path, text, fill(text))) for text in ("a", "b")]  # type: ignore[arg-type]
    assert digests[0] != digests[1]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("longer", r"rows\.parquet: bytes is \d+, but the seal says \d+"),
        (
            "flipped",
            r"rows\.parquet: sha256 is \w+, but the seal says \w+; the file was changed after it was sealed",
        ),
        ("gone", r"rows\.parquet: is missing, but the seal lists it"),
        ("seal", r"seal\.json: the seal was changed after it was written"),
        ("no seal", r"seal\.json: the seal cannot be read"),
    ],
)
def test_damage_is_found_and_named(tmp_path: Path, damage: str, sentence: str) -> None:
    landing = Landing(tmp_path)
    put(landing, "a")
    (batch,) = landing.batches()
    path = batch.rows_path
    content = path.read_bytes()
    if damage == "longer":
        path.write_bytes(content + b"x")
    elif damage == "flipped":
        path.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
    elif damage == "gone":
        path.unlink()
    else:
        file = batch.folder / sealed.SEAL
        seal = json.loads(file.read_text())
        file.write_text(json.dumps({**seal, "rows": 2}) if damage == "seal" else "{")
    with pytest.raises(Corrupt, match=sentence):
        batch.verify()
