"""The models and sources of a compiled project: how SQL calls each, what a model reads, where changed rows are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from attain.building import CompiledModel, CompiledTest
from attain.conform import NEW

Node = CompiledModel | CompiledTest


@dataclass(frozen=True)
class Relations:
    """The models and sources of a project by name: how SQL calls each, and what each model is."""

    names: Mapping[str, str]
    models: Mapping[str, CompiledModel]

    def is_view(self, name: str) -> bool:
        return name in self.models and self.models[name].materialized == "view"

    def leaves(self, model: Node) -> Iterator[str]:
        """The tables and sources a model reads, itself or through views."""
        for parent in model.parents:
            name = short(parent)
            if self.is_view(name):
                yield from self.leaves(self.models[name])
            else:
                yield name

    def texts(self, model: Node) -> Iterator[str]:
        """The SELECT of a model and of every view it reads."""
        yield model.sql
        for parent in model.parents:
            name = short(parent)
            if self.is_view(name):
                yield from self.texts(self.models[name])


def short(unique_id: str) -> str:
    """`model.attain.stg_deals` → `stg_deals`, `source.attain.landing.deals` → `landing.deals`."""
    kind, _, *name = unique_id.split(".")
    return ".".join(name) if kind == "source" else name[-1]


def relations(models: Sequence[CompiledModel]) -> Relations:
    """The relations of a compiled project."""
    names = {model.name: model.relation for model in models}
    for model in models:
        for parent in model.parents:
            if parent.startswith("source."):
                schema, table = short(parent).split(".")
                names[short(parent)] = f'"warehouse"."{schema}"."{table}"'
    return Relations(names, {model.name: model for model in models})


def changed_rows(name: str) -> str:
    """How SQL calls the changed rows of a table, as they were and as they are."""
    if name.startswith("landing."):
        return f'warehouse.{NEW}."{name.removeprefix("landing.")}"'
    return f'warehouse.refresh."{name}"'
