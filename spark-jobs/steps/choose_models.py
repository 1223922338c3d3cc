"""What a run does with each gold table: make it anew, bring it up to date, or leave it as it is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from shared.plan import ModelInput, ModelTable, ModelTask

OWN_PACKAGE = "sluice"


@dataclass(frozen=True)
class InputRange:
    """The change of an input since the slot was last built: nothing when from is above to, all of it when from is 0."""

    from_version: int
    to_version: int

    @property
    def is_empty(self) -> bool:
        """Nothing has changed."""
        return self.from_version > self.to_version


@dataclass(frozen=True)
class Choice:
    """Models by name; those that are neither made anew nor kept are brought up to date by what changed."""

    rebuilt: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    #: By what each table would be made now, as `fingerprint` tells it.
    made_by: Mapping[str, str] = field(default_factory=dict)


class Models:
    """The models of a domain as dbt's manifest knows them: what they read, and what they are made of."""

    def __init__(self, manifest: Any) -> None:
        self._manifest = manifest

    def inputs(self, task: ModelTask, name: str) -> tuple[ModelInput, ...]:
        """Inputs that a model reads, through other models too."""
        sources = self._manifest.sources
        found = [sources[node] for node in self._behind(name) if node in sources]
        read = {(source.source_name, source.name) for source in found}
        return tuple(table for table in task.inputs if (table.source, table.table) in read)

    def parents(self, name: str) -> set[str]:
        """Names of the models behind a model."""
        nodes = self._manifest.nodes
        return {nodes[node].name for node in self._behind(name) if node in nodes} - {name}

    def fingerprint(self, table: ModelTable) -> str:
        """What a table's contract, its model and the models and macros behind it come to."""
        columns = [asdict(column) for column in table.columns]
        text = json.dumps([table.contract_version, columns, *self._texts(table.table)])
        return sha256(text.encode()).hexdigest()

    def _texts(self, name: str) -> list[str]:
        nodes, macros = self._manifest.nodes, self._manifest.macros
        models = [nodes[node].raw_code for node in self._behind(name) if node in nodes]
        return models + [macros[node].macro_sql for node in self._behind(name) if node in macros]

    def _behind(self, name: str) -> list[str]:
        """Ids of a model and of all that it depends on, in a stable order; dbt's own macros are left out."""
        found: set[str] = set()
        waiting = [f"model.{OWN_PACKAGE}.{name}"]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self._depends_on(node)
        return sorted(found)

    def _depends_on(self, node: str) -> list[str]:
        known = self._manifest.nodes.get(node) or self._manifest.macros.get(node)
        if known is None:
            return []
        own = [macro for macro in known.depends_on.macros if macro.startswith(f"macro.{OWN_PACKAGE}.")]
        return [*getattr(known.depends_on, "nodes", ()), *own]


def choose_models(
    models: Models, task: ModelTask, ranges: Mapping[str, InputRange], is_as_made: Callable[[ModelTable, str], bool]
) -> Choice:
    """
    A table is made anew where changes of an input are not known, where it is not there as its contract and model would
    make it, or where a table that it is made of is made anew. It is kept where none of its inputs has changed.

    :param ranges: what changed, by the id of the input; the range of an input whose changes are not known begins at 0
    :param is_as_made: whether the slot holds the table as it is made by this fingerprint
    """
    made_by = {table.table: models.fingerprint(table) for table in task.tables}
    read = {table.table: [ranges[found.id] for found in models.inputs(task, table.table)] for table in task.tables}
    rebuilt = {
        table.table
        for table in task.tables
        if any(read_range.from_version == 0 for read_range in read[table.table])
        or not is_as_made(table, made_by[table.table])
    }
    rebuilt |= {name for name in read if models.parents(name) & rebuilt}
    kept = {name for name, changes in read.items() if name not in rebuilt and all(each.is_empty for each in changes)}
    return Choice(frozenset(rebuilt), frozenset(kept), made_by)
