"""`make bench`: seconds, CPU and peak memory per stage of a whole run, and its ratio to the floor measured beside it.

The floor (floor.sql) reads the same landed Parquet, types every column of every stream, computes credits, marginal
slices and payouts and writes them as Parquet. Its payouts must equal those of the run to the cent: so the benchmark is
also a check by a second, independent computation. The report lies in build/bench/; `--record` writes the table into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import company
import duckdb
import psutil

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
REPORTS = PROJECT / "build" / "bench"
DOCUMENT = PROJECT / "docs" / "performance.md"
MARK = "<!-- measured: written by make bench RECORD=1 -->"
PEOPLE = 5_000
SAMPLE_EVERY = 0.05


@dataclass
class Stage:
    """One stage: wall and CPU seconds, and the most memory its process held meanwhile."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class Measured:
    """A process that was watched."""

    stages: list[Stage]
    slowest: list[tuple[str, float]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(stage.seconds for stage in self.stages)

    @property
    def cpu_seconds(self) -> float:
        return sum(stage.cpu_seconds for stage in self.stages)

    @property
    def peak_bytes(self) -> int:
        return max(stage.peak_bytes for stage in self.stages)


def main() -> int:
    """Exit code 0, or 1 when run and floor disagree about a payout, or two runs of the same inputs about anything."""
    asked = _arguments()
    results = []
    for deals in asked.deals or [100_000, 1_000_000, 10_000_000]:
        with tempfile.TemporaryDirectory(prefix="attain-bench-", dir=asked.folder) as folder:
            result = bench(Path(folder), deals)
            if asked.again:
                result["again"] = bench_again(Path(folder))
            if asked.all_types:
                result["all_types"] = bench_all_types(Path(folder), deals, result)
        _show(result)
        results.append(result)
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = {"machine": machine(), "date": time.strftime("%Y-%m-%d", time.gmtime()), "results": results}
    path = REPORTS / "bench.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"\nJSON: {path}")
    if asked.record:
        _record(report)
        print(f"Table: {DOCUMENT}")
    agree = all(result["payouts_agree"] and result.get("again", {}).get("is_same", True) for result in results)
    return 0 if agree else 1


def bench(folder: Path, deals: int) -> dict[str, Any]:
    """Generate, run and compare one size in `folder`; gives the report of it."""
    print(f"\n{deals:,} deals: generating", flush=True)
    made = company.write(folder / "company", deals, PEOPLE)
    home = folder / "home"
    home.mkdir()
    whole = watch("run", made.folder, home)
    floor = watch("floor", home / "landing", folder / "floor")
    paid = _sum(home / "published" / "parquet" / "payouts.parquet")
    differing = _differing(home / "published" / "parquet" / "payouts.parquet", folder / "floor" / "payouts.parquet")
    rows = sum(made.rows.values())
    seconds, cpu = _computed(whole)
    return {
        "deals": deals,
        "rows": rows,
        "rows_by_stream": made.rows,
        "stages": [asdict(stage) for stage in whole.stages],
        "slowest_models": whole.slowest,
        "seconds": whole.seconds,
        "cpu_seconds": whole.cpu_seconds,
        "rows_per_second": rows / whole.seconds,
        "peak_bytes": whole.peak_bytes,
        "floor": asdict(floor.stages[0]),
        "computed_seconds": seconds,
        "computed_cpu_seconds": cpu,
        "ratio": seconds / floor.seconds,
        "ratio_with_landing": whole.seconds / floor.seconds,
        "ratio_cpu": cpu / floor.cpu_seconds,
        "published_bytes": sum(p.stat().st_size for p in (home / "published" / "sets").rglob("*") if p.is_file()),
        "paid": str(paid),
        "differing_payouts": differing,
        "payouts_agree": not differing,
    }


def bench_again(folder: Path) -> dict[str, Any]:
    """After 0.1 % of the rows were corrected: a run that begins with the last one's files, and one that has none.

    Both must publish the same.
    """
    changed = company.change(folder / "company")
    home, other = folder / "home", folder / "home_from_nothing"
    other.mkdir()
    refreshed = watch("again", folder / "company", home)
    shutil.copytree(home / "landing", other / "landing", copy_function=os.link)
    (other / "dbt").symlink_to(home / "dbt")
    whole = watch("again", folder / "company", other)
    seals = [json.loads((place / "published" / "current" / "seal.json").read_text()) for place in (home, other)]
    return {
        "changed_rows": changed,
        "stages": [asdict(stage) for stage in refreshed.stages],
        "whole_stages": [asdict(stage) for stage in whole.stages],
        "slowest_models": refreshed.slowest,
        "seconds": _computed(refreshed)[0],
        "cpu_seconds": _computed(refreshed)[1],
        "share_of_seconds": _computed(refreshed)[0] / _computed(whole)[0],
        "share_of_cpu": _computed(refreshed)[1] / _computed(whole)[1],
        "peak_bytes": refreshed.peak_bytes,
        "is_same": seals[0]["tables"] == seals[1]["tables"],
    }


def _computed(run: Measured) -> tuple[float, float]:
    """Wall and CPU seconds from landed to published: the floor begins there too."""
    stages = [stage for stage in run.stages if stage.name not in ("start", "compile", "land")]
    return sum(stage.seconds for stage in stages), sum(stage.cpu_seconds for stage in stages)


def bench_all_types(folder: Path, deals: int, plain: dict[str, Any]) -> dict[str, Any]:
    """The same deals under a plan with one component of every type: the run, and what it takes of the plain one's CPU.

    What the tiers pay must be the same to the cent.
    """
    made = company.write(folder / "all_types", deals, PEOPLE, all_types=True)
    home = folder / "all_types_home"
    home.mkdir()
    whole = watch("run", made.folder, home)
    row = duckdb.execute(
        """
        select count(*)
        from (select participant_id, period, earned from read_parquet($alone)) as alone
        full join (
            select participant_id, period, earned from read_parquet($together) where component = 'accelerator'
        ) as together using (participant_id, period)
        where alone.earned is distinct from together.earned
        """,
        {
            "alone": str(folder / "home" / "published" / "parquet" / "payouts.parquet"),
            "together": str(home / "published" / "parquet" / "payouts.parquet"),
        },
    ).fetchone()
    assert row is not None
    seconds, cpu = _computed(whole)
    return {
        "stages": [asdict(stage) for stage in whole.stages],
        "slowest_models": whole.slowest,
        "computed_seconds": seconds,
        "computed_cpu_seconds": cpu,
        "peak_bytes": whole.peak_bytes,
        "ratio_cpu_to_tiers": cpu / plain["computed_cpu_seconds"],
        "differing_earned": int(row[0]),
    }


def watch(task: str, *folders: Path) -> Measured:
    """Run a task of work.py in a process of its own and look at its memory all the while."""
    command = [sys.executable, str(HERE / "work.py"), task, *map(str, folders)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT / "include"), str(HERE)])}
    log = folders[-1].with_name(f"{task}.log")
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as process,
    ):
        assert process.stdout is not None
        samples: list[tuple[float, int]] = []
        sampler = threading.Thread(target=_sample, args=(process.pid, samples), daemon=True)
        sampler.start()
        lines = [line for line in process.stdout if line.startswith("{")]
        if process.wait():
            sys.exit(f"{task} failed:\n{log.read_text()[-4000:]}")
        sampler.join()
    facts = [json.loads(line) for line in lines]
    stages = [_stage(fact, samples) for fact in facts if "stage" in fact]
    return Measured(stages, next((fact["slowest"] for fact in facts if "slowest" in fact), []))


