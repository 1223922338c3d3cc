"""Whatever ends a count, each event of the stream is counted once."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from audit_events import Counts, Record, Tables, count_record
from audit_stream import Budget, Checkpoint, Count, Lost, Page, StreamAuditor, lost_records

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = Tables("shop", {"shop.orders.v1": "shop.bronze.orders"})
EVENTS = [b'{"type":"shop.orders.v1"}', b'[{"type":"shop.orders.v1"},{"type":"shop.wishes.v1"}]', b"no JSON"]
FOREVER = float("inf")


class KilledError(Exception):
    """The process is gone."""


@dataclass
class ListStream:
    """A stream in memory, which hands out a few records a page."""

    chance: random.Random
    records: dict[str, list[Record]]
    closed: set[str] = field(default_factory=set)

    def shards(self) -> Sequence[str]:
        return list(self.records)

    def retention(self) -> timedelta:
        return timedelta(days=7)

    def pages(self, shard: str, after: str) -> Iterator[Page]:
        left = [record for record in self.records[shard] if record.sequence > after]
        while True:
            size = self.chance.randint(0, 5)
            page, left = left[:size], left[size:]
            is_end = not left and shard in self.closed
            yield Page(page, not left, is_end)
            if is_end:
                return


@dataclass
class MemoryLedger:
    """A ledger that may kill the process before or after it wrote, or that another run writes to first."""

    chance: random.Random
    moved: dict[str, Checkpoint] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counter)
    trouble: float = 0.0
    rival: "StreamAuditor | None" = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def checkpoints(self) -> Mapping[str, Checkpoint]:
        return dict(self.moved)

    def count(self, before: Checkpoint, after: Checkpoint, counts: Counts, _now: datetime) -> bool:
        fate = self.chance.random()
        if fate < self.trouble / 2:
            raise KilledError
        if self.rival and fate > 0.9:
            rival, self.rival = self.rival, None
            rival.count(endless())
        with self.lock:
            if self.moved.get(after.shard, Checkpoint(after.shard)).sequence != before.sequence:
                return False
            self.moved[after.shard] = after
            self.counts.update(counts)
        if fate < self.trouble:
            raise KilledError
        return True


def endless() -> Budget:
    return Budget(FOREVER, 10**9)


def stream_of(chance: random.Random) -> ListStream:
    def record(number: int) -> Record:
        return Record(f"{number:05}", START + timedelta(minutes=20 * number), chance.choice(EVENTS))

    return ListStream(chance, {f"shard-{each}": [record(number) for number in range(30)] for each in range(3)})


def expected(stream: ListStream) -> Counts:
    records = [record for shard in stream.records.values() for record in shard]
    return sum((count_record(record, TABLES) for record in records), Counter())


def until_done(auditor: StreamAuditor) -> Count:
    for _ in range(1000):
        try:
            counted = auditor.count(Budget(FOREVER, 400))
            if counted.is_caught_up:
                return counted
        except KilledError:
            continue
    raise AssertionError("never caught up")


@pytest.mark.parametrize("seed", range(40))
def test_runs_that_are_killed_or_run_out_of_budget_count_each_event_once(seed: int) -> None:
    chance = random.Random(seed)
    stream, ledger = stream_of(chance), MemoryLedger(chance, trouble=0.3)
    auditor = StreamAuditor(stream, ledger, TABLES)
    until_done(auditor)
    assert ledger.counts == expected(stream)
    ledger.trouble = 0
    assert auditor.count(endless()).events == 0
    assert ledger.counts == expected(stream)


@pytest.mark.parametrize("seed", range(40))
def test_two_runs_at_once_count_each_event_once(seed: int) -> None:
    chance = random.Random(seed)
    stream, ledger = stream_of(chance), MemoryLedger(chance)
    auditor = StreamAuditor(stream, ledger, TABLES)
    ledger.rival = StreamAuditor(stream, ledger, TABLES)
    assert auditor.count(endless()).is_caught_up
    assert ledger.counts == expected(stream)


def test_a_run_that_spent_its_budget_says_that_it_is_behind() -> None:
    chance = random.Random(1)
    auditor = StreamAuditor(stream_of(chance), MemoryLedger(chance), TABLES)
    assert not auditor.count(Budget(FOREVER, 10)).is_caught_up


def test_a_shard_that_was_split_is_read_to_its_end_and_never_again() -> None:
    chance = random.Random(1)
    stream, ledger = stream_of(chance), MemoryLedger(chance)
    stream.closed = {"shard-0"}
    auditor = StreamAuditor(stream, ledger, TABLES)
    auditor.count(endless())
    assert [shard for shard, each in ledger.moved.items() if each.is_ended] == ["shard-0"]
    del stream.records["shard-0"]
    assert auditor.count(endless()) == Count(True, [])


def test_records_that_the_stream_forgot_before_they_were_counted_are_said_to_be_lost() -> None:
    old, recent = START - timedelta(days=8), START - timedelta(hours=1)
    known = [
        Checkpoint("forgotten", "1", recent),
        Checkpoint("late", "1", old),
        Checkpoint("ended", "1", old, is_ended=True),
        Checkpoint("fine", "1", recent),
        Checkpoint("never-caught-up", "1"),
    ]
    listed = ["late", "fine", "never-caught-up"]
    lost = lost_records({each.shard: each for each in known}, listed, START - timedelta(days=7))
    assert lost == [Lost("forgotten", recent), Lost("late", old)]
