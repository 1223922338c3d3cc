"""Decides which rows of staged batches a table still lacks, and commits them together with the positions they reach.

Rows above a shard's committed position are new, and so are all rows of a batch whose transaction is. Any other row was
committed before, or is late: a message that was redriven or a record that was replayed is out of order by nature. So
position and transaction are the short way only, and what they do not answer is looked up in the table.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from limbs import transactions
from staged_batch import InvalidBatch, StagedBatch

# What tells rows apart, by name of the columns: an event's place, first its shard and last its number. In quarantine a
# place has an entry for each time that it is judged, and several when a run refuses lines of one event.
Key = tuple[str, ...]
PLACE: Key = ("_shard", "_sequence")
ENTRY: Key = ("_shard", "entry_id", "_sequence")

QUARANTINE = ".ops.quarantine"
ROWS = "rows"
ACCOUNTED = "accounted"
ATTEMPTS = 5


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


class Rows(Protocol):
    """The rows of a staged batch."""

    def __len__(self) -> int: ...

    def keys(self, columns: Key) -> Sequence[Key]:
        """The values of these columns, row by row."""

    def select(self, mask: Sequence[bool] | None) -> Sequence[Any]:
        """Record batches with the rows that the mask keeps; a mask of None keeps all."""


class Table(Protocol):
    """A Delta table."""

    def load(self, batches: Iterable[StagedBatch]) -> Committed:
        """Read the newest version, and what it says about these batches."""

    def present(self, columns: Key, keys: Set[Key]) -> Set[Key]:
        """Those of the keys that the table holds rows of."""

    def append(self, kept: Sequence["Kept"], txns: Mapping[str, int]) -> int:
        """Commit rows and transactions as one version and return it, or raise `CommitFailed`."""


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
    seen: set[Key] = field(default_factory=set)
    events: int = 0

    @property
    def count(self) -> int:
        return sum(kept.count for kept in self.kept)

    def position(self, shard: str) -> int:
        return self.positions.get(shard, self.committed.positions.get(shard, -1))

    def txn(self, app_id: str) -> int:
        return self.txns.get(app_id, self.committed.txns.get(app_id, -1))

    def totals(self) -> dict[str, int]:
        return {ROWS: self.committed.rows + self.count, ACCOUNTED: self.committed.accounted + self.events}

    def transactions(self) -> dict[str, int]:
        """Every commit writes the totals, so that Delta refuses two commits of ours on the same version."""
        return self.totals() | self.txns | transactions(self.positions)


@dataclass(frozen=True)
class Outcome:
    """A table after its batches are committed, now or before; `added` rows are new since this invocation began."""

    version: int
    rows: int
    accounted: int
    added: int


def commit_batches(
    table: Table,
    staged: Sequence[tuple[StagedBatch, Rows]],
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Commit what the table lacks of the batches. Whether a failed commit succeeded after all, only the table knows."""
    batches = [batch for batch, _ in staged]
    before = table.load(batches)
    failure: CommitFailed | None = None
    for attempt in range(ATTEMPTS):
        committed = table.load(batches) if attempt else before
        append = plan_append(committed, staged, table.present)
        if append.count == 0:
            return Outcome(committed.version, committed.rows, committed.accounted, committed.rows - before.rows)
        try:
            version = table.append(append.kept, append.transactions())
        except CommitFailed as error:
            failure = error
            pause(random.uniform(0, 0.1 * 2**attempt))
        else:
            totals = append.totals()
            return Outcome(version, totals[ROWS], totals[ACCOUNTED], totals[ROWS] - before.rows)
    raise CommitFailed(f"no commit in {ATTEMPTS} attempts; the last one said: {failure}") from failure


def plan_append(
    committed: Committed,
    staged: Iterable[tuple[StagedBatch, Rows]],
    present: Callable[[Key, Set[Key]], Set[Key]],
) -> Append:
    """Put the next version together from batches in the order in which they were sent."""
    append = Append(committed)
    for batch, rows in staged:
        kept = _keep_new(append, batch, rows, present)
        _advance(append, batch)
        if kept.count:
            append.kept.append(kept)
            append.events += kept.count if batch.events else 0
    return append


def _keep_new(append: Append, batch: StagedBatch, rows: Rows, present: Callable[[Key, Set[Key]], Set[Key]]) -> Kept:
    """The rows that neither the table nor an earlier batch holds."""
    columns = ENTRY if batch.table.endswith(QUARANTINE) else PLACE
    keys = rows.keys(columns)
    doubtful = {key for key in keys if not _is_new(append, batch, key)}
    known = append.seen | (present(columns, doubtful) if doubtful else set())
    append.seen.update(keys)
    return Kept(rows, [key not in known for key in keys] if known else None)


def _is_new(append: Append, batch: StagedBatch, key: Key) -> bool:
    if batch.txn:
        return batch.txn.version > append.txn(batch.txn.app_id)
    return batch.ordered and record_number(key[-1]) > append.position(key[0])


def record_number(sequence: str) -> int:
    """The number of a record in its shard; `<number>.<index>` also tells which of its events is meant."""
    return int(sequence.split(".", 1)[0])


def _advance(append: Append, batch: StagedBatch) -> None:
    if batch.txn:
        append.txns[batch.txn.app_id] = max(batch.txn.version, append.txn(batch.txn.app_id))
    # Also of a batch that is announced again: its first message, should it still come, must not look new.
    for each in batch.positions:
        append.positions[each.shard] = max(each.last, append.position(each.shard))


def check_batch(batch: StagedBatch, rows: Rows) -> None:
    """Refuse a file that is not what its message says: half a file would look like a whole one."""
    if len(rows) != batch.rows:
        raise InvalidBatch(f"{batch.staged}: found {len(rows)} rows; its message says {batch.rows}")
