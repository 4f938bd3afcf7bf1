"""The quality page: self-contained, in both languages, escaping what the data say."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from attain.quality.page import StreamCount, render_page
from attain.quality.results import Check, GateResult, Severity, Status

FACTS = {
    "company": "Hongda <宏达>",
    "period": "2026-06",
    "run_id": "9f3a7c21b40e",
    "as_of": "2026-07-02T01:30:00+00:00",
}
COUNTS = [
    StreamCount("deals", 1_000, 940, 10, 50, {"unknown_account": 45, "split_total": 5}),
    StreamCount("teams", 8, 8, 0, 0),
]


def check(
    name: str, status: Status, severity: Severity = "critical", sample: tuple[dict[str, str | None], ...] = ()
) -> Check:
    return Check(
        "inputs",
        name,
        severity,
        status,
        "5.0 % (deals)",
        "≤ 1.0 %",
        50 if sample else 0,
        sample,
        f"{name} said <b>so</b>.",
        f"{name} 如此。",
        f"Title of {name}",
        f"{name} 的标题",
    )


class Balance(HTMLParser):
    """Counts open elements; void ones do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(*checks: Check, locale: str = "en") -> str:
    return render_page([GateResult("r", "inputs", checks)], COUNTS, FACTS, locale)


def test_a_stopped_run_opens_with_the_sentence_that_stopped_it() -> None:
    html = page(check("volume", "warned", "warning"), check("quarantine_share", "failed"))
    assert "Stopped, nothing published" in html
    assert html.index("quarantine_share said &lt;b&gt;so&lt;/b&gt;.") < html.index("volume said")
    assert html.count("This gate did not run") == 2


def test_a_run_in_order_says_so_with_the_number_of_checks() -> None:
    html = page(check("a", "passed"), check("b", "passed"))
    assert "All 2 checks passed." in html
    assert "What needs attention" not in html


def test_every_check_stands_with_its_title_observed_and_expected() -> None:
    html = page(check("volume", "passed"))
    row = re.search(r"<tr><td class=\"status\">.*?</tr>", html, re.S)
    assert row is not None
    cells = re.sub(r"<[^>]+>|\s+", " ", row[0]).split()
    assert " ".join(cells) == "passed Title of volume volume 5.0 % (deals) ≤ 1.0 %"


def test_examples_are_shown_escaped_with_how_many_there_are() -> None:
    html = page(check("volume", "failed", sample=({"stream": "<script>", "value": None},)))
    assert "&lt;script&gt;" in html
    assert "the first 1 of 50" in html
    assert '<span class="nil">empty</span>' in html


def test_streams_stand_with_their_counts_and_rules() -> None:
    html = page(check("a", "passed"))
    assert (
        '<td class="number">1,000</td><td class="number">940</td>'
        '<td class="number">10</td><td class="number">50</td>' in html
    )
    assert "<code>unknown_account</code> 45" in html
    assert "<b>1,008</b><span>rows delivered</span>" in html


def test_the_page_speaks_chinese() -> None:
    html = page(check("volume", "warned", "warning"), locale="zh-CN")
    assert '<html lang="zh-CN">' in html
    for words in ("数据质量", "已发布，有警告", "volume 如此。", "volume 的标题", "商机", "被隔离"):
        assert words in html


def test_the_page_loads_nothing_and_is_well_formed() -> None:
    html = page(check("volume", "failed", sample=({"a": "1"},)), check("b", "passed"))
    assert not re.search(r"https?://|<script|<link|@import|url\(|src=", html)
    parser = Balance()
    parser.feed(html)
    assert parser.open == []


def test_the_same_run_gives_the_same_page() -> None:
    assert page(check("a", "passed")) == page(check("a", "passed"))


def test_a_run_without_rows_still_has_a_page() -> None:
    assert "No rows were counted." in render_page([], [], FACTS)
