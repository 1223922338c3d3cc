"""Whatever the stream and the queue do with batches, the table holds each record once."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from commit_batches import ACCOUNTED, ROWS, CommitFailed, Kept, Key, commit_batches, record_number
from limbs import position
from list_table import ListRows, ListTable
from staged_batch import Position, StagedBatch

SHARDS = ["shard-0", "shard-1"]


def place(shard: str, number: int, index: int = 0) -> Key:
    return shard, f"{number:064}.{index:06}"


def batch_of(keys: Sequence[Key], ordered: bool = True) -> tuple[StagedBatch, ListRows]:
    shards = {shard for shard, _ in keys}
    numbers = {each: [record_number(sequence) for shard, sequence in keys if shard == each] for each in shards}
    positions = tuple(Position(shard, min(found), max(found)) for shard, found in numbers.items())
    batch = StagedBatch("t", "s3://b/k", len(keys), len(keys), ordered, positions if ordered else (), None)
    return batch, ListRows(keys)


def deliveries(records: Sequence[Key], chance: random.Random) -> list[tuple[StagedBatch, ListRows]]:
    """Batches as a stream delivers them: each may come again, whole or in halves; a few are redriven, late or early."""
    batches, redriven, at = [], [], 0
    while at < len(records):
        batch = records[at : at + chance.randint(1, 9)]
        at += len(batch)
        if chance.random() < 0.2:
            redriven.append(batch_of(batch, ordered=chance.random() < 0.5))
            continue
        batches.append(batch_of(batch))
        if chance.random() < 0.5:
            half = len(batch) // 2
            batches += [batch_of(part) for part in (batch[:half], batch[half:], batch) if part]
        if chance.random() < 0.2:
            # A redrive overtakes the message of its own records.
            batches.insert(chance.randint(0, len(batches)), batch_of(batch, ordered=False))
    chance.shuffle(redriven)
    return batches + redriven


def run(table: ListTable, waiting: list[tuple[StagedBatch, ListRows]], chance: random.Random) -> None:
    while waiting:
        taken = waiting[: chance.randint(1, 10)]
        try:
            commit_batches(table, taken, pause=lambda _seconds: None)
        except CommitFailed:
            continue
        # The queue may deliver what was committed once more.
        waiting = waiting[len(taken) :] if chance.random() < 0.8 else waiting


@pytest.mark.parametrize("seed", range(300))
def test_each_record_is_committed_once_under_retries_bisects_lost_answers_and_redrives(seed: int) -> None:
    chance = random.Random(seed)
    records = [place(chance.choice(SHARDS), number * 7) for number in range(1, 120)]
    table = ListTable(chance)
    run(table, deliveries(records, chance), chance)
    assert sorted(table.rows) == sorted(records)
    assert table.txns[ROWS] == table.txns[ACCOUNTED] == len(records)


@pytest.mark.parametrize("seed", range(50))
def test_files_that_are_announced_again_and_again_are_committed_once_and_leave_no_position(seed: int) -> None:
    chance = random.Random(seed)
    parts = [
        [place(f"file-{file}", row) for row in range(part * 5, part * 5 + 5)] for file in "abc" for part in range(4)
    ]
    table = ListTable(chance)
    run(
        table,
        [batch_of(chance.choice(parts), ordered=False) for _ in range(60)] + [batch_of(p, False) for p in parts],
        chance,
    )
    assert sorted(table.rows) == sorted(key for part in parts for key in part)
    assert set(table.txns) == {ROWS, ACCOUNTED}


@pytest.mark.parametrize("seed", range(100))
def test_no_position_lags_behind_a_row(seed: int) -> None:
    chance = random.Random(seed)
    records = [place(chance.choice(SHARDS), number) for number in range(60)]
    table, waiting = ListTable(chance), deliveries(records, chance)
    for delivery in waiting:
        run(table, [delivery], chance)
        for shard, sequence in table.rows:
            assert record_number(sequence) <= (position(shard, table.txns.get) or 0)


def test_a_commit_that_never_succeeds_fails_with_its_last_reason() -> None:
    class Broken(ListTable):
        def append(self, kept: Sequence[Kept], txns: Mapping[str, int], token: str) -> int:
            raise CommitFailed(f"S3 is down for {len(kept)} batches, {len(txns)} transactions, token {len(token)}")

    table = Broken(random.Random(0))
    with pytest.raises(CommitFailed, match="no commit in 5 attempts; the last one said: S3 is down for 1 batches"):
        commit_batches(table, [batch_of([place("shard-0", 1)])], pause=lambda _seconds: None)


def test_records_of_one_place_are_kept_together() -> None:
    table = ListTable(random.Random(3))
    places = [place("shard-0", 5), place("shard-0", 5), place("shard-0", 6)]
    for _ in range(3):
        commit_batches(table, [batch_of(places)], pause=lambda _seconds: None)
    assert sorted(table.rows) == places


def test_a_batch_above_its_positions_is_committed_without_a_look_at_its_rows() -> None:
    class Sealed(ListRows):
        def keys(self, _columns: Key) -> Sequence[Key]:
            raise AssertionError("a row was touched")

        def bounds(self, _columns: Key) -> Any:
            raise AssertionError("a row was touched")

    class Steady(random.Random):
        def random(self) -> float:
            return 0.9

    table = ListTable(Steady())
    for first in (1, 10):
        batch, rows = batch_of([place("shard-0", first), place("shard-0", first + 5)])
        commit_batches(table, [(batch, Sealed(rows.values))], pause=lambda _seconds: None)
    assert len(table.rows) == 4
