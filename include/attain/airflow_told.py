"""What a task writes into its Airflow log: the facts of the run's journal as lines a person reads in the browser.

No amount of pay is among them: whoever may look at schedules need not see what people earn.
"""

from __future__ import annotations

import logging
import textwrap
from pathlib import Path
from typing import Any

Line = tuple[int, str]

# Airflow's log view does not wrap by itself; at this width nothing is cut off on a usual screen.
_WIDTH = 110
_SHOWN = 12


def landed(facts: dict[str, Any]) -> list[Line]:
    """Lines about an extract, from the facts of `pipeline.land`: files with news, how many had none, warnings."""
    deliveries = facts["deliveries"]
    news = [one for one in deliveries if one["outcome"] == "landed"]
    known = len(deliveries) - len(news)
    lines = [(logging.INFO, f"{one['source_ref']}: {one['rows']:,} rows landed as {one['stream']}.") for one in news]
    rest = f"; {known} of {len(deliveries)} files brought nothing new" if known else ""
    lines.append((logging.INFO, f"{facts['rows']:,} new rows in the inbox{rest}."))
    return lines + [(logging.WARNING, text) for text in facts["warnings"]]


def begun(run: dict[str, Any]) -> list[Line]:
    """Lines about what a run was asked, from the facts of its `Run`."""
    return [
        (logging.INFO, f"Period {run['period']}, with everything known up to {run['as_of'][:19]} UTC."),
        (logging.INFO, f"The run works in {Path(run['home']) / 'runs' / run['label']}."),
        (
            logging.INFO,
            "It makes everything anew."
            if run["known_batches"] is None
            else "It begins with what the last run left and makes anew what changed since.",
        ),
    ]


def done(journal: dict[str, Any], name: str) -> list[Line]:
    """Lines about one of `pipeline.STEPS` that ended well, from the run's journal."""
    period = f"Period {journal['run']['period']}."
    if name.startswith("gate_"):
        return [(logging.INFO, period), *_gate(journal[name])]
    if name == "publish":
        return _published(journal)
    return [(logging.INFO, period), *_built(journal, name)]


def replaced(before: str, now: str) -> list[Line]:
    """A line for those who score an older month, a backfill say: what readers saw before and see now."""
    if now >= before:
        return []
    text = f"Readers see {now} now, {before} stood before. When you are done, score {before} again to bring it back."
    return [(logging.WARNING, text)]


def tell(log: logging.Logger, lines: list[Line]) -> None:
    """Write the lines, broken where the browser would cut them off."""
    for level, text in lines:
        log.log(level, "%s", wrapped(text))


def wrapped(text: str) -> str:
    """The same text in lines of at most 110 characters; line ends of its own stay."""
    parts = [
        textwrap.fill(part, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        for part in text.splitlines()
    ]
    return "\n".join(parts)


def _gate(gate: dict[str, Any]) -> list[Line]:
    warned = gate["warnings"]
    told = f", {len(warned)} warned" if warned else ""
    lines = [(logging.INFO, f"Gate {gate['gate']}: {gate['passed']} of {gate['checks']} checks passed{told}.")]
    return lines + [(logging.WARNING, f"{check}: {sentence}") for check, sentence, _ in warned]


def _built(journal: dict[str, Any], name: str) -> list[Line]:
    built, seconds = journal[f"models_{name}"], journal["seconds"].get(name, 0.0)
    slow = ", ".join(f"{model} {taken:.1f} s" for model, taken in built["slowest"][:3])
    lines = [
        (logging.INFO, f"{built['models']} models built, {built['tests']} tests passed in {seconds:.1f} s."),
        (logging.INFO, f"Slowest: {slow}."),
    ]
    run = journal["run"]
    marts = Path(run["home"]) / "runs" / run["label"] / "attain.duckdb"
    return lines + (_rows(journal["rows"], str(marts)) if name == "stage" else [])


def _rows(counts: list[list[Any]], marts: str) -> list[Line]:
    landed, staged, superseded, quarantined = (sum(row[index] for row in counts) for index in (1, 2, 3, 4))
    lines = [
        (
            logging.INFO,
            f"{landed:,} rows landed = {staged:,} staged + {superseded:,} superseded + {quarantined:,} quarantined.",
        )
    ]
    bad = sorted((row for row in counts if row[4]), key=lambda row: -row[4])
    lines += [(logging.WARNING, f"{row[0]}: {row[4]:,} of {row[1]:,} rows in quarantine.") for row in bad[:_SHOWN]]
    if bad:
        lines.append((logging.INFO, "Which rows and why: table quarantine, here and in the published set: " + marts))
    return lines


def _published(journal: dict[str, Any]) -> list[Line]:
    published, run = journal["published"], journal["run"]
    folder = Path(run["home"]) / "published"
    what = "published as" if published["is_new"] else "unchanged: it says exactly what is published already,"
    return [
        (logging.INFO, f"Period {run['period']} {what} set {published['set']}."),
        (logging.INFO, f"Tables: {folder / 'attain.duckdb'}  For finance: {folder / 'current'}"),
    ]
