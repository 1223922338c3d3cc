"""Tables as their contracts describe them, in the form of Delta."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deltalake import Schema

from compare_schemas import Fields, compare_schemas

PARTITION = "_ingest_date"
# What was sent, masked or sealed: never shown by statistics.
WHAT_CAME = ("payload", "sealed")

# What every table gets when it is created. A run reads changes by version, so the feed is on, and the log outlives the
# longest pause between runs. Only maintenance cleans the log up: not every hundredth commit, while messages wait.
PROPERTIES = {
    "delta.enableChangeDataFeed": "true",
    "delta.logRetentionDuration": "interval 30 days",
    "delta.deletedFileRetentionDuration": "interval 7 days",
    "delta.checkpointInterval": "100",
    "delta.enableExpiredLogCleanup": "false",
}

Column = Mapping[str, Any]


class SchemaMismatch(Exception):
    """Data or a table that is not as the contract says."""


@dataclass(frozen=True)
class TableContract:
    """What `commit-batches` has to know of a table."""

    table: str
    columns: Sequence[Column]

    def schema(self) -> Schema:
        """Every column is nullable: the gate enforces what is required, and storage stays free to evolve."""
        return Schema.from_json(json.dumps(_struct(self.columns)))

    def properties(self) -> dict[str, str]:
        """Statistics show values to whoever may list files, so columns with personal data get none."""
        shown = [column["name"] for column in self.columns if _may_be_shown(column)]
        return PROPERTIES | {"delta.dataSkippingStatsColumns": ",".join(shown)}

    def check_file(self, what: str, found: Schema) -> None:
        """Refuse another type, which Delta would cast without a word, and columns that no contract declares."""
        self._refuse(what, found, "type", "extra")

    def check_table(self, what: str, found: Schema) -> None:
        """Refuse another type. A deploy adds columns before the function that knows them comes, or goes back."""
        self._refuse(what, found, "type")

    def _refuse(self, what: str, found: Schema, *kinds: str) -> None:
        for each in compare_schemas(fields_of(found), fields_of(self.schema())):
            if each.kind in kinds and each.wanted is None:
                raise SchemaMismatch(f"{what}: column '{each.path}' is not in the contract of '{self.table}'")
            if each.kind in kinds:
                raise SchemaMismatch(
                    f"{what}: column '{each.path}': found {each.found}; the contract says {each.wanted}"
                )


def fields_of(schema: Schema) -> Fields:
    """The columns of a schema as Delta's JSON."""
    fields: Fields = json.loads(schema.to_json())["fields"]
    return fields


def read_contracts(folder: Path) -> dict[str, TableContract]:
    """The bronze tables of the domain and its quarantine, by table id."""
    contracts = json.loads((folder / "contracts.json").read_text())
    added = json.loads((folder / "system-columns.json").read_text())
    bronze = [each for each in contracts if each["layer"] == "bronze"]
    tables = {f"{each['domain']}.bronze.{each['table']}": [*each["columns"], *added["bronze"]] for each in bronze}
    tables |= {f"{each['domain']}.ops.quarantine": added["quarantine"] for each in contracts}
    return {table: TableContract(table, columns) for table, columns in tables.items()}


def _may_be_shown(column: Column) -> bool:
    is_scalar = column["type"] not in ("array", "struct")
    is_personal = column.get("pii", "none") != "none"
    return is_scalar and not is_personal and column["name"] not in (PARTITION, *WHAT_CAME)


def _struct(columns: Iterable[Column]) -> dict[str, Any]:
    fields = [
        {"name": column["name"], "type": _delta_type(column), "nullable": True, "metadata": {}} for column in columns
    ]
    return {"type": "struct", "fields": fields}


def _delta_type(field: Column) -> Any:
    if field["type"] == "array":
        return {"type": "array", "elementType": _delta_type(field["items"]), "containsNull": True}
    if field["type"] == "struct":
        return _struct(field["fields"])
    return {"int": "integer"}.get(field["type"], field["type"])
