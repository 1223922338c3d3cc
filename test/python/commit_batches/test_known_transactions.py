"""When the transactions of an open table are asked for again."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, Field, Transaction, write_deltalake
from deltalake.schema import PrimitiveType

from known_transactions import LOOKED_AT, KnownTransactions


class Counted:
    """A table whose look-ups are counted."""

    def __init__(self, uri: str) -> None:
        self.table = DeltaTable(uri)
        self.asked: list[str] = []

    def version(self) -> int:
        return self.table.version()

    def history(self, limit: int) -> list[dict[str, Any]]:
        return self.table.history(limit)

    def transaction_version(self, app_id: str) -> int | None:
        self.asked.append(app_id)
        return self.table.transaction_version(app_id)


def write(uri: str, **txns: int) -> None:
    """Commit a row with transactions, as a committer does."""
    properties = CommitProperties(app_transactions=[Transaction(*txn) for txn in txns.items()])
    write_deltalake(uri, pa.table({"a": [1]}), mode="append", commit_properties=properties)


@pytest.fixture
def uri(tmp_path: Path) -> str:
    folder = str(tmp_path / "table")
    write(folder, a=1)
    write(folder, b=2)
    return folder


def opened(uri: str) -> tuple[Counted, KnownTransactions]:
    """A table of which all is known that is asked for below."""
    table = Counted(uri)
    known = KnownTransactions(table)
    assert known.read({"a", "b", "c"}) == {"a": 1, "b": 2}
    assert sorted(table.asked) == ["a", "b", "c"]
    table.asked.clear()
    return table, known


def test_what_was_asked_once_is_known_also_that_there_is_none(uri: str) -> None:
    table, known = opened(uri)
    assert known.read({"b", "c"}) == {"b": 2}
    assert table.asked == []


def compact(uri: str) -> None:
    assert DeltaTable(uri).optimize.compact()["numFilesRemoved"] == 2


def vacuum(uri: str) -> None:
    compact(uri)
    DeltaTable(uri).vacuum(0, dry_run=False, enforce_retention_duration=False)


def add_column(uri: str) -> None:
    DeltaTable(uri).alter.add_columns([Field("z", PrimitiveType("string"))])


@pytest.mark.parametrize("upkeep", [compact, vacuum, add_column])
def test_upkeep_beside_it_changes_nothing_of_what_is_known(uri: str, upkeep: Callable[[str], None]) -> None:
    table, known = opened(uri)
    upkeep(uri)
    table.table.update_incremental()
    assert known.read({"a", "b", "c"}) == {"a": 1, "b": 2}
    assert table.asked == []


def test_after_a_commit_of_its_own_behind_upkeep_nothing_is_asked_again(uri: str) -> None:
    table, known = opened(uri)
    compact(uri)
    write(uri, a=7, c=3)
    table.table.update_incremental()
    known.add({"a": 7, "c": 3})
    assert known.read({"a", "b", "c"}) == {"a": 7, "b": 2, "c": 3}
    assert table.asked == []


def test_after_somebody_elses_rows_all_is_asked_again(uri: str) -> None:
    table, known = opened(uri)
    compact(uri)
    write(uri, b=9)
    table.table.update_incremental()
    assert known.read({"a", "b"}) == {"a": 1, "b": 9}
    assert sorted(table.asked) == ["a", "b"]


def test_a_commit_of_its_own_behind_somebody_elses_keeps_only_what_it_wrote(uri: str) -> None:
    table, known = opened(uri)
    write(uri, b=9)
    write(uri, a=7)
    table.table.update_incremental()
    known.add({"a": 7})
    assert known.read({"a", "b"}) == {"a": 7, "b": 9}
    assert table.asked == ["b"]


def test_more_upkeep_than_is_looked_at_means_to_ask_again(uri: str) -> None:
    table, known = opened(uri)
    for index in range(LOOKED_AT + 1):
        DeltaTable(uri).alter.add_columns([Field(f"z{index}", PrimitiveType("string"))])
    table.table.update_incremental()
    assert known.read({"a"}) == {"a": 1}
    assert table.asked == ["a"]


def test_a_table_that_was_made_anew_is_asked_again(uri: str) -> None:
    table, known = opened(uri)
    shutil.rmtree(uri)
    write(uri, a=5)
    table.table = DeltaTable(uri)
    assert known.read({"a", "b"}) == {"a": 5}
    assert sorted(table.asked) == ["a", "b"]
