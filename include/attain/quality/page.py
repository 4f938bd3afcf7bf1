"""The quality page: one self-contained HTML file that tells what the gates found; it loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from attain.pages import templates
from attain.quality.page_words import STREAMS_ZH, words
from attain.quality.results import GATES, Check, GateResult
from attain.sqltext import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class StreamCount:
    """Where a stream's delivered rows ended; `rules` counts the quarantined ones by the rule they broke."""

    stream: str
    landed: int
    staged: int
    superseded: int
    quarantined: int
    rules: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Share of the landed rows in quarantine."""
        return self.quarantined / self.landed if self.landed else 0.0


def stream_counts(warehouse: Path, marts: Path) -> list[StreamCount]:
    """The streams with rows in a run's files, most quarantined first; their rules once the mart is built."""
    import duckdb

    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        counted = con.execute(
            "select stream, landed, staged, superseded, quarantined from intermediate.int_stream_counts "
            "where landed > 0 order by quarantined desc, stream"
        ).fetchall()
        rules: dict[str, dict[str, int]] = {}
        if marts.exists():
            con.execute(f"attach {literal(str(marts))} as attain (read_only)")
            for stream, rule, count in _rules(con):
                rules.setdefault(stream, {})[rule] = count
    finally:
        con.close()
    return [
        StreamCount(stream, landed, staged, superseded, quarantined, rules.get(stream, {}))
        for stream, landed, staged, superseded, quarantined in counted
    ]


def _rules(con: DuckDBPyConnection) -> list[tuple[str, str, int]]:
    import duckdb

    try:
        return con.execute(
            "select stream, rule, sum(deliveries) as row_count from attain.marts.quarantine "
            "group by stream, rule order by row_count desc, rule"
        ).fetchall()
    except duckdb.CatalogException:
        # A run stopped at the first gate may not have built the mart yet.
        return []


def render_page(
    results: Sequence[GateResult], counts: Sequence[StreamCount], facts: Mapping[str, str], locale: str = "en"
) -> str:
    """The page as HTML text in `locale` (en, zh-CN). The same inputs give the same text.

    `facts` names company, period, run_id and as_of (ISO instant in UTC).
    """
    environment = templates(_TEMPLATES)
    environment.filters["grouped"] = lambda number: f"{number:,}"
    environment.filters["percent"] = lambda share: f"{share * 100:.1f} %"
    by_gate = {result.gate: result for result in results}
    return environment.get_template("quality.html.j2").render(
        w=words(locale),
        locale="zh-CN" if locale.startswith("zh") else "en",
        facts=facts,
        as_of=facts["as_of"][:16].replace("T", " "),
        verdict=_verdict(results),
        gates=[(gate, by_gate.get(gate)) for gate in GATES],
        findings=_findings(results),
        sentence=lambda check: check.sentence_in(locale),
        title=lambda check: check.title_in(locale),
        counts=counts,
        totals={
            "delivered": sum(count.landed for count in counts),
            "staged": sum(count.staged for count in counts),
            "superseded": sum(count.superseded for count in counts),
            "quarantined": sum(count.quarantined for count in counts),
        },
        widest=max([count.share for count in counts] + [0.05]),
        stream_name=lambda stream: STREAMS_ZH.get(stream, stream) if locale.startswith("zh") else stream,
    )


def _verdict(results: Sequence[GateResult]) -> str:
    if any(result.stopped for result in results):
        return "failed"
    return "warned" if any(result.warned for result in results) else "passed"


def _findings(results: Sequence[GateResult]) -> list[Check]:
    return [check for result in results for check in result.failed] + [
        check for result in results for check in result.warned
    ]
