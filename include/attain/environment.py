"""The environment variables Airflow, dbt and Great Expectations run under: the one place that knows them.

`python -m attain.environment` prints them as shell exports for containers, leaving out what is set already.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "dags"
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"

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


def home() -> Path:
    """Where state lives: ATTAIN_HOME, or `.attain` in the working folder, as an absolute path."""
    return Path(os.environ.get("ATTAIN_HOME") or ".attain").absolute()


def settings(state: Path) -> dict[str, str]:
    """Every variable for work with state in `state`: no telemetry, no examples, own DAGs and database."""
    airflow_home = state.absolute() / "airflow"
    return {
        **_SILENCE,
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
    wanted = {
        name: value for name, value in settings(state).items() if name in _SILENCE or name not in present
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in sorted(wanted.items()))


if __name__ == "__main__":
    print(exports(home(), dict(os.environ)))
