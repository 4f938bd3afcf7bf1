"""Rules about the project itself: locks, layers, telemetry, sizes, links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from attain import environment

PROJECT = environment.PROJECT
LOCKS = ("requirements.lock", "requirements-server.lock")
SKIPPED = {".git", ".venv", ".attain", "__pycache__", "target", "logs", "build", "dist"}
TEXT = {".py", ".sql", ".yml", ".yaml", ".md", ".toml", ".lock", ".sh", ".csv", ".html", ".cfg", ""}


def project_files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.endswith(("_cache", ".egg-info"))]
        found += [Path(folder) / name for name in names]
    return sorted(path for path in found if path.suffix in TEXT and path.stat().st_size < 2_000_000)


def pins(lock: str) -> dict[str, str]:
    text = (PROJECT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, flags=re.MULTILINE))


def direct_dependencies() -> dict[str, list[str]]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    groups = {"base": project["dependencies"], **project["optional-dependencies"]}
    return {
        group: [re.split(r"[<>=~!\[; ]", entry)[0].lower() for entry in entries] for group, entries in groups.items()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_with_hashes_and_names_no_registry(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)
    entries = re.split(r"\n(?=[a-z0-9])", text)
    without = [entry.split("\n")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert without == []
    assert len(pins(lock)) > 100


def test_both_locks_agree_on_what_they_share() -> None:
    main, server = pins("requirements.lock"), pins("requirements-server.lock")
    assert {name: server[name] for name in server if name in main and server[name] != main[name]} == {}
    assert set(server) - set(main) == {"asyncpg", "psycopg2-binary"}


def test_every_direct_dependency_is_locked_and_has_its_reason() -> None:
    groups = direct_dependencies()
    reasons = (PROJECT / "docs" / "decisions" / "dependencies.md").read_text().lower()
    locked = pins("requirements.lock")
    for name in [*groups["base"], *groups["dev"]]:
        assert name in locked, f"{name} is not in requirements.lock: make lock"
    for name in groups["base"] + groups["server"]:
        assert re.search(rf"\b{re.escape(name)}\b", reasons), f"{name} has no reason in docs/decisions"


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    machine = re.compile("(?<![\\w.-])/" + "(work|root|Users)/")
    hits = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in project_files()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1)
        if machine.search(line)
    ]
    assert hits == []


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(PROJECT)): lines
        for path in project_files()
        if path.suffix == ".py" and PROJECT / "include" in path.parents
        if (lines := len(path.read_text("utf-8").splitlines())) > 450
    }
    assert long == {}


def test_no_model_reaches_back_to_a_later_layer() -> None:
    order = {"staging": 0, "intermediate": 1, "marts": 2}
    models = {path.stem: path for path in (PROJECT / "dbt_project" / "models").rglob("*.sql")}
    layer = {name: path.relative_to(PROJECT / "dbt_project" / "models").parts[0] for name, path in models.items()}
    assert set(layer.values()) <= set(order)
    back = [
        f"{name} ({layer[name]}) reads {other} ({layer[other]})"
        for name, path in sorted(models.items())
        for other in re.findall(r"ref\(\s*['\"](\w+)['\"]", path.read_text("utf-8"))
        if other in layer and order[layer[other]] > order[layer[name]]
    ]
    assert back == []


def test_only_staging_and_facts_about_batches_read_what_was_landed() -> None:
    readers = {
        str(path.relative_to(PROJECT / "dbt_project" / "models").parent)
        for path in (PROJECT / "dbt_project" / "models").rglob("*.sql")
        if re.search(r"source\(\s*['\"]landing['\"]", path.read_text("utf-8"))
    }
    assert {folder for folder in readers if not folder.startswith("staging")} <= {
        "intermediate/quality",
        "marts/quality",
    }


def test_no_model_looks_at_the_clock() -> None:
    clock = re.compile(
        r"\b(current_date|current_timestamp|now\(\)|today\(\)|localtimestamp|run_started_at)\b", re.IGNORECASE
    )
    hits = [
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "dbt_project").rglob("*.sql")
        if "target" not in path.parts
        if clock.search(re.sub(r"--.*", "", path.read_text("utf-8")))
    ]
    assert hits == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = """
import importlib, pkgutil, sys
import attain
for module in pkgutil.walk_packages(attain.__path__, "attain."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
heavy = {"airflow", "dbt", "great_expectations", "pandas", "xlsxwriter"} & set(sys.modules)
print(",".join(sorted(heavy)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == ""


def test_the_environment_is_silent_and_keeps_its_state_together(tmp_path: Path) -> None:
    settings = environment.settings(tmp_path)
    assert settings["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "False"
    assert settings["GX_ANALYTICS_ENABLED"] == "False"
    assert settings["DO_NOT_TRACK"] == "1"
    assert settings["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert settings["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert settings["AIRFLOW__CORE__DAGS_FOLDER"] == str(PROJECT / "dags")
    assert settings["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert settings["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{tmp_path}/airflow/airflow.db"


def test_tests_run_in_the_silent_environment() -> None:
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert Path(os.environ["AIRFLOW_HOME"]).parent == Path(os.environ["ATTAIN_HOME"])
    assert PROJECT not in Path(os.environ["ATTAIN_HOME"]).parents


def test_a_container_keeps_its_own_database_but_not_telemetry(tmp_path: Path) -> None:
    present = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://x", "DO_NOT_TRACK": "0"}
    lines = environment.exports(tmp_path / "a b", present).splitlines()
    assert "export DO_NOT_TRACK=1" in lines
    assert f"export AIRFLOW_HOME='{tmp_path}/a b/airflow'" in lines
    assert not any("SQL_ALCHEMY_CONN" in line for line in lines)


def test_make_help_names_every_target() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert phony
    shown = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\w+)", shown, flags=re.MULTILINE) == phony[1].split()
    assert len(shown.splitlines()) <= 24
    assert max(len(line) for line in shown.splitlines()) <= 120


def test_continuous_integration_runs_what_a_contributor_runs() -> None:
    script = PROJECT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if line.startswith("make ")]
    assert commands == ["make lint", "make test"]


def test_hooks_come_from_this_repository_alone() -> None:
    hooks = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
    assert {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]} == {"system"}


def test_containers_have_no_default_secret_no_root_and_no_open_port() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    variables = re.findall(r"\$\{(\w+)([^}]*)\}", text)
    assert {name for name, rest in variables if not rest.startswith(":?")} == set()
    assert {name for name, _ in variables} == {
        line.split("=")[0] for line in (PROJECT / ".env.example").read_text().splitlines() if line.endswith("=")
    }
    services = yaml.safe_load(text)["services"]
    assert set(services) == {"postgres", "prepare", "api-server", "scheduler", "dag-processor", "triggerer"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"prepare"}
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]
    image = (PROJECT / "Dockerfile").read_text()
    assert re.findall(r"^USER (\w+)$", image, flags=re.MULTILINE) == ["attain"]


def test_links_in_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(PROJECT)} -> {target}"
        for path in project_files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
