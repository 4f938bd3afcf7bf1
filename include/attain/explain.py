"""`attain explain`: from a payout down to credits, deals and the rows of the files they came from."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from attain.amounts import factor_of, money, number
from attain.company import Company
from attain.errors import InputError
from attain.explain_changes import ORDER, booked_lines, changes
from attain.explain_events import events_on, released_by
from attain.explain_figures import (
    Row,
    Sides,
    equation,
    moved_by_rounding,
    other_basis,
    parts,
    sides,
    total,
    worked_out,
)
from attain.explain_files import Delivered, Places, delivered
from attain.explain_reasons import figures
from attain.explain_words import Telling
from attain.ledger import Ledger
from attain.pages import plain
from attain.publish.set import current
from attain.publish.statement_view import language
from attain.publish.tables import refuse_older

_PER_DEAL = "rounded once per deal taken back"
_MODIFIERS = ("multiplier", "gate", "minimum", "cap", "rounding")
_KIND = re.compile(r"\(([a-z]+) of [^()]*\)$")
_KINDS = {
    "adjustment": "correction",
    "held": "held",
    "released": "released",
    "clawed_back": "clawback",
    "drawn": "drawn",
    "recovered": "recovered",
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
        story = Story(con, participant, company.calendar.month(period).key, component, locale or "", company.locale)
        with delivered(company, home, story.as_of(), story.deals()) as files:
            month = company.calendar.month(period)
            story.sources = Sources(Ledger(home / "ledger"), files, (month.starts_on, month.ends_on))
            story.files = files.places(participant)
            tree = story.tree()
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=200)
    console.print(tree)
    console.print(Text(f"{story.say('set')} {published.name}", "dim"))


@dataclass(frozen=True)
class Sources:
    """What lies behind a published set: closes, delivered files, and the first and last day of the month told of."""

    ledger: Ledger
    files: Delivered
    days: tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Gap:
    """A figure set against its lines: what they lack (only rounding?), and what today's data come to.

    `sign` is -1 where the lines take away and the figure is told without its sign.
    """

    figure: Decimal
    lacking: Decimal
    today: Decimal
    sign: int
    is_rounding: bool


class Story:
    """One participant's month, told from the published set.

    `locale` is what was asked for ('' for the participant's own, else `usual`); `files` tells file and row of deals.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        participant: str,
        period: str,
        component: str | None,
        locale: str,
        usual: str,
    ) -> None:
        self.con, self.participant, self.period, self.component = con, participant, period, component
        self.payouts = self._payouts()
        person = self._rows(
            "select name, locale from marts.dim_participant where participant_id = $participant "
            "order by effective_from desc limit 1"
        )
        self.name = person[0]["name"] if person else participant
        spoken = language(locale or (person[0]["locale"] if person else None) or usual)
        names = self._rows(
            f"select kpi, {'name_zh' if spoken.startswith('zh') else 'name_en'} as name from marts.dim_kpi"
        )
        self.say = Telling(spoken, {row["kpi"]: row["name"] for row in names})
        self.files: Places = {}
        self.sources: Sources | None = None
        # Transactions of the payout that is told of which rest on another basis now than when they were booked.
        self.changed: set[tuple[str, str]] = set()

    def as_of(self) -> Any:
        """Up to which instant the set knows."""
        return self._rows("select as_of from marts.publication")[0]["as_of"]

    def deals(self) -> set[str]:
        """The deals of the month, and of those months of which it settles something."""
        found = self._rows(
            "select distinct transaction_id from marts.earnings where participant_id = $participant "
            "and transaction_type in ('deal', 'clawback') and (origin_period = $period "
            "or (plan || '/' || component || ' ' || origin_period) in ("
            "select regexp_replace(source_ref, ' deal .*$', '') from marts.statement_lines "
            "where participant_id = $participant and period = $period and section in ('adjustments', 'timing')))"
        )
        return {row["transaction_id"] for row in found}

    def tree(self) -> Tree:
        """The whole story as a tree."""
        totals: dict[str, Decimal] = {}
        for payout in self.payouts:
            totals[payout["currency"]] = totals.get(payout["currency"], Decimal(0)) + payout["payable"]
        shown = ", ".join(f"{money(amount, code)} {code}" for code, amount in sorted(totals.items()))
        root = Tree(
            Text.assemble(
                (plain(f"{self.participant} {self.name} · {self.period}"), "bold"), f"  {self.say('payable')} {shown}"
            )
        )
        for payout in self.payouts:
            self._payout(root, payout)
        self._results(root)
        if not self.component:
            self._questions(root, "", "")
        return root

    def _payout(self, root: Tree, payout: Row) -> None:
        names = self._rows(
            "select name_zh, name_en from marts.dim_component where plan = $plan and component = $component "
            "order by plan_version desc limit 1",
            plan=payout["plan"],
            component=payout["component"],
        )
        label = names[0]["name_zh" if self.say.is_chinese else "name_en"] if names else payout["component"]
        branch = root.add(
            Text.assemble(
                (plain(label), "bold"),
                plain(f" ({payout['plan']}/{payout['component']}): {equation(payout, self.say)}"),
                f"   {self.say('status')}: {self.say.statement.status(payout['status'])}",
            )
        )
        today = self._lines(payout)
        kept = booked_lines(self.con, self.sources.ledger, payout) if self.sources else None
        found, now = sides(today if kept is None else kept), sides(today)
        self.changed = set() if kept is None else other_basis(kept, today)
        booked = self._settled(payout)
        others = total(row for row in booked.get("clawed_back", []))
        gap = payout["earned"] - total(found.earned)
        taken = [line for lines in found.taken.values() for line in lines]
        taken_gap = -payout["clawed_back"] - others - total(taken)
        is_rounding = moved_by_rounding(gap, taken_gap, payout["currency"], len(found.taken))
        self._earned(branch, payout, found, Gap(payout["earned"], gap, total(now.earned), 1, is_rounding))
        for part, sign in parts(payout):
            node = branch.add(f"{self.say(part)}: {money(payout[part], payout['currency'])}")
            if part == "clawed_back":
                today_taken = total(line for lines in now.taken.values() for line in lines)
                self._taken(node, payout, found, Gap(total(taken) + taken_gap, taken_gap, today_taken, -1, is_rounding))
            self._origins(node, payout, booked.get(part, []), sign)
        self._questions(branch, payout["plan"], payout["component"])

    def _earned(self, branch: Tree, payout: Row, found: Sides, gap: Gap) -> None:
        if not found.earned and not payout["earned"] and parts(payout):
            return
        node = branch.add(f"{self.say('earned_in')} {self.period}: {money(payout['earned'], payout['currency'])}")
        self._under(node, payout, found.earned)
        if not self._gap(node, payout, gap) and not found.earned:
            node.add(self.say("nothing"))

    def _taken(self, node: Tree, payout: Row, found: Sides, gap: Gap) -> None:
        """The lines of events of this month."""
        for lines in found.taken.values():
            self._under(node, payout, lines)
        self._gap(node, payout, gap)

    def _gap(self, node: Tree, payout: Row, gap: Gap) -> bool:
        """Tells why lines and figure differ, by rounding, or that a closed month would come to something else today."""
        code = payout["currency"]
        if gap.lacking and gap.is_rounding:
            told = f"{self.say('rounding')}: {money(gap.lacking, code)}"
            node.add(told + self.say.noted(self.say.reason(_PER_DEAL)))
            return True
        if payout["status"] != "closed" or gap.today == gap.figure:
            return False
        booked, now = (f"{money(gap.sign * amount, code)} {code}" for amount in (gap.figure, gap.today))
        node.add(Text(self.say("differs", booked=booked, today=now), "yellow"))
        return True

    def _under(self, node: Tree, payout: Row, lines: list[Row]) -> None:
        """Deals with their slices, then what is of no deal."""
        seen: dict[tuple[str, str], Tree] = {}
        for line in sorted(lines, key=lambda line: not line["transaction_id"]):
            if not line["transaction_id"]:
                node.add(Text(plain(self._plain_line(line, payout["currency"]))))
                continue
            key = (line["transaction_id"], line["line"])
            if key not in seen:
                seen[key] = node.add(Text(plain(self._deal(payout, line))))
            tier = "" if line["tier_from"] is None else f"{self.say('tier')} {number(line['tier_from'])}"
            told = worked_out(line, payout["currency"], self.say) + self.say.noted(tier, self.say.reason(line["why"]))
            seen[key].add(Text(plain(told)))

    def _plain_line(self, line: Row, code: str) -> str:
        kind = line["transaction_type"]
        named = f"{self.say(kind)}: " if kind in _MODIFIERS else ""
        return f"{named}{worked_out(line, code, self.say)}{self.say.noted(self.say.reason(line['why']))}"

    def _deal(self, payout: Row, line: Row) -> str:
        credits = self._rows(
            "select * from marts.credits where participant_id = $participant and plan = $plan "
            "and component = $component and transaction_id = $transaction and line = $line",
            plan=payout["plan"],
            component=payout["component"],
            transaction=line["transaction_id"],
            line=line["line"],
        )
        text = self.say.statement.source(f"{line['transaction_type']} {line['transaction_id']}/{line['line']}")
        if line["transaction_type"] == "clawback" and line["credited_on"]:
            text += " · " + self._event(line)
        if credits:
            is_other_now = (line["transaction_id"], line["line"]) in self.changed
            text += f" · {credits[0]['credited_on']} · {self._credit(credits[0], is_other_now)}"
        return text + self._stands(line["transaction_id"], line["line"])

    def _event(self, line: Row) -> str:
        """What took pay back, by its day; the day alone where the files say nothing of it."""
        day = line["credited_on"]
        found = events_on(self.sources.files, line["transaction_id"], day) if self.sources else []
        words = {"cancellation": "cancelled", "payment": "refunded", "credit_note": "credited_back"}
        return ", ".join(self.say(words[one.kind], id=one.id, day=str(day)) for one in found) or str(day)

    def _stands(self, deal: str, line: str) -> str:
        """File and row of a deal, its line and its splits, as the end of a sentence; '' where nothing is known."""
        found = [self.files.get((deal, part)) for part in ("", f"line {line}", "split")]
        stands = ", ".join(f"{place[0]} {self.say('row', row=str(place[1]))}" for place in found if place)
        return f" · {self.say('from')} {stands}" if stands else ""

    def _credit(self, credit: Row, is_other_now: bool) -> str:
        code, other = credit["currency"], credit["original_currency"]
        text = f"{self.say('credit_now' if is_other_now else 'credit')} {money(credit['amount'], code)} {code}"
        text += f" ({self.say.reason(credit['why'])})"
        if code == other:
            return text
        rate = factor_of(credit["original_amount"], credit["fx_rate"], credit["amount"])
        sign = "=" if rate is not None else "≈"
        original = f"{money(credit['original_amount'], other)} {other}"
        return f"{text} {sign} {original} × {number(rate or credit['fx_rate'])} ({self.say('rate')})"

    def _origins(self, node: Tree, payout: Row, lines: list[Row], sign: int) -> None:
        """What the statement settles, by the month it goes back to; with the sign of the part."""
        for line in lines:
            reason = self.say.statement.reason(line["because"])
            is_not_paid_yet = line["kind"] == "released" and line["origin"] == self.period and payout["clawed_back"] > 0
            if line["origin"] == self.period and not reason and len(lines) == 1:
                if is_not_paid_yet:
                    node.add(self.say("not_paid_yet"))
                continue
            word = self.say("correction" if line["kind"] == "adjustment" else "of")
            told = f"{word} {line['origin']}: {money(sign * line['amount'], payout['currency'])}"
            note = self.say("not_paid_yet") if is_not_paid_yet else reason
            under = node.add(Text(plain(told + self.say.noted(note))))
            if self.sources and line["kind"] in ("adjustment", "clawed_back"):
                self._changes(under, payout, line, self.sources.ledger)
            elif self.sources and line["kind"] == "released":
                self._money(under, payout, line["origin"], self.sources)

    def _money(self, node: Tree, payout: Row, origin: str, sources: Sources) -> None:
        """The invoices or payments that what is released had waited for."""
        for one in released_by(self.con, sources.ledger, sources.files, payout, origin, sources.days):
            amount = money(one.amount, one.currency or payout["currency"])
            what = " · ".join(
                self.say.statement.source(text) for text in (f"deal {one.deal_id}/", f"{one.kind} {one.id}/")
            )
            file, row = one.place
            stands = f"{self.say('from')} {file} {self.say('row', row=str(row))}"
            node.add(Text(plain(f"{what} · {one.day} · {amount} {one.currency or ''}".rstrip() + f" · {stands}")))

    def _changes(self, node: Tree, payout: Row, settled: Row, ledger: Ledger) -> None:
        """What the lines of a booked month came to then and come to now; those of one deal where the line names it."""
        code = payout["currency"]
        month, _, deal = settled["origin"].partition(" deal ")
        for change in changes(self.con, ledger, payout, month, is_event=settled["kind"] == "clawed_back"):
            kind, name, line = change.transaction
            if deal and name != deal:
                continue
            of_none = self.say(kind) if kind in _MODIFIERS else self.say.statement.source(f"{kind} {month}")
            label = self.say.statement.source(f"{kind} {name}/{line}") if name else of_none
            told = f"{label}: {money(change.before, code)} → {money(change.after, code)}"
            node.add(Text(plain(f"{told}{self._stands(name, line)}")))

    def _settled(self, payout: Row) -> dict[str, list[Row]]:
        """The lines of the statement that settle a payout, by the part they belong to."""
        place = f"{payout['plan']}/{payout['component']} "
        found: dict[str, list[Row]] = {}
        for line in self._rows(
            "select label_en, source_ref, amount, not_payable_because as because from marts.statement_lines "
            "where participant_id = $participant and period = $period "
            "and section in ('adjustments', 'timing', 'draws') and starts_with(source_ref, $place) order by line",
            place=place,
        ):
            kind = _KIND.search(line["label_en"])
            part = next((part for part, word in _KINDS.items() if kind and kind[1] == word), "")
            found.setdefault(part, []).append({**line, "kind": part, "origin": line["source_ref"].removeprefix(place)})
        return found

    def _questions(self, branch: Tree, plan: str, component: str) -> None:
        """What is asked about a component's lines and not answered; without a component what is asked of all else."""
        for one in self._rows(
            "select dispute_id, line, question, raised_on from marts.disputes where participant_id = $participant "
            "and period = $period and status = 'open' and coalesce(component, '') = $component "
            "and ($component = '' or plan = $plan) order by raised_on, dispute_id",
            plan=plan,
            component=component,
        ):
            place = f" ({self.say('line')} {one['line']})" if one["line"] is not None else ""
            asked = f"{one['dispute_id']}{place}, {one['raised_on']}: {one['question']}"
            branch.add(Text(f"{self.say('open_question')} {plain(asked)}", "yellow"))

    def _results(self, root: Tree) -> None:
        lines = self._rows(
            "select * from marts.statement_lines where participant_id = $participant and period = $period "
            "and section in ('results', 'score') order by line"
        )
        if not lines or self.component:
            return
        branch = root.add(Text.assemble((self.say("results"), "bold"), f"  {self.say('formula')}"))
        for line in lines:
            label = line["label_zh" if self.say.is_chinese else "label_en"]
            because = self.say.statement.reason(line["not_payable_because"])
            note = self.say.noted(*(self.say.reason(one) for one in because.split("; ")))
            shown = figures(line["formula"]) if line["section"] == "results" else f"Σ = {number(line['rate'])}"
            branch.add(Text(plain(f"{label}   {shown}   {line['source_ref']}{note}")))

    def _lines(self, payout: Row) -> list[Row]:
        return self._rows(
            "select * from marts.earnings where participant_id = $participant and origin_period = $period "
            f"and plan = $plan and component = $component order by {ORDER}",
            plan=payout["plan"],
            component=payout["component"],
        )

    def _payouts(self) -> list[Row]:
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

    def _rows(self, query: str, **values: str) -> list[Row]:
        known = {"participant": self.participant, "period": self.period, **values}
        used = {name: value for name, value in known.items() if f"${name}" in query}
        result = self.con.execute(query, used)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
