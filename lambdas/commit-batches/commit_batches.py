"""Decides which rows of staged batches a table still lacks, and commits them together with the positions they reach.

A shard's position is the highest number that the table may hold of it. An ordered batch that lies above it is new, and
no row of it is touched. Any other batch may be a repetition, or late: a message that was redriven, a record that was
replayed, a file that was announced twice. Its rows are looked up in the table by what tells them apart.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from limbs import transactions
from staged_batch import InvalidBatch, StagedBatch

# What tells rows apart, by name of the columns: an event's place, first its shard and last its number. In quarantine a
# place has an entry for each time that it is judged, and several when a run refuses lines of one event.
Key = tuple[str, ...]
PLACE: Key = ("_shard", "_sequence")
ENTRY: Key = ("entry_id",)
QUARANTINE = ".ops.quarantine"

# Totals that every commit records.
ROWS = "rows"
ACCOUNTED = "accounted"
ATTEMPTS = 5
# A version of a file is a shard of its own, which is never in order: its positions would only fill the log.
FILE_SHARDS = "file-"


class CommitFailed(Exception):
    """A commit that did not succeed, or of which the answer was lost."""


@dataclass(frozen=True)
class Committed:
    """What a table's transactions say at one version."""

    version: int
    rows: int
    accounted: int
    positions: Mapping[str, int]
    txns: Mapping[str, int]


@dataclass(frozen=True)
class Bounds:
    """Between what rows lie: enough to search for them, and much less than their keys."""

    columns: Key
    # First and last value of the last column, by the values of the columns before it.
    spans: Mapping[Key, tuple[str, str]]
    # First and last ingest date, ISO 8601.
    dates: tuple[str, str]

    def meet(self, other: "Bounds") -> bool:
        """Whether a row may lie within both."""
        shared = self.spans.keys() & other.spans.keys()
        return any(_overlap(self.spans[each], other.spans[each]) for each in shared)


class Rows(Protocol):
    """The rows of a staged batch."""

    def __len__(self) -> int: ...

    def bounds(self, columns: Key) -> Bounds:
        """Between what the values of these columns lie."""

    def keys(self, columns: Key) -> Sequence[Key]:
        """The values of these columns, row by row."""

    def lack(self, column: str) -> bool:
        """Whether a row has no value in this column."""

    def select(self, mask: Sequence[bool] | None) -> Sequence[Any]:
        """Record batches with the rows that the mask keeps; a mask of None keeps all."""


# Those of the keys that a table holds. It looks between the bounds, and asks for the keys only if it finds rows there.
Present = Callable[[Bounds, Callable[[], Set[Key]]], Set[Key]]


