"""What a stream mapping does after an invocation, as pure rules: no threads, no emulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PAYLOAD_LIMIT = 6 * 2**20  # Lambda's limit for one invocation
RECORD_OVERHEAD = 500  # a record's fields around its data


@dataclass(frozen=True)
class StreamRecord:
    """One record of a shard, and the form in which a function gets it."""

    sequence: str
    arrived: float
    event: Mapping[str, Any]
    size: int


@dataclass(frozen=True)
class Batch:
    """Records to try together, and how often they have failed together."""

    records: tuple[StreamRecord, ...]
    failures: int = 0


@dataclass(frozen=True)
class Limits:
    """The mapping's settings that decide what a failure leads to; None means without limit."""

    bisect: bool = False
    retries: int | None = None
    max_age_seconds: int | None = None
    reports_items: bool = False

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Limits":
        """The settings of an event source mapping."""
        return cls(
            bisect=str(mapping.get("BisectBatchOnFunctionError", False)).lower() == "true",
            retries=limit(mapping.get("MaximumRetryAttempts")),
            max_age_seconds=limit(mapping.get("MaximumRecordAgeInSeconds")),
            reports_items="ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", []),
        )


def limit(value: Any) -> int | None:
    """-1, or nothing, means without limit."""
    return None if value is None or int(value) < 0 else int(value)


@dataclass(frozen=True)
class Next:
    """What follows: these records are done, those are given up, these batches come next, in order."""

    done: tuple[StreamRecord, ...] = ()
    discarded: tuple[StreamRecord, ...] = ()
    todo: tuple[Batch, ...] = ()


def take(records: Sequence[StreamRecord], size: int) -> tuple[StreamRecord, ...]:
    """As many records as fit one invocation."""
    taken: list[StreamRecord] = []
    bytes_left = PAYLOAD_LIMIT
    for record in records[:size]:
        bytes_left -= record.size + RECORD_OVERHEAD
        if taken and bytes_left < 0:
            break
        taken.append(record)
    return tuple(taken)


def split_by_age(batch: Batch, limits: Limits, now: float) -> Next:
    """Give up records that are too old to be tried again; retries wait in order, so these come first."""
    if limits.max_age_seconds is None:
        return Next(todo=(batch,))
    oldest = now - limits.max_age_seconds
    expired = tuple(record for record in batch.records if record.arrived < oldest)
    kept = tuple(record for record in batch.records if record.arrived >= oldest)
    return Next(discarded=expired, todo=(Batch(kept, batch.failures),) if kept else ())


def after(batch: Batch, answer: Any, *, failed: bool, limits: Limits) -> Next:
    """What follows an invocation that answered this, or threw."""
    if failed:
        return after_failure(batch, limits)
    if not limits.reports_items:
        return Next(done=batch.records)
    first = first_failure(batch, answer)
    if first is None:
        return Next(done=batch.records)
    if first == 0:
        return after_failure(batch, limits)
    # Everything before the lowest failed record counts as done, even what a later failure follows.
    return Next(done=batch.records[:first], todo=(Batch(batch.records[first:]),))


def first_failure(batch: Batch, answer: Any) -> int | None:
    """Where in the batch the lowest failed record stands; None when nothing failed.

    An identifier that is not in the batch, or an answer that cannot be read, fails the whole batch.
    """
    if answer is None or answer == "" or answer == {}:
        return None
    failures = answer.get("batchItemFailures") if isinstance(answer, Mapping) else False
    if failures is None or failures == []:
        return None
    if not isinstance(failures, list):
        return 0
    places = {record.sequence: place for place, record in enumerate(batch.records)}
    named = [each.get("itemIdentifier") if isinstance(each, Mapping) else None for each in failures]
    return min(places.get(str(sequence), 0) for sequence in named)


def after_failure(batch: Batch, limits: Limits) -> Next:
    """Split, try again, or give up. Splitting does not count as a retry."""
    if limits.bisect and len(batch.records) > 1:
        middle = len(batch.records) // 2
        return Next(todo=(Batch(batch.records[:middle]), Batch(batch.records[middle:])))
    if limits.retries is not None and batch.failures >= limits.retries:
        return Next(discarded=batch.records)
    return Next(todo=(Batch(batch.records, batch.failures + 1),))
