"""`docker-compose.yml` as this machine can run it: the same commands, environment and health checks."""

from __future__ import annotations

import base64
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from attain.environment import PROJECT

COMPOSE = PROJECT / "docker-compose.yml"
DOCKERFILE = PROJECT / "Dockerfile"
EXAMPLE = PROJECT / ".env.example"
_VARIABLE = re.compile(r"\$\{(\w+):\?[^}]*\}")


@dataclass(frozen=True)
class Service:
    """One service after interpolation: what it runs, under which environment, how its health is asked."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health: list[str]
    waits_for: dict[str, str]
    volumes: list[str]
    raw: dict[str, Any]


def secrets_file(company: Path) -> dict[str, str]:
    """What somebody writes into `.env`: fresh secrets, made as `.env.example` says."""
    return {
        "ATTAIN_COMPANY_DIR": str(company),
        "POSTGRES_PASSWORD": secrets.token_hex(16),
        "ATTAIN_ADMIN_PASSWORD": secrets.token_hex(16),
        "AIRFLOW_SECRET_KEY": secrets.token_urlsafe(48),
        "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
    }


def services(variables: dict[str, str]) -> dict[str, Service]:
    """The services with `variables` filled in. Raises KeyError where compose refuses: for a missing one."""
    text = _VARIABLE.sub(lambda found: variables[found[1]], COMPOSE.read_text(encoding="utf-8"))
    return {name: _service(name, raw, variables) for name, raw in yaml.safe_load(text)["services"].items()}


def image_environment() -> dict[str, str]:
    """What the image sets for every service."""
    text = re.search(r"^ENV (.*?)(?<!\\)\n", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert text
    return dict(re.findall(r"(\w+)=(\S+)", text[1].replace("\\\n", " ")))


def entry() -> list[str]:
    """The image's entry point."""
    found = re.search(r'^ENTRYPOINT \["(.+)"\]$', DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found
    return [found[1]]


def _service(name: str, raw: dict[str, Any], variables: dict[str, str]) -> Service:
    # A key without value is handed on from .env when it stands there.
    given = {key: variables.get(key) if value is None else str(value) for key, value in raw["environment"].items()}
    health = raw.get("healthcheck", {}).get("test", [])
    assert not health or health[0] == "CMD", "only the exec form needs no shell in the image"
    return Service(
        name=name,
        command=raw.get("command", []),
        environment={key: value for key, value in given.items() if value is not None},
        health=health[1:],
        waits_for={key: value["condition"] for key, value in raw.get("depends_on", {}).items()},
        volumes=raw.get("volumes", []),
        raw=raw,
    )