class Table(Protocol):
    """A Delta table."""

    @property
    def identity(self) -> Key:
        """The columns that tell its rows apart."""

    def load(self, shards: Set[str], app_ids: Set[str]) -> Committed:
        """Read the newest version, and what it says about these shards and transactions."""

    def present(self, bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
        """Those of the keys that the table holds rows of; all lie between the bounds."""

    def append(self, kept: Sequence["Kept"], txns: Mapping[str, int], token: str) -> int:
        """Commit rows and transactions as one version and return it, or raise `CommitFailed`."""

    def version_of(self, token: str, after: int) -> int | None:
        """The version after this one that was committed with the token; None when there is none."""


@dataclass(frozen=True)
class Kept:
    """Rows of a batch that the table lacks; a mask of None keeps all."""

    rows: Rows
    mask: Sequence[bool] | None

    @property
    def count(self) -> int:
        return len(self.rows) if self.mask is None else sum(self.mask)


@dataclass
class Append:
    """The next version of a table, as far as it is put together."""

    committed: Committed
    kept: list[Kept] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    txns: dict[str, int] = field(default_factory=dict)
    events: int = 0

    @property
    def count(self) -> int:
        return sum(kept.count for kept in self.kept)

    def position(self, shard: str) -> int:
        return self.positions.get(shard, self.committed.positions.get(shard, -1))

    def txn(self, app_id: str) -> int:
        return self.txns.get(app_id, self.committed.txns.get(app_id, -1))

    def held(self, bounds: Bounds) -> set[Key]:
        """Keys of earlier batches that may be found between the bounds as well."""
        near = [kept.rows for kept in self.kept if kept.rows.bounds(bounds.columns).meet(bounds)]
        return {key for rows in near for key in rows.keys(bounds.columns)}

    def totals(self) -> dict[str, int]:
        return {ROWS: self.committed.rows + self.count, ACCOUNTED: self.committed.accounted + self.events}

    def transactions(self) -> dict[str, int]:
        """Every commit writes the totals, so that Delta refuses two commits of ours on the same version."""
        return self.totals() | self.txns | transactions(self.positions)

    def outcome(self, version: int) -> "Outcome":
        totals = self.totals()
        return Outcome(version, totals[ROWS], totals[ACCOUNTED], self.count)


@dataclass(frozen=True)
class Outcome:
    """A table after its batches are committed, now or before; `added` rows are new by this commit."""

    version: int
    rows: int
    accounted: int
    added: int


def commit_batches(
    table: Table,
    staged: Sequence[tuple[StagedBatch, Rows]],
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Commit what the table lacks of the batches, as one version."""
    shards = {shard for batch, rows in staged for shard, _ in _reached(batch, rows)}
    app_ids = {batch.txn.app_id for batch, _ in staged if batch.txn}
    failure: CommitFailed | None = None
    for attempt in range(ATTEMPTS):
        append = plan_append(table.load(shards, app_ids), staged, table.identity, table.present)
        if append.count == 0:
            return append.outcome(append.committed.version)
        try:
            return append.outcome(_commit(table, append))
        except CommitFailed as error:
            failure = error
            pause(random.uniform(0, 0.1 * 2**attempt))
    raise CommitFailed(f"no commit in {ATTEMPTS} attempts; the last one said: {failure}") from failure


def _commit(table: Table, append: Append) -> int:
    """A commit that says it failed may have succeeded: its answer was lost, or a repeated request met its own work."""
    token = uuid.uuid4().hex
    try:
        return table.append(append.kept, append.transactions(), token)
    except CommitFailed:
        version = table.version_of(token, append.committed.version)
        if version is None:
            raise
        return version


def plan_append(
    committed: Committed, staged: Iterable[tuple[StagedBatch, Rows]], identity: Key, present: Present
) -> Append:
    """Put the next version together from batches in the order in which they were sent."""
    append = Append(committed)
    for batch, rows in staged:
        kept = Kept(rows, None if _is_above(append, batch) else _lacking(append, rows, identity, present))
        _advance(append, batch, rows)
        if kept.count:
            append.kept.append(kept)
            append.events += kept.count if batch.events else 0
    return append


def _is_above(append: Append, batch: StagedBatch) -> bool:
    """Whether neither the table nor an earlier batch can hold a row of this one."""
    is_placed = batch.ordered and bool(batch.positions)
    return is_placed and all(each.first > append.position(each.shard) for each in batch.positions)


def _lacking(append: Append, rows: Rows, identity: Key, present: Present) -> Sequence[bool] | None:
    """Which rows neither the table nor an earlier batch holds; None for all of them."""
    bounds = rows.bounds(identity)
    known = append.held(bounds) | present(bounds, lambda: set(rows.keys(identity)))
    return [key not in known for key in rows.keys(identity)] if known else None


def identity_of(table: str) -> Key:
    """What tells the rows of a table apart."""
    return ENTRY if table.endswith(QUARANTINE) else PLACE


def record_number(sequence: str) -> int:
    """The number of a record in its shard; `<number>.<index>` also tells which of its events is meant."""
    return int(sequence.split(".", 1)[0])


def _advance(append: Append, batch: StagedBatch, rows: Rows) -> None:
    if batch.txn:
        append.txns[batch.txn.app_id] = max(batch.txn.version, append.txn(batch.txn.app_id))
    for shard, last in _reached(batch, rows):
        append.positions[shard] = max(last, append.position(shard))


def _reached(batch: StagedBatch, rows: Rows) -> list[tuple[str, int]]:
    """How far a batch goes in its shards. No position may lag behind a row that came out of order: the row's own batch
    would look new when it comes after all.
    """
    said = [(each.shard, each.last) for each in batch.positions]
    if batch.ordered:
        return said
    ends = [(shard, record_number(last)) for (shard,), (_, last) in rows.bounds(PLACE).spans.items()]
    return said + [(shard, last) for shard, last in ends if not shard.startswith(FILE_SHARDS)]


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def check_batch(batch: StagedBatch, rows: Rows, columns: Iterable[str]) -> None:
    """Refuse a file that is not what its message says: half a file would look like a whole one. A row that lacks one of
    these columns could not be told from others.
    """
    if len(rows) != batch.rows:
        raise InvalidBatch(f"{batch.staged}: found {len(rows)} rows; its message says {batch.rows}")
    for name in columns:
        if rows.lack(name):
            raise InvalidBatch(f"{batch.staged}: a row has no value in '{name}', which tells rows apart")