def _sample(pid: int, samples: list[tuple[float, int]]) -> None:
    process = psutil.Process(pid)
    while True:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            samples.append((time.monotonic(), process.memory_info().rss))
        except psutil.NoSuchProcess:
            return
        time.sleep(SAMPLE_EVERY)


def _stage(fact: dict[str, Any], samples: list[tuple[float, int]]) -> Stage:
    inside = [rss for at, rss in samples if fact["from"] - SAMPLE_EVERY <= at <= fact["to"] + SAMPLE_EVERY]
    return Stage(fact["stage"], fact["to"] - fact["from"], fact["cpu"], max(inside, default=0))


def _sum(payouts: Path) -> Decimal:
    row = duckdb.execute("select coalesce(sum(payable), 0) from read_parquet(?)", [str(payouts)]).fetchone()
    assert row is not None
    return Decimal(row[0])


def _differing(run: Path, floor: Path) -> int:
    """Participants and months that run and floor do not pay alike; who sold nothing is not in the floor."""
    row = duckdb.execute(
        """
        select count(*)
        from (
            select participant_id, period, payable from read_parquet($run)
            where payable <> 0
        ) as run
        full join (select * from read_parquet($floor) where payable <> 0) as floor using (participant_id, period)
        where run.payable is distinct from floor.payable
        """,
        {"run": str(run), "floor": str(floor)},
    ).fetchone()
    assert row is not None
    return int(row[0])


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cpus": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "load_before": os.getloadavg()[0],
    }


def _show(result: dict[str, Any]) -> None:
    print(f"{'stage':<12}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}{'rows/s':>12}")
    for stage in [*result["stages"], result["floor"]]:
        rate = result["rows"] / stage["seconds"]
        print(
            f"{stage['name']:<12}{stage['seconds']:>9.1f}{stage['cpu_seconds']:>9.1f}"
            f"{stage['peak_bytes'] / 1e6:>9.0f}{rate:>12,.0f}"
        )
    print(
        f"whole run {result['seconds']:.1f} s, {result['rows_per_second']:,.0f} rows/s, "
        f"peak {result['peak_bytes'] / 1e9:.2f} GB\n"
        f"ratio to the floor {result['ratio']:.1f} (CPU {result['ratio_cpu']:.1f}; "
        f"with start, compiling and landing {result['ratio_with_landing']:.1f})\n"
        "slowest models: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in result["slowest_models"])
    )
    agrees = "equal to the floor's to the cent" if result["payouts_agree"] else "NOT equal to the floor's"
    print(
        f"paid {Decimal(result['paid']):,.2f} CNY, {agrees} ({result['differing_payouts']} differ)",
        flush=True,
    )
    if "again" in result:
        _show_again(result["again"])
    if "all_types" in result:
        _show_all_types(result["all_types"])


