"""Tables are taken back by their logs alone, and none of them when one cannot be."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from delta_maintenance import open_maintenance
from delta_past import DeltaPast, ListedFiles, open_past
from maintain_tables import Maintainer, Report
from maintenance_targets import Target
from restore_tables import Lost, Past, lost_of, restore_tables

DAY = 24 * 3600


class Slot:
    """A slot's tables in a folder; each build replaces what a table holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, table: str, *values: int) -> int:
        write_deltalake(str(self.folder / table), pa.table({"x": list(values)}), mode="overwrite")
        return DeltaTable(str(self.folder / table)).version()

    def open(self, past: Past) -> DeltaPast | None:
        return open_past(str(self.folder / past.table), os.path.exists)

    def rows(self, table: str) -> list[int]:
        found = pa.table(DeltaTable(str(self.folder / table)).to_pyarrow_table())
        return sorted(found.column("x").to_pylist())

    def restore(self, *wanted: tuple[str, int]) -> list[int]:
        return [each["version"] for each in restore_tables([Past(name, "blue", v) for name, v in wanted], self.open)]

    def reasons(self, *wanted: tuple[str, int]) -> list[str]:
        return [each["reason"] for each in lost_of([Past(name, "blue", v) for name, v in wanted], self.open)]


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    return Slot(tmp_path)


def maintain(slot: Slot, table: str) -> Report:
    class Ledger:
        def read_up_to(self, _target: Target) -> Sequence[int]:
            return []

        def take_domain(self) -> str | None:
            return None

        def give_back(self) -> None: ...

        def record(self, report: Report) -> None:
            assert report.outcome == "done"

    uri = str(slot.folder / table)
    (report,) = Maintainer(lambda _: open_maintenance(uri), Ledger(), lambda: 60.0).maintain(
        [Target("d.gold.g", "blue")]
    )
    return report


def test_a_table_holds_what_it_held_and_the_commit_that_says_so_is_new(slot: Slot) -> None:
    old = slot.build("a", 1, 2)
    slot.build("a", 3)
    assert slot.restore(("a", old)) == [2]
    assert slot.rows("a") == [1, 2]


def test_going_back_twice_is_going_back_once(slot: Slot) -> None:
    old, new = slot.build("a", 1), slot.build("a", 3)
    (restored,) = slot.restore(("a", old))
    assert slot.restore(("a", restored)) == [restored]
    assert slot.restore(("a", old))[0] > restored
    assert slot.restore(("a", new)) != [new]
    assert slot.rows("a") == [3]


def test_a_version_that_only_compaction_has_followed_is_there_already(slot: Slot) -> None:
    for number in range(12):
        write_deltalake(str(slot.folder / "a"), pa.table({"x": [number]}), mode="append")
    assert maintain(slot, "a").version == 12
    assert slot.restore(("a", 11)) == [12]


def test_no_table_is_changed_when_one_of_them_has_lost_files(slot: Slot) -> None:
    versions = [("a", slot.build("a", 1)), ("b", slot.build("b", 2))]
    for file in (slot.folder / "b").glob("*.parquet"):
        file.unlink()
    slot.build("a", 3)
    slot.build("b", 4)
    assert slot.reasons(*versions) == ["1 of the 1 files of version 0 are deleted"]
    with pytest.raises(Lost, match="b in blue: 1 of the 1 files of version 0 are deleted"):
        slot.restore(*versions)
    assert (slot.rows("a"), slot.rows("b")) == ([3], [4])


def test_what_is_not_there_is_told_with_its_reason(slot: Slot) -> None:
    slot.build("a", 1)
    slot.build("a", 2)
    assert slot.reasons(("a", 1), ("a", 7), ("none", 0)) == [
        "version 7 is ahead of the table, which was made anew",
        "there is no table",
    ]
    DeltaTable(str(slot.folder / "a")).create_checkpoint()
    (slot.folder / "a" / "_delta_log" / f"{0:020}.json").unlink()
    assert slot.reasons(("a", 0)) == ["version 0 is in the table's log no more"]


@pytest.mark.parametrize(("days", "is_kept"), [(6, True), (8, False)])
def test_maintenance_keeps_what_was_replaced_for_a_week(slot: Slot, days: int, is_kept: bool) -> None:
    old = slot.build("a", 1)
    slot.build("a", 2)
    removed_days_ago(slot.folder / "a", days)
    maintain(slot, "a")
    assert slot.reasons(("a", old)) == ([] if is_kept else ["1 of the 1 files of version 0 are deleted"])


def removed_days_ago(table: Path, days: int) -> None:
    """As if everything in the log had happened so long ago."""
    now = int(time.time() * 1000)
    for file in (table / "_delta_log").glob("*.json"):
        text = file.read_text()
        file.write_text(text.replace(f"{now // 1_000_000}", f"{(now - days * DAY * 1000) // 1_000_000}"))
    for file in table.rglob("*.parquet"):
        os.utime(file, (time.time() - days * DAY,) * 2)


def test_files_in_s3_are_listed_once_a_table_and_found_by_the_names_that_the_log_has_for_them() -> None:
    asked: list[str] = []

    class S3:
        def get_paginator(self, _operation: str) -> "S3":
            return self

        def paginate(self, **place: str) -> list[dict[str, list[dict[str, str]]]]:
            asked.append(f"{place['Bucket']}/{place['Prefix']}")
            return [
                {"Contents": [{"Key": "d/blue/t/a.parquet"}]},
                {},
                {"Contents": [{"Key": "d/blue/t/c=x y/b.parquet"}]},
            ]

    files = ListedFiles(S3())
    for _ in range(2):
        is_there = files.below("s3://gold/d/blue/t")
        assert is_there("s3://gold/d/blue/t/a.parquet")
        assert is_there("s3://gold/d/blue/t/c=x%20y/b.parquet")
        assert not is_there("s3://gold/d/blue/t/b.parquet")
    assert asked == ["gold/d/blue/t/"]
