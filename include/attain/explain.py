"""`attain explain`: from a payout down to credits, deals and the rows of the files they came from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from attain import conform, mapping
from attain.company import Company
from attain.errors import InputError
from attain.landing import Landing
from attain.pages import plain
from attain.publish.set import current
from attain.publish.tables import refuse_older

_WORDS = {
    "payable": ("payable", "应付"),
    "earned": ("earned in", "本期应计"),
    "adjustment": ("adjustments of closed periods", "以前期间调整"),
    "correction": ("correction of", "更正"),
    "credit": ("credit", "计入"),
    "from": ("from", "来自"),
    "status": ("status", "状态"),
    "formula": ("value ÷ target = attainment; points × weight", "值 ÷ 目标 = 达成率；得分 × 权重"),
    "results": ("Results", "业绩结果"),
    "minimum": ("minimum", "保底"),
    "cap": ("cap", "封顶"),
    "rounding": ("rounding", "尾差"),
    "set": ("Set", "发布版本"),
    "tier": ("tier from", "档位起点"),
    "nothing": ("no lines: nothing was earned", "无明细：本期没有应计"),
    "row": ("row", "行"),
    "rate": ("rate of exchange", "汇率"),
    "question": ("open question", "待答复的疑问"),
    "line": ("line", "行号"),
}

# The reasons the models give, for Chinese readers.
_REASONS = {
    "owner of the deal": "商机负责人",
    "owner, split share": "按比例分成",
    "rounded once per participant, component and period": "每人、每项、每期只舍入一次",
    "raised to the minimum": "补足保底",
    "limited by the cap": "受封顶限制",
    "target pay × payout at": "目标奖金 × 兑现系数，依据",
    "has no data: nothing is paid until it has": "暂无数据，有数据后再计发",
    "score": "评分",
    "attainment": "达成率",
}


def explain_payout(
    company: Company, home: Path, participant: str, period: str, component: str | None, locale: str | None
) -> None:
    """Print the chain behind a participant's payouts of a period. Raises InputError when there is none."""
    published = current(home)
    if published is None:
        raise InputError("Nothing is published yet; run a period first: attain run.")
    with duckdb.connect(str(published.database), read_only=True) as con:
        refuse_older(con, published.name)
        story = _Story(con, company, home, participant, period, component, locale)
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=200)
        console.print(story.tree())
        console.print(f"[dim]{story.word('set')} {published.name}[/dim]")


