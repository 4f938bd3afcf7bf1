"""The environment variables Airflow, dbt and Great Expectations run under: the one place that knows them.

`python -m attain.environment` prints them as shell exports for containers, leaving out what is set already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import os
import shlex
from pathlib import Path
from zoneinfo import ZoneInfo

from attain import yamlfile
from attain.errors import InputError

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "dags"
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"

# A sample company is made beside the state, named for the last month it holds; it works in this time zone.
SAMPLE = "sample-company-"
SAMPLE_ZONE = "Asia/Shanghai"

# Nothing may call out while people's pay is computed. Airflow 3.3 no longer has a collector of its own; the
# switch stays for versions that do. dbt asks the network for versions only in `dbt --version`, which nothing
# here calls.
_SILENCE = {
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "False",
    "GX_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "SCARF_ANALYTICS": "false",
}


# dbt leaves semaphores behind when Airflow ends a task's process; Python frees them and says so on standard error,
# which Airflow shows as an error of a task that went well.
_QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"}


def home() -> Path:
    """Where state lives: ATTAIN_HOME, or `.attain` in the working folder, as an absolute path."""
    return Path(os.environ.get("ATTAIN_HOME") or ".attain").absolute()


def company() -> Path:
    """The company folder of this process: ATTAIN_COMPANY. Raises InputError when it is not set."""
    folder = os.environ.get("ATTAIN_COMPANY")
    if not folder:
        raise InputError("ATTAIN_COMPANY is not set; it names the company folder (company.yml, plans/, inbox/).")
    return Path(folder).absolute()


def choose_company(folder: str | None, today: dt.date) -> Path:
    """The company folder asked for, else ATTAIN_COMPANY, else the newest sample company, made when there is none.

    A sample that is made ends with the last month before `today`.
    """
    chosen = folder or os.environ.get("ATTAIN_COMPANY")
    if chosen:
        return Path(chosen).absolute()
    made = sorted(home().glob(f"{SAMPLE}*"))
    return made[-1] if made else _make_sample(today)


def home_of(folder: Path) -> Path:
    """Where the state of this company lies: ATTAIN_HOME when set; else `.attain`, or a folder in it when another
    company has been run there before, so that two companies never share landing and ledger.
    """
    state = state_of(folder)
    try:
        _remember_owner(state, str(folder))
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{state}: no state folder can be made there ({error.strerror}); see ATTAIN_HOME.") from error
    return state


def _remember_owner(state: Path, folder: str) -> None:
    # In one step: a half-written name would send the next command to another, empty state folder.
    state.mkdir(parents=True, exist_ok=True)
    owner = state / "company"
    _refuse_other_company(owner, folder)
    if not owner.exists() or owner.read_text(encoding="utf-8") != folder:
        fresh = state / "company.new"
        fresh.write_text(folder, encoding="utf-8")
        fresh.replace(owner)


def _refuse_other_company(owner: Path, folder: str) -> None:
    """Landing and ledger only grow: two companies in them could not be told apart again.

    A folder that was moved or copied with its state holds the same company, by its name.
    """
    before = owner.read_text(encoding="utf-8") if owner.exists() else folder
    if before == folder or _name_of(before) in (None, _name_of(folder)):
        return
    raise InputError(
        f"{owner.parent} holds the state of the company in {before}, not of {folder}. Give each company a state folder "
        "of its own: set ATTAIN_HOME to another one, or leave it out to have one chosen."
    )


def _name_of(folder: str) -> str | None:
    """The name in the company.yml of a folder, None where there is none to be read."""
    path = Path(folder, "company.yml")
    try:
        written = yamlfile.read(path).data if path.exists() else None
    except InputError:
        return None
    return written.get("name") if isinstance(written, dict) else None


def state_of(folder: Path | None) -> Path:
    """Where the state of this company (default: ATTAIN_COMPANY, else the sample) lies; writes nothing."""
    chosen = folder or os.environ.get("ATTAIN_COMPANY")
    state = home()
    if os.environ.get("ATTAIN_HOME") or not chosen:
        return state
    company_folder = Path(chosen).absolute()
    owner = state / "company"
    if not owner.exists() or owner.read_text(encoding="utf-8") == str(company_folder):
        return state
    name = hashlib.sha256(str(company_folder).encode()).hexdigest()[:6]
    return state / "companies" / f"{company_folder.name}-{name}"


def sample_day(now: dt.datetime) -> dt.date:
    """The day it is where a sample company works: its last month ended before it."""
    return now.astimezone(ZoneInfo(SAMPLE_ZONE)).date()


def sample_period(folder: Path) -> str | None:
    """The month a sample company was made up to; none for any other folder."""
    return folder.name.removeprefix(SAMPLE) if folder.name.startswith(SAMPLE) else None


def _make_sample(today: dt.date) -> Path:
    from attain.sample import generate

    until = today.replace(day=1) - dt.timedelta(days=1)
    folder = home() / f"{SAMPLE}{until:%Y-%m}"
    generate(folder, until=until)
    return folder


def airflow_version() -> str:
    """The version of Airflow installed, without importing it."""
    return importlib.metadata.version("apache-airflow-core")


def settings(state: Path) -> dict[str, str]:
    """Every variable for work with state in `state`: no telemetry, no examples, own DAGs and database."""
    airflow_home = state.absolute() / "airflow"
    return {
        **_SILENCE,
        **_QUIET,
        "ATTAIN_HOME": str(state.absolute()),
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow_home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(state.absolute() / "logs" / "airflow"),
    }


def apply(state: Path) -> None:
    """Put `settings` into this process; comes before the first import of airflow, dbt or great_expectations.

    What the shell had set is replaced, so that another project's AIRFLOW_HOME is never written to.
    """
    os.environ.update(settings(state))


def exports(state: Path, present: dict[str, str]) -> str:
    """Shell lines that export `settings`, without the variables in `present` (a deployment's own choice)."""
    wanted = {name: value for name, value in settings(state).items() if name in _SILENCE or name not in present}
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in sorted(wanted.items()))


if __name__ == "__main__":
    print(exports(home(), dict(os.environ)))
