"""A file of 300 MB and one of five million rows land in flat memory; part of `make faults`.

`docs/performance.md` keeps the figures this prints (`pytest -s`).
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from attain import environment

# What the libraries alone take is about 150 MB; a reader that held a file would take several times its size.
MOST = 700 << 20
LAND = """
import json, sys, time
from pathlib import Path
from attain.company import load_company
from attain.landing import Landing
from attain.sources.files import FileDrops
import datetime as dt
root = Path(sys.argv[1])
start = time.perf_counter()
report = FileDrops(load_company(root)).extract(Landing(root / "home" / "landing"), dt.datetime(2025, 3, 3))
seconds = time.perf_counter() - start
# Of this program alone: the most that getrusage tells goes on from the process that started it.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
peak = int(status["VmHWM"].split()[0]) << 10
print(json.dumps({"rows": report.landed, "seconds": seconds, "peak": peak}))
"""


def land(root: Path) -> dict[str, float]:
    """Rows, seconds and the most memory (bytes) of landing what lies in the inbox, in a process of its own."""
    text = "name: Large\ncurrency: USD\nfirst_period: 2025-01\n"
    (root / "company.yml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LAND, str(root)],
        capture_output=True,
        text=True,
        check=True,
        cwd=environment.PROJECT / "include",
    )
    found: dict[str, float] = json.loads(done.stdout)
    size = sum(path.stat().st_size for path in (root / "inbox").iterdir())
    print(f"\n{size / 1e6:,.0f} MB, {found['rows']:,} rows: {found['seconds']:.1f} s, {found['peak'] / 1e6:,.0f} MB")
    return found


def rows_of(number: int, filler: str) -> list[str]:
    return [f"d{number}", "acme", "ann", "won", f"{number % 9000}.50", "2024-12-01", "2025-01-10", filler]


@pytest.mark.parametrize(
    ("count", "filler", "megabytes"),
    [(5_000_000, "", 250), (300_000, "x" * 960, 300)],
    ids=["five million rows", "three hundred megabytes"],
)
def test_a_large_file_lands_in_flat_memory(tmp_path: Path, count: int, filler: str, megabytes: int) -> None:
    path = tmp_path / "inbox" / "deals.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("deal_id account_id owner_id status amount created_on won_on name".split())
        writer.writerows(rows_of(number, filler) for number in range(count))
    assert path.stat().st_size >= megabytes * 1_000_000
    found = land(tmp_path)
    assert found["rows"] == count
    assert found["peak"] < MOST
