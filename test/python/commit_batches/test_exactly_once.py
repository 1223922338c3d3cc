"""Whatever the stream and the queue do with batches, the table holds each record once."""

import random
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import pytest

from commit_batches import ACCOUNTED, PLACE, ROWS, CommitFailed, Committed, Kept, Key, commit_batches
from limbs import position
from staged_batch import Position, StagedBatch

SHARDS = ["shard-0", "shard-1"]


@dataclass
class ListRows:
    """Rows in memory: their keys are all there is to them."""

    values: Sequence[Key]

    def __len__(self) -> int:
        return len(self.values)

    def keys(self, columns: Key) -> Sequence[Key]:
        assert columns == PLACE
        return self.values

    def select(self, mask: Sequence[bool] | None) -> Sequence[Key]:
        return [key for key, keep in zip(self.values, mask or [True] * len(self), strict=True) if keep]


@dataclass
class ListTable:
    """A table that may lose the answer of a commit, or refuse it."""

    chance: random.Random
    rows: list[Key] = field(default_factory=list)
    txns: dict[str, int] = field(default_factory=dict)
    version: int = 0

    def load(self, batches: Iterable[StagedBatch]) -> Committed:
        shards = {each.shard for batch in batches for each in batch.positions}
        positions = {shard: position(shard, self.txns.get) for shard in shards}
        known = {shard: found for shard, found in positions.items() if found is not None}
        return Committed(self.version, self.txns.get(ROWS, 0), self.txns.get(ACCOUNTED, 0), known, dict(self.txns))

    def present(self, columns: Key, keys: Set[Key]) -> Set[Key]:
        assert columns == PLACE
        return keys & set(self.rows)

    def append(self, kept: Sequence[Kept], txns: Mapping[str, int]) -> int:
        fate = self.chance.random()
        if fate < 0.2:
            raise CommitFailed("conflict")
        self.rows += [key for each in kept for key in each.rows.select(each.mask)]
        self.txns |= txns
        self.version += 1
        if fate < 0.4:
            raise CommitFailed("the answer was lost")
        return self.version


def batch_of(keys: Sequence[Key], ordered: bool = True) -> tuple[StagedBatch, ListRows]:
    numbers = {shard: [int(sequence) for each, sequence in keys if each == shard] for shard in SHARDS}
    positions = tuple(Position(shard, min(found), max(found)) for shard, found in numbers.items() if found)
    batch = StagedBatch("t", "s3://b/k", len(keys), len(keys), ordered, positions if ordered else (), None)
    return batch, ListRows(keys)


def attempts(records: Sequence[Key], chance: random.Random) -> list[tuple[StagedBatch, ListRows]]:
    """Batches as a stream delivers them: each may come again, whole or in halves; a few are redriven at the end."""
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
    chance.shuffle(redriven)
    return batches + redriven


@pytest.mark.parametrize("seed", range(300))
def test_each_record_is_committed_once_under_retries_bisects_lost_answers_and_redrives(seed: int) -> None:
    chance = random.Random(seed)
    records = [(chance.choice(SHARDS), str(number * 7)) for number in range(1, 120)]
    table, waiting = ListTable(chance), attempts(records, chance)
    while waiting:
        taken = waiting[: chance.randint(1, 10)]
        try:
            commit_batches(table, taken, pause=lambda _seconds: None)
        except CommitFailed:
            continue
        # The queue may deliver what was committed once more.
        waiting = waiting[len(taken) :] if chance.random() < 0.8 else waiting
    assert sorted(table.rows) == sorted(records)
    assert table.txns[ROWS] == table.txns[ACCOUNTED] == len(records)


def test_a_commit_that_never_succeeds_fails_with_its_last_reason() -> None:
    class Broken(ListTable):
        def append(self, kept: Sequence[Kept], txns: Mapping[str, int]) -> int:
            raise CommitFailed(f"S3 is down for {len(kept)} batches and {len(txns)} transactions")

    table = Broken(random.Random(0))
    with pytest.raises(CommitFailed, match="no commit in 5 attempts; the last one said: S3 is down for 1 batches"):
        commit_batches(table, [batch_of([("shard-0", "1")])], pause=lambda _seconds: None)


def test_records_of_one_place_are_kept_together() -> None:
    table = ListTable(random.Random(3))
    places = [("shard-0", "5"), ("shard-0", "5"), ("shard-0", "6")]
    for _ in range(3):
        commit_batches(table, [batch_of(places)], pause=lambda _seconds: None)
    assert sorted(table.rows) == places
