"""Which changes of a contract an existing table can take while it is written and read: new optional columns."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from compare_schemas import Difference, Fields, compare_schemas
from table_schema import TableContract, fields_of

Field = Mapping[str, Any]

FIX = (
    "An existing table takes new optional columns only. Undo the change, or make it a new major version: "
    "a table of its own with an event type of its own, served beside this one until its readers have moved."
)


@dataclass(frozen=True)
class Required:
    """Paths of required columns: what the contract says, and what it said at the last deploy, where that is known."""

    now: Collection[str]
    before: Collection[str] | None


@dataclass(frozen=True)
class Refusal:
    """A change that a table cannot take."""

    table: str
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.table}: column '{self.column}': found {self.found}; the contract wants {self.wanted}"


class ChangeRefused(Exception):
    """A contract that an existing table does not fit."""


class Table(Protocol):
    """A Delta table that exists."""

    def fields(self) -> Fields: ...

    def add(self, fields: Sequence[Field]) -> None:
        """Add columns; members that a column lacks are added to it."""

    def set_properties(self, wanted: Mapping[str, str]) -> None:
        """Set those that differ."""


def evolve_tables(
    contracts: Collection[TableContract],
    required: Mapping[str, Required],
    open_table: Callable[[str], Table | None],
) -> dict[str, list[str]]:
    """
    Bring tables up to their contracts, and tell which columns each received. One refusal stops all of them, before
    anything is changed. A table that does not exist yet is left to its first commit.
    """
    found = [(contract, table) for contract in contracts if (table := open_table(contract.table))]
    compared = [(contract, table, _differences(table, contract)) for contract, table in found]
    refusals = [
        refusal
        for contract, table, differences in compared
        for refusal in refusals_of(contract, table.fields(), differences, required[contract.table])
    ]
    if refusals:
        raise ChangeRefused("; ".join(map(str, refusals)) + f". {FIX}")
    return {contract.table: _apply(contract, table, differences) for contract, table, differences in compared}


def refusals_of(
    contract: TableContract, fields: Fields, differences: Sequence[Difference], required: Required
) -> Iterator[Refusal]:
    """Every difference but a new optional column, and every column that is no longer, or newly, required."""
    for each in differences:
        if each.kind != "missing":
            yield Refusal(contract.table, each.path, str(each.found), each.wanted or "no such column")
        elif each.path in required.now:
            yield Refusal(contract.table, each.path, "no such column", f"a required {each.wanted}")
    if required.before is not None:
        yield from _changed_duties(contract.table, set(_paths(fields, "")), set(required.now), set(required.before))


def _changed_duties(table: str, known: set[str], now: set[str], before: set[str]) -> Iterator[Refusal]:
    """Old rows hold nulls where a column was optional, and readers expect none where it was required."""
    for path in sorted(known & (now ^ before)):
        found, wanted = ("required", "optional") if path in before else ("optional", "required")
        yield Refusal(table, path, f"{found} at the last deploy", f"it {wanted}")


def _differences(table: Table, contract: TableContract) -> list[Difference]:
    return compare_schemas(table.fields(), fields_of(contract.schema()))


def _apply(contract: TableContract, table: Table, differences: Sequence[Difference]) -> list[str]:
    incomplete = {re.split(r"\.|\[\]", each.path)[0] for each in differences}
    fields = [field for field in fields_of(contract.schema()) if field["name"] in incomplete]
    if fields:
        table.add(fields)
    table.set_properties(contract.properties())
    return [f"{each.path} {each.wanted}" for each in differences]


def _paths(fields: Fields, prefix: str) -> Iterator[str]:
    for field in fields:
        path, kind = prefix + field["name"], field["type"]
        yield path
        while not isinstance(kind, str) and kind["type"] == "array":
            path, kind = f"{path}[]", kind["elementType"]
        if not isinstance(kind, str) and kind["type"] == "struct":
            yield from _paths(kind["fields"], f"{path}.")
