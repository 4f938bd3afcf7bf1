"""OpenLineage run events of a scoring run, one JSON object per line in `logs/openlineage.jsonl`.

The format is https://openlineage.io/docs/spec/object-model, version 2-0-2 of its schema, so that Marquez, DataHub or
any other reader takes the lines as they are. A run is the job `score_period`; each of its steps is a job of its own
that names it as parent. Events hold names, counts and hashes, never a value out of a row.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attain import __version__

_SPEC = "https://openlineage.io/spec"
_SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_PRODUCER = f"urn:attain:{__version__}"
_NAMESPACE = "attain"
_ROOT = "score_period"
Dataset = dict[str, Any]


class Lineage:
    """The events of one run, known by its label; `home` is the state folder. The step '' is the run itself."""

    def __init__(self, home: Path, label: str) -> None:
        self.label = label
        self.path = home / "logs" / "openlineage.jsonl"

    def started(self, step: str, at: dt.datetime) -> None:
        """A step, or the run, begins."""
        self._write("START", step, at, {})

    def completed(self, step: str, at: dt.datetime) -> None:
        """A step has ended well."""
        self._write("COMPLETE", step, at, {})

    def failed(self, step: str, at: dt.datetime, error: BaseException) -> None:
        """A step has ended badly, and the run with it; only the first sentence of the error is told."""
        told = (str(error).splitlines() or [type(error).__name__])[0]
        facet = _facet("1-0-1/ErrorMessageRunFacet", message=told, programmingLanguage="Python")
        for job in (step, ""):
            self._write("FAIL", job, at, {"errorMessage": facet})

    def published(self, at: dt.datetime, seal: Mapping[str, Any], home: Path) -> None:
        """The run has ended with the set whose seal this is: what it was made from, and its tables."""
        self._write("COMPLETE", "", at, {}, inputs(seal, home), outputs(seal, home))

    def run_id(self, step: str) -> str:
        """The UUID of a step of this run: the same in each of its events, and when the step is run again."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"attain:{self.label}:{step}"))

    def _write(
        self,
        kind: str,
        step: str,
        at: dt.datetime,
        facets: dict[str, Any],
        read: list[Dataset] | None = None,
        made: list[Dataset] | None = None,
    ) -> None:
        if step:
            parent = {"run": {"runId": self.run_id("")}, "job": {"namespace": _NAMESPACE, "name": _ROOT}}
            facets = {**facets, "parent": _facet("1-1-0/ParentRunFacet", **parent)}
        event = {
            "eventType": kind,
            "eventTime": at.astimezone(dt.UTC).isoformat(),
            "producer": _PRODUCER,
            "schemaURL": _SCHEMA,
            "run": {"runId": self.run_id(step), "facets": facets},
            "job": _job(step),
            "inputs": read or [],
            "outputs": made or [],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


def inputs(seal: Mapping[str, Any], home: Path) -> list[Dataset]:
    """A dataset per landed stream a set was made from; its version is the newest batch of it."""
    batches = seal["provenance"]["batches"]
    newest = {batch["stream"]: batch["batch_id"] for batch in batches}
    counts = Counter(batch["stream"] for batch in batches)
    return [
        {
            **_dataset(home / "landing" / stream, newest[stream]),
            "inputFacets": {"inputStatistics": _facet("1-0-0/InputStatisticsInputDatasetFacet", fileCount=count)},
        }
        for stream, count in sorted(counts.items())
    ]


def outputs(seal: Mapping[str, Any], home: Path) -> list[Dataset]:
    """A dataset per table of a set; its version is the hash of what it contains."""
    return [
        _dataset(home / "published" / "parquet" / f"{table}.parquet", content)
        for table, content in sorted(seal["tables"].items())
    ]


def _dataset(path: Path, version: str) -> Dataset:
    facet = _facet("1-0-1/DatasetVersionDatasetFacet", datasetVersion=version)
    return {"namespace": "file", "name": str(path), "facets": {"version": facet}}


def _job(step: str) -> dict[str, Any]:
    return {"namespace": _NAMESPACE, "name": f"{_ROOT}.{step}" if step else _ROOT, "facets": {}}


def _facet(kind: str, **content: Any) -> dict[str, Any]:
    version, name = kind.split("/")
    return {
        "_producer": _PRODUCER,
        "_schemaURL": f"{_SPEC}/facets/{version}/{name}.json#/$defs/{name}",
        **content,
    }
