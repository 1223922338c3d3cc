"""Reads a stream as an auditor does: from where the last count ended, and each record counts once."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from audit_events import Counts, Record, Tables, tallies
from telemetry import log

READERS = 8
OVERTAKEN_TIMES = 10


@dataclass(frozen=True)
class Checkpoint:
    """How far a shard is counted; `sequence` of the last record, empty before the first."""

    shard: str
    sequence: str = ""
    # When nothing was left to count.
    caught_up_at: datetime | None = None
    # A shard that was split or merged takes no more records.
    is_ended: bool = False


@dataclass(frozen=True)
class Page:
    """Some records of a shard, and whether it has more."""

    records: Sequence[Record]
    is_caught_up: bool
    is_end: bool


@dataclass(frozen=True)
class Lost:
    """Records of a shard that the stream may have trimmed before they were counted."""

    shard: str
    since: datetime | None


class Stream(Protocol):
    """A stream of shards."""

    def shards(self) -> Sequence[str]:
        """All that can still be read, closed ones too."""

    def retention(self) -> timedelta:
        """How long it keeps a record."""

    def pages(self, shard: str, after: str) -> Iterator[Page]:
        """The records after this sequence number, from the oldest on where it is empty; ends with the shard."""


class Ledger(Protocol):
    """Keeps checkpoints and counts."""

    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """By shard."""

    def count(self, before: Checkpoint, after: Checkpoint, counts: Counts, now: datetime) -> bool:
        """Add counts and move the checkpoint, both or neither. False when the checkpoint is no longer `before`."""


@dataclass
class Budget:
    """What a run may read; the next one goes on where it ends."""

    # Of time.monotonic().
    deadline: float
    bytes: int

    def spend(self, records: Sequence[Record]) -> None:
        self.bytes -= sum(len(record.data) for record in records)

    @property
    def is_spent(self) -> bool:
        return self.bytes <= 0 or time.monotonic() > self.deadline


@dataclass
class Count:
    """What came of counting a stream."""

    is_caught_up: bool
    lost: Sequence[Lost] = ()
    events: int = 0


@dataclass(frozen=True)
class StreamAuditor:
    """Counts what was produced. The order of shards does not matter to a sum, so children need not wait for parents."""

    stream: Stream
    ledger: Ledger
    tables: Tables
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def count(self, budget: Budget) -> Count:
        """Count what came since the last time."""
        known = self.ledger.checkpoints()
        listed = self.stream.shards()
        lost = lost_records(known, listed, self.now() - self.stream.retention())
        for each in lost:
            log("WARN", "records may have been trimmed before they were counted", shard=each.shard)
        checkpoints = [known.get(shard, Checkpoint(shard)) for shard in listed]
        todo = [each for each in checkpoints if not each.is_ended]
        with ThreadPoolExecutor(READERS) as readers:
            counted = list(readers.map(lambda each: self._count_shard(each, budget), todo))
        return Count(all(each.is_caught_up for each in counted), lost, sum(each.events for each in counted))

    def _count_shard(self, checkpoint: Checkpoint, budget: Budget) -> Count:
        """Where another run counts the same shard, go on where that one is."""
        counted = 0
        for _ in range(OVERTAKEN_TIMES):
            for page in self.stream.pages(checkpoint.shard, checkpoint.sequence):
                budget.spend(page.records)
                moved, events = self._count_page(checkpoint, page)
                counted += events
                if moved is None:
                    break
                checkpoint = moved
                if page.is_caught_up or page.is_end or budget.is_spent:
                    return Count(page.is_caught_up or page.is_end, events=counted)
            checkpoint = self.ledger.checkpoints().get(checkpoint.shard, Checkpoint(checkpoint.shard))
        return Count(False, events=counted)

    def _count_page(self, checkpoint: Checkpoint, page: Page) -> tuple[Checkpoint | None, int]:
        """The checkpoint after the page, None when another run was faster, and the events that were counted."""
        counted = 0
        for tally in tallies(page.records, self.tables):
            after = replace(checkpoint, sequence=tally.last)
            if not self.ledger.count(checkpoint, after, tally.counts, self.now()):
                return None, counted
            checkpoint, counted = after, counted + tally.counts.total()
        if not (page.is_caught_up or page.is_end):
            return checkpoint, counted
        after = replace(checkpoint, caught_up_at=self.now(), is_ended=page.is_end)
        is_moved = self.ledger.count(checkpoint, after, Counts(), self.now())
        return (after if is_moved else None), counted


def lost_records(known: Mapping[str, Checkpoint], listed: Sequence[str], trimmed_before: datetime) -> list[Lost]:
    """Shards that went on after they were last read to their end, longer ago than the stream remembers."""
    return [
        Lost(each.shard, each.caught_up_at)
        for each in known.values()
        if not each.is_ended
        and (each.shard not in listed or (each.caught_up_at is not None and each.caught_up_at < trimmed_before))
    ]
