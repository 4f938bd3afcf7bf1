"""The command line: every command runs the same code as the DAG's task of that name."""

from __future__ import annotations

import datetime as dt
import os
import sys
import traceback
from pathlib import Path

import click

from attain import __version__, cli_plans, environment
from attain.company import Company, load_company
from attain.errors import AttainError, InputError
from attain.pages import plain_lines
from attain.plurals import counted
from attain.storage import told


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="attain")
@click.option(
    "--company",
    type=click.Path(path_type=Path),
    help="Company folder (default: ATTAIN_COMPANY, else a sample).",
)
@click.option("--home", type=click.Path(path_type=Path), help="State folder (default: ATTAIN_HOME, else .attain).")
@click.pass_context
def cli(context: click.Context, company: Path | None, home: Path | None) -> None:
    """Score sales performance and work out what people are paid for it."""
    if home:
        os.environ["ATTAIN_HOME"] = str(home.absolute())
    context.obj = company


def _place(company: Path | None) -> tuple[Path, Path]:
    """The company folder and its state folder, with the quiet environment applied."""
    folder = environment.choose_company(str(company) if company else None, environment.sample_day(_now()))
    home = environment.home_of(folder)
    environment.apply(home)
    os.environ["ATTAIN_COMPANY"] = str(folder)
    return folder, home


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@cli.command()
@click.option("--period", help="Month to score, like 2026-01 (default: the last complete month).")
@click.option("--as-of", help="Knowledge: only what was landed by this instant counts.")
@click.pass_obj
def run(company: Path | None, period: str | None, as_of: str | None) -> None:
    """Land the inbox, score the period behind its gates and publish one set."""
    from attain.airflow_tasks import instant
    from attain.pipeline import run_all
    from attain.summary import Progress, show

    folder, home = _place(company)
    progress = Progress(sys.stdout)
    try:
        run_all(folder, home, period or environment.sample_period(folder), instant(as_of, _now()), _now(), progress)
    finally:
        progress.close()
    show(home, sys.stdout)


@cli.command()
@click.pass_obj
def publish(company: Path | None) -> None:
    """Publish what the newest run built, where its gates passed and publishing failed (a full disk, say)."""
    from attain.pipeline import publish_newest
    from attain.summary import Progress, show

    home = _place(company)[1]
    progress = Progress(sys.stdout)
    try:
        publish_newest(home, _now(), progress)
    finally:
        progress.close()
    show(home, sys.stdout)


@cli.command()
@click.argument("period")
@click.option("--approved-by", help="Who approves the amounts of this set; without it they are only shown.")
@click.option("--prepared-by", help="Who prepared them (default: the user of this machine); may not approve.")
@click.option(
    "--set",
    "set_hash",
    help="Hash (or its beginning) of the set that was approved; default: the published one.",
)
@click.option("--comment", default="", help="Why; kept with the answer.")
@click.option("--reject", is_flag=True, help="The answer is no: book nothing, keep a record of it.")
@click.pass_obj
def close(
    company: Path | None,
    period: str,
    approved_by: str | None,
    prepared_by: str | None,
    set_hash: str | None,
    comment: str,
    reject: bool,
) -> None:
    """Book a period: closed rows never change again, later changes become adjustments of the next period.

    Only what a run landed counts; files in the inbox that differ from it are named before the answer.
    """
    from attain.closing_command import Answer, answer_close

    folder, home = _place(company)
    answer_close(folder, home, period, Answer(approved_by, prepared_by, set_hash, comment, reject), _now())


@cli.command("close-files")
@click.argument("period")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Folder to write to (default: closes/<close>).")
@click.pass_obj
def close_files(company: Path | None, period: str, target: Path | None) -> None:
    """The payroll, journal and commission table of a closed period, from the ledger: the same at any time."""
    from attain.closing_command import write_close_files

    click.echo(f"{write_close_files(_place(company)[1], period, target)}")


@cli.group()
def plan() -> None:
    """Check plans, run their worked examples, compare and simulate them, keep them in Excel."""


for _command in (cli_plans.template, cli_plans.schema, cli_plans.diff, cli_plans.simulate):
    plan.add_command(_command)


@plan.command()
@click.pass_obj
def check(company: Path | None) -> None:
    """Say what is wrong in the plans, with file, line and field, and what to watch."""
    from attain.plans.check import check as check_plans

    report = check_plans(load_company(_place(company)[0]))
    for sentence in report.warnings:
        _say(f"warning: {sentence}")
    for sentence in [*report.errors, *report.unsupported]:
        _say(f"error: {sentence}")
    click.echo(
        f"{counted(len(report.plans), 'plan version')}: {counted(len(report.errors), 'error')}, "
        f"{len(report.unsupported)} not supported yet, {counted(len(report.warnings), 'warning')}"
    )
    if not report.ok:
        raise SystemExit(InputError.exit_code)


