"""Changes of a Delta table's metadata, by delta-rs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deltalake import DeltaTable, Field
from deltalake.exceptions import TableNotFoundError

from compare_schemas import Fields
from storage import storage_options
from table_schema import fields_of


class DeltaEvolution:
    """A table whose columns and properties a deploy brings up to its contract: each change is a commit without rows."""

    def __init__(self, table: DeltaTable) -> None:
        self._table = table

    def fields(self) -> Fields:
        return fields_of(self._table.schema())

    def add(self, fields: Sequence[Mapping[str, Any]]) -> None:
        self._table.alter.add_columns([Field.from_json(json.dumps(field)) for field in fields])

    def set_properties(self, wanted: Mapping[str, str]) -> None:
        configuration = self._table.metadata().configuration
        changed = {name: value for name, value in wanted.items() if configuration.get(name) != value}
        if changed:
            self._table.alter.set_table_properties(changed)


def open_evolution(uri: str) -> DeltaEvolution | None:
    """The table at a place, or None where nothing has been committed yet."""
    try:
        return DeltaEvolution(DeltaTable(uri, storage_options=storage_options()))
    except TableNotFoundError:
        return None
