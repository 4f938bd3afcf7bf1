"""What a run depends on, as one digest: equal digests mean that nothing a run rests on has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa

from attain import __version__
from attain.company import Company
from attain.environment import DBT_PROJECT
from attain.landing import Batch, Landing
from attain.ledger import Ledger
from attain.plans.flatten import flatten
from attain.plans.loader import load_plans


def inputs_id(company: Company, home: Path, period: str) -> str:
    """The run_id that a run of `period` would have now: equal ids mean that nothing it depends on has changed."""
    book = load_plans(company)
    tables = flatten(book, company.currency, company.kpis)
    batches = Landing(home / "landing").batches()
    return inputs_hash(company, batches, tables, Ledger(home / "ledger").head(), period)


def inputs_hash(company: Company, batches: list[Batch], plans: dict[str, pa.Table], head: str, period: str) -> str:
    """Digest of everything a run depends on; `head` is the ledger's, `period` what is asked for."""
    facts = [
        period,
        head,
        code_version(),
        company.settings.model_dump_json(),
        *(batch.batch_id for batch in batches),
        *(f"{name}:{table.to_pylist()}" for name, table in sorted(plans.items())),
        *(path.read_text(encoding="utf-8") for path in sorted(company.mappings_dir.glob("*.y*ml"))),
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def code_version() -> str:
    """The version of Attain and a digest of the models that compute."""
    digest = hashlib.sha256()
    for path in sorted([*DBT_PROJECT.glob("models/**/*.sql"), *DBT_PROJECT.glob("macros/**/*.sql")]):
        digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