@plan.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def test(company: Path | None, files: tuple[Path, ...]) -> None:
    """Run worked examples through the models: FILES, or those of the company."""
    from attain.plans.examples import read_examples
    from attain.plans.trial import run_examples

    folder, home = _examples_place(company, files)
    owner: Company | None = load_company(folder) if folder else None
    paths = list(files) or sorted(owner.examples_dir.glob("*.y*ml") if owner else [])
    if not paths:
        raise InputError(f"{owner.examples_dir if owner else 'examples'}: holds no worked example; name files instead.")
    verdicts = run_examples([one for path in paths for one in read_examples(path, owner)], home)
    for verdict in verdicts:
        mark = {"passed": "passed ", "failed": "FAILED "}.get(verdict.outcome, "not supported yet ")
        _say(f"{mark} {verdict.name}  ({verdict.path.name})")
        for detail in verdict.details:
            _say(f"         {detail}")
    counts = {word: sum(v.outcome == word for v in verdicts) for word in ("passed", "failed", "not supported yet")}
    click.echo(", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["failed"]:
        raise SystemExit(1)


def _examples_place(company: Path | None, files: tuple[Path, ...]) -> tuple[Path | None, Path]:
    """Files named on the command line need no company; they only keep the compiled models."""
    if files and not company and not os.environ.get("ATTAIN_COMPANY"):
        home = environment.home()
        home.mkdir(parents=True, exist_ok=True)
        environment.apply(home)
        return None, home
    return _place(company)


@cli.command()
@click.argument("participant")
@click.argument("period")
@click.argument("component", required=False)
@click.option("--lang", type=click.Choice(["en", "zh-CN"]), help="Default: the participant's.")
@click.pass_obj
def explain(company: Path | None, participant: str, period: str, component: str | None, lang: str | None) -> None:
    """The chain from a payout to credits, deals and file rows, with every formula."""
    from attain.explain import explain_payout

    folder, home = _place(company)
    explain_payout(load_company(folder), home, participant, period, component, lang)


@cli.command()
@click.argument("wanted", nargs=-1, required=True, metavar="[PARTICIPANT] PERIOD")
@click.option("--all", "everybody", is_flag=True, help="A page for every participant of the period.")
@click.option("--lang", type=click.Choice(["en", "zh-CN"]), help="Default: each participant's own.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Folder (default: statements/PERIOD).")
@click.pass_obj
def statement(
    company: Path | None, wanted: tuple[str, ...], everybody: bool, lang: str | None, target: Path | None
) -> None:
    """What a participant is paid for a month and why: shown, and written as a page."""
    from attain.publish.statement_files import answer_statement

    if len(wanted) != (1 if everybody else 2):
        raise click.UsageError("Name one participant and a period, or --all and a period.")
    folder, home = _place(company)
    answer_statement(home, load_company(folder), wanted[-1], None if everybody else wanted[0], lang, target)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--people", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--months", type=click.IntRange(min=1), default=24, show_default=True)
@click.option("--deals", type=click.IntRange(min=1), help="Number of deals (default: believable for the people).")
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--until", help="Last month of the data, like 2026-10 (default: the last complete month).")
@click.option("--clean", is_flag=True, help="Without the dirty rows.")
@click.option("--parquet", is_flag=True, help="Write the inbox as Parquet.")
def sample(
    folder: Path,
    people: int,
    months: int,
    deals: int | None,
    seed: int,
    until: str | None,
    clean: bool,
    parquet: bool,
) -> None:
    """Write a believable company: the same options give the same bytes."""
    from attain.company import Calendar
    from attain.sample import generate

    calendar = Calendar()
    last = calendar.month(until or calendar.next_month(calendar.month_of(environment.sample_day(_now())).key, -1))
    generate(
        folder,
        until=last.ends_on,
        seed=seed,
        people=people,
        months=months,
        deals=deals,
        dirty=not clean,
        parquet=parquet,
        progress=_made,
    )
    click.echo(f"{folder} holds a sample company up to {last.key}. Score it with: make run COMPANY={folder}")


def _made(step: str, done: int, total: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r\033[K  {step} {done:,} of {total:,}", nl=done >= total)
    elif done >= total:
        click.echo(f"  {step}: {total:,}")


@cli.command()
@click.pass_obj
def status(company: Path | None) -> None:
    """What is published, what is closed, and how the newest run went."""
    from attain.status import show_status

    folder, home = _place(company)
    show_status(load_company(folder), home)


@cli.command()
@click.option("--verify", is_flag=True, help="Compare every file of landing, ledger and published set with its hash.")
@click.pass_obj
def doctor(company: Path | None, verify: bool) -> None:
    """Is the state sound? Exit code 0: yes; 1: something deserves a look; 2: something is damaged."""
    from attain.doctor import EXIT_CODES, examine, worst

    findings = examine(environment.state_of(company), verify=verify)
    for finding in findings:
        mark = {"ok": "ok     ", "warning": "WARNING", "error": "ERROR  "}[finding.level]
        _say(f"{mark}  {finding.check}: {finding.sentence}")
    raise SystemExit(EXIT_CODES[worst(findings)])


def main() -> None:
    """Entry point; deliberate errors end in their sentence and exit code."""
    try:
        with told(environment.home()):
            cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AttainError as error:
        _say(str(error), err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # the last resort: a sentence for the user, the traceback for whoever mends it
        click.echo(f"Internal error: {type(error).__name__}: {error}. Please report it{_logged()}.", err=True)
        sys.exit(AttainError.exit_code)


def _say(text: str, err: bool = False) -> None:
    """Text in which something may come from files: no letter of it steers the terminal."""
    click.echo(plain_lines(text), err=err)


def _logged() -> str:
    """Keep the traceback at hand; where nothing can be written, the sentence has to do."""
    log = environment.home() / "logs" / "error.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return ""
    return f" with {log}"