class _Story:
    """One participant's period, told from the published set."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        company: Company,
        home: Path,
        participant: str,
        period: str,
        component: str | None,
        locale: str | None,
    ) -> None:
        self.con, self.company, self.home = con, company, home
        self.participant, self.period, self.component = (
            participant,
            company.calendar.month(period).key,
            component,
        )
        self.payouts = self._payouts()
        person = self._rows(
            "select name, locale from marts.dim_participant where participant_id = $participant "
            "order by effective_from desc limit 1"
        )
        self.name = person[0]["name"] if person else participant
        self.chinese = (locale or (person[0]["locale"] if person else company.locale)).startswith("zh")
        self.files = self._file_rows()

    def word(self, key: str) -> str:
        return _WORDS[key][1 if self.chinese else 0]

    def reason(self, why: str) -> str:
        """Why a line is there, in the reader's language."""
        if not self.chinese:
            return why
        for english, chinese in _REASONS.items():
            why = why.replace(english, chinese)
        return why

    def tree(self) -> Tree:
        """The whole story as a tree."""
        totals: dict[str, Decimal] = {}
        for payout in self.payouts:
            totals[payout["currency"]] = totals.get(payout["currency"], Decimal(0)) + payout["payable"]
        shown = ", ".join(f"{_money(amount)} {currency}" for currency, amount in sorted(totals.items()))
        root = Tree(
            Text.from_markup(
                f"[bold]{self.participant} {self.name} · {self.period}[/bold]  {self.word('payable')} {shown}"
            )
        )
        for payout in self.payouts:
            self._payout(root, payout)
        self._results(root)
        if not self.component:
            self._questions(root, "", "")
        return root

    def _payout(self, root: Tree, payout: dict[str, Any]) -> None:
        names = self._rows(
            "select name_zh, name_en from marts.dim_component where plan = $plan and component = $component "
            "order by plan_version desc limit 1",
            plan=payout["plan"],
            component=payout["component"],
        )
        label = names[0]["name_zh" if self.chinese else "name_en"] if names else payout["component"]
        branch = root.add(
            Text.from_markup(
                f"[bold]{label}[/bold] ({payout['plan']}/{payout['component']}): {self.word('payable')} "
                f"[bold]{_money(payout['payable'])} {payout['currency']}[/bold] = {_money(payout['earned'])} "
                f"+ {_money(payout['adjustment'])}   {self.word('status')}: {payout['status']}"
            )
        )
        self._earned(branch, payout)
        if payout["adjustment"]:
            self._adjustments(branch, payout)
        self._questions(branch, payout["plan"], payout["component"])

    def _earned(self, branch: Tree, payout: dict[str, Any]) -> None:
        lines = self._rows(
            "select * from marts.earnings where participant_id = $participant and origin_period = $period "
            "and plan = $plan and component = $component order by credited_on nulls last, transaction_id, line, slice",
            plan=payout["plan"],
            component=payout["component"],
        )
        earned = branch.add(f"{self.word('earned')} {self.period}: {_money(payout['earned'])}")
        if not lines:
            earned.add(self.word("nothing"))
        seen: dict[tuple[str, str], Tree] = {}
        for line in lines:
            if not line["transaction_id"]:
                earned.add(self._plain_line(line))
                continue
            key = (line["transaction_id"], line["line"])
            if key not in seen:
                seen[key] = earned.add(self._deal(payout, line))
            seen[key].add(
                f"{_number(line['basis_amount'])} × {_number(line['rate'])} = {_number(line['amount'])}"
                f"   ({self.word('tier')} {_number(line['tier_from'])})"
            )

    def _plain_line(self, line: dict[str, Any]) -> str:
        kind = line["transaction_type"]
        reason = self.reason(line["why"])
        amount = _number(line["amount"])
        if line["rate"] is not None:
            return f"{_number(line['basis_amount'])} × {_number(line['rate'])} = {amount}   ({reason})"
        return f"{self.word(kind) if kind in _WORDS else kind}: {amount}   ({reason})"

    def _deal(self, payout: dict[str, Any], line: dict[str, Any]) -> str:
        credits = self._rows(
            "select * from marts.credits where participant_id = $participant and plan = $plan "
            "and component = $component and transaction_id = $transaction and line = $line",
            plan=payout["plan"],
            component=payout["component"],
            transaction=line["transaction_id"],
            line=line["line"],
        )
        text = f"{line['transaction_type']} {line['transaction_id']}"
        if credits:
            credit = credits[0]
            text += f" · {credit['credited_on']} · {self.word('credit')} {_money(credit['amount'])}"
            text += f" {credit['currency']}"
            text += f" ({self.reason(credit['why'])})"
            if credit["currency"] != credit["original_currency"]:
                text += (
                    f" = {_money(credit['original_amount'])} {credit['original_currency']} × "
                    f"{_number(credit['fx_rate'])} ({self.word('rate')})"
                )
        place = self.files.get(line["transaction_id"])
        return f"{text} · {self.word('from')} {place}" if place else text

    def _adjustments(self, branch: Tree, payout: dict[str, Any]) -> None:
        node = branch.add(f"{self.word('adjustment')}: {_money(payout['adjustment'])}")
        place = f"{payout['plan']}/{payout['component']} "
        for line in self._rows(
            "select source_ref, amount from marts.statement_lines where participant_id = $participant "
            "and period = $period and section = 'adjustments' and starts_with(source_ref, $place) order by line",
            place=place,
        ):
            origin = line["source_ref"].removeprefix(place)
            node.add(f"{self.word('correction')} {origin}: {_money(line['amount'])}")

    def _questions(self, branch: Tree, plan: str, component: str) -> None:
        """What is asked about a component's lines and not answered; without a component what is asked of all else."""
        for one in self._rows(
            "select dispute_id, line, question, raised_on from marts.disputes where participant_id = $participant "
            "and period = $period and status = 'open' and coalesce(component, '') = $component "
            "and ($component = '' or plan = $plan) order by raised_on, dispute_id",
            plan=plan,
            component=component,
        ):
            place = f" ({self.word('line')} {one['line']})" if one["line"] is not None else ""
            asked = f"{one['dispute_id']}{place}, {one['raised_on']}: {one['question']}"
            branch.add(Text(f"{self.word('question')} {plain(asked)}", "yellow"))

    def _results(self, root: Tree) -> None:
        lines = self._rows(
            "select * from marts.statement_lines where participant_id = $participant and period = $period "
            "and section in ('results', 'score') order by line"
        )
        if not lines or self.component:
            return
        branch = root.add(Text.from_markup(f"[bold]{self.word('results')}[/bold]  {self.word('formula')}"))
        for line in lines:
            label = line["label_zh" if self.chinese else "label_en"]
            note = f"   ({line['not_payable_because']})" if line["not_payable_because"] else ""
            shown = line["formula"] if line["section"] == "results" else f"Σ = {_number(line['rate'])}"
            branch.add(f"{label}   {shown}   {line['source_ref']}{note}")

    def _payouts(self) -> list[dict[str, Any]]:
        wanted = " and component = $component" if self.component else ""
        found = self._rows(
            "select * from marts.payouts where participant_id = $participant and period = $period"
            f"{wanted} order by plan, component",
            **({"component": self.component} if self.component else {}),
        )
        if not found:
            what = f"component {self.component} of " if self.component else ""
            raise InputError(f"There is no payout for {what}participant {self.participant} in {self.period}.")
        return found

    def _rows(self, query: str, **values: str) -> list[dict[str, Any]]:
        known = {"participant": self.participant, "period": self.period, **values}
        used = {name: value for name, value in known.items() if f"${name}" in query}
        result = self.con.execute(query, used)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _file_rows(self) -> dict[str, str]:
        """File and row of every deal in the story, from landing: the newest delivery known to the set."""
        deals = [
            row["transaction_id"]
            for row in self._rows(
                "select distinct transaction_id from marts.earnings where participant_id = $participant "
                "and origin_period = $period and transaction_type = 'deal'"
            )
        ]
        as_of: dt.datetime = self._rows("select as_of from marts.publication")[0]["as_of"]
        if not deals:
            return {}
        with duckdb.connect() as landed:
            conform.conform(
                landed,
                Landing(self.home / "landing"),
                mapping.load_mappings(self.company),
                as_of.replace(tzinfo=dt.UTC),
            )
            rows = landed.execute(
                "select deals.deal_id, batches.source_ref, deals._row from landing.deals as deals "
                "inner join landing.batches as batches on deals._batch_no = batches.batch_no "
                "where deals.deal_id in (select unnest($deals)) order by deals._batch_no, deals._row",
                {"deals": deals},
            ).fetchall()
        return {deal: f"{ref} {self.word('row')} {row}" for deal, ref, row in rows}


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _number(value: Decimal | None) -> str:
    if value is None:
        return "–"
    return f"{value.normalize():,f}"