def _show_again(found: dict[str, Any]) -> None:
    print(
        f"after {found['changed_rows']:,} rows changed: {found['seconds']:.1f} s, {found['cpu_seconds']:.1f} CPU s, "
        f"{found['share_of_seconds']:.0%} of a run from nothing (CPU {found['share_of_cpu']:.0%}), "
        f"peak {found['peak_bytes'] / 1e9:.2f} GB, the same is published: {found['is_same']}\n"
        "slowest models: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in found["slowest_models"]),
        flush=True,
    )


def _show_all_types(found: dict[str, Any]) -> None:
    print(
        f"with one component of every type: {found['computed_seconds']:.1f} s, "
        f"{found['computed_cpu_seconds']:.1f} CPU s, "
        f"{found['ratio_cpu_to_tiers']:.2f} x the tiers alone, peak {found['peak_bytes'] / 1e9:.2f} GB, "
        f"{found['differing_earned']} earnings of the tiers differ\n"
        "slowest models: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in found["slowest_models"]),
        flush=True,
    )


def _record(report: dict[str, Any]) -> None:
    """Write the table into the document, below the mark and up to the next heading."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, after = text.partition(MARK)
    rest = after[after.index("\n## ") :] if "\n## " in after else ""
    DOCUMENT.write_text(f"{before}{MARK}\n\n{_table(report)}{rest}", encoding="utf-8")


def _table(report: dict[str, Any]) -> str:
    on = report["machine"]
    names = [stage["name"] for stage in report["results"][0]["stages"]]
    sizes = [f"{result['deals']:,} deals" for result in report["results"]]
    lines = [
        f"Measured {report['date']} on {on['cpus']} CPUs, {on['memory_bytes'] / 1e9:.0f} GB, {on['system']}, "
        f"Python {on['python']}, DuckDB {on['duckdb']}. Wall seconds (CPU seconds, peak MB).\n",
        f"| stage | {' | '.join(sizes)} |",
        "|---|" + "---|" * len(report["results"]),
    ]
    for place, name in enumerate(names):
        lines.append(f"| {name} | {' | '.join(_cell(r['stages'][place]) for r in report['results'])} |")
    rows = {
        "whole run": lambda r: f"{r['seconds']:.1f} ({r['cpu_seconds']:.1f}, {r['peak_bytes'] / 1e6:.0f})",
        "rows/s": lambda r: f"{r['rows_per_second']:,.0f} of {r['rows']:,}",
        "floor": lambda r: _cell(r["floor"]),
        "**ratio to the floor**": lambda r: f"**{r['ratio']:.1f}** (CPU {r['ratio_cpu']:.1f})",
        "CPU seconds from landed to published": lambda r: f"{r['computed_cpu_seconds']:.1f}",
        "with start, compiling and landing": lambda r: f"{r['ratio_with_landing']:.1f}",
        "paid, equal to the floor": lambda r: f"{Decimal(r['paid']):,.2f}",
    }
    if all("again" in result for result in report["results"]):
        rows["after 0.1 % changed"] = lambda r: (
            f"{r['again']['seconds']:.1f} ({r['again']['cpu_seconds']:.1f}), "
            f"**{r['again']['share_of_seconds']:.0%}** of a run from nothing (CPU {r['again']['share_of_cpu']:.0%})"
        )
    lines += [f"| {name} | {' | '.join(show(r) for r in report['results'])} |" for name, show in rows.items()]
    lines.append(f"| growth against linear | {' | '.join(_growth(report['results']))} |")
    return "\n".join(lines) + "\n"


def _growth(results: list[dict[str, Any]]) -> list[str]:
    """How much steeper than linear the CPU seconds grow from each size to the next; 1.0 is linear."""
    shown = ["–"]
    for before, after in pairwise(results):
        steps = after["deals"] / before["deals"]
        shown.append(f"{after['computed_cpu_seconds'] / before['computed_cpu_seconds'] / steps:.2f}")
    return shown


def _cell(stage: dict[str, Any]) -> str:
    return f"{stage['seconds']:.1f} ({stage['cpu_seconds']:.1f}, {stage['peak_bytes'] / 1e6:.0f})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--deals", type=int, action="append", help="default: 100000, 1000000 and 10000000; may be repeated"
    )
    parser.add_argument(
        "--again", action="store_true", help="also a run after 0.1 % of the rows changed, beside one from nothing"
    )
    parser.add_argument(
        "--all-types", action="store_true", help="also a run with one component of every type, beside the tiers alone"
    )
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    parser.add_argument("--record", action="store_true", help="also write the table into docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
