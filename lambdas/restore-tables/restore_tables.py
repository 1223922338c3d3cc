"""Takes tables back to earlier versions: all of those that are named, or none."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

# Tables wait for S3, not for the processor.
AT_ONCE = 8


@dataclass(frozen=True)
class Past:
    """A version of a table, for gold in a slot."""

    table: str
    slot: str | None
    version: int

    @property
    def place(self) -> str:
        """As a person calls it."""
        return f"{self.table} in {self.slot}" if self.slot else self.table

    @property
    def facts(self) -> Mapping[str, Any]:
        """As it is named to others."""
        return {"table": self.table, "slot": self.slot, "version": self.version}


class Table(Protocol):
    """A Delta table that exists."""

    def version(self) -> int: ...

    def holds(self, version: int) -> bool:
        """Whether no commit since has changed a row."""

    def why_lost(self, version: int) -> str | None:
        """Why the version cannot be read any more; None when it can."""

    def restore(self, version: int) -> int:
        """Commit the rows of the version anew. Returns the version that holds them now."""


class Lost(Exception):
    """A version that cannot be returned to."""


OpenTable = Callable[[Past], Table | None]


def lost_of(wanted: Iterable[Past], open_table: OpenTable) -> list[Mapping[str, Any]]:
    """Those that cannot be returned to, and why."""
    return [{**each.facts, "reason": reason} for each, reason in _lost_of(list(wanted), open_table)]


def restore_tables(wanted: Iterable[Past], open_table: OpenTable) -> list[Mapping[str, Any]]:
    """The tables with the versions at which they hold the wanted rows now. Done again, it changes nothing."""
    asked = list(wanted)
    if lost := _lost_of(asked, open_table):
        raise Lost("; ".join(f"{each.place}: {reason}" for each, reason in lost))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        versions = pool.map(lambda each: _restore(open_table(each), each.version), asked)
    return [{**each.facts, "version": version} for each, version in zip(asked, versions, strict=True)]


def _lost_of(asked: list[Past], open_table: OpenTable) -> list[tuple[Past, str]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        reasons = pool.map(lambda each: _why_lost(open_table(each), each.version), asked)
    return [(each, reason) for each, reason in zip(asked, reasons, strict=True) if reason]


def _restore(table: Table | None, version: int) -> int:
    if table is None:
        raise Lost("the table was there a moment ago")
    return table.version() if table.holds(version) else table.restore(version)


def _why_lost(table: Table | None, version: int) -> str | None:
    if table is None:
        return "there is no table"
    return None if table.holds(version) else table.why_lost(version)
