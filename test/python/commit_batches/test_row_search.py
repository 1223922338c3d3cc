"""Places are found in a real table, and most of it is not read for that."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from commit_batches import PLACE, Key
from order_domain import ORDER_SCHEMA, order, parquet
from parquet import read_table
from row_search import MOST_LISTED, MOST_SPANS, present
from staging import ParquetRows

FIRST = date(2011, 1, 4)
DAYS = 4
SHARDS = ["shardId-000000000000", "shardId-000000000001", "file-3f2a", "file-9b'c"]


def rows_of(day: int, shard: str, numbers: list[int]) -> list[dict[str, Any]]:
    return [{**order(number, shard), "_ingest_date": FIRST + timedelta(day)} for number in numbers]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> DeltaTable:
    """A file for each day and shard, with every third number in it."""
    folder = str(tmp_path_factory.mktemp("lake") / "orders")
    for day in range(DAYS):
        for shard in SHARDS:
            rows = rows_of(day, shard, list(range(day * 3000, day * 3000 + 3000, 3)))
            write_deltalake(
                folder, pa.Table.from_pylist(rows, ORDER_SCHEMA), mode="append", partition_by="_ingest_date"
            )
    return DeltaTable(folder)


def staged(rows: list[dict[str, Any]]) -> ParquetRows:
    return ParquetRows(read_table("staged", parquet(rows)))


def search(table: DeltaTable, rows: ParquetRows) -> set[Key]:
    return set(present(table, rows.bounds(PLACE), lambda: set(rows.keys(PLACE))))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_is_what_duckdb_finds(table: DeltaTable, seed: int) -> None:
    chance = random.Random(seed)
    day = chance.randrange(DAYS)
    count = chance.choice([3, 40, MOST_LISTED, MOST_LISTED + 500])
    wanted = [
        row
        for shard in chance.sample(SHARDS, chance.randint(1, 3))
        for row in rows_of(day, shard, sorted(chance.sample(range(day * 3000, day * 3000 + 3000), count)))
    ]
    keys = pa.table({name: [row[name] for row in wanted] for name in PLACE})
    lake = table.to_pyarrow_table(columns=list(PLACE))
    found = duckdb.execute("SELECT _shard, _sequence FROM lake JOIN keys USING (_shard, _sequence)").fetchall()
    assert lake.num_rows == DAYS * len(SHARDS) * 1000
    assert keys.num_rows > 0
    assert search(table, staged(wanted)) == set(found)


def test_places_of_more_shards_than_a_condition_names_are_found(table: DeltaTable) -> None:
    unknown = [row for number in range(MOST_SPANS + 1) for row in rows_of(1, f"file-{number}", [3000, 3001])]
    known = rows_of(1, SHARDS[0], [3000, 3001])
    assert search(table, staged(unknown + known)) == {(SHARDS[0], known[0]["_sequence"])}


def test_files_of_other_days_shards_and_numbers_are_not_read(table: DeltaTable, tmp_path: Path) -> None:
    """They are gone, and the search does not notice."""
    for path in table.file_uris():
        holds = duckdb.execute(f"SELECT min(_shard) FROM '{path}'").fetchall()[0][0]
        if "_ingest_date=2011-01-05" not in path or holds != SHARDS[2]:
            Path(path).rename(tmp_path / Path(path).name)
    batch = staged(rows_of(1, SHARDS[2], [3000, 3001, 3003]))
    with pytest.raises(Exception, match=r"(?i)not found|no such file"):
        search(table, staged(rows_of(2, SHARDS[2], [6000])))
    assert len(search(table, batch)) == 2
    for path in table.file_uris():
        if (tmp_path / Path(path).name).exists():
            (tmp_path / Path(path).name).rename(path)


def test_a_search_between_bounds_that_hold_nothing_asks_for_no_key(table: DeltaTable) -> None:
    def refuse() -> set[Key]:
        raise AssertionError("keys were put together")

    assert present(table, staged(rows_of(0, "file-new", [1, 2])).bounds(PLACE), refuse) == set()
    assert present(table, staged(rows_of(0, SHARDS[0], [90_000])).bounds(PLACE), refuse) == set()
    assert present(table, staged(rows_of(9, SHARDS[0], [3])).bounds(PLACE), refuse) == set()
