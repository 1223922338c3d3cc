"""Commits the messages of one invocation, table by table; what fails in one does not hold up the others."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from commit_batches import PLACE, Outcome, Table, check_batch, commit_batches, identity_of
from commit_groups import commit_groups
from delta_table import schema_of
from messages import Failure, Message, by_table
from prefetch import AHEAD, in_order
from staged_batch import InvalidBatch, StagedBatch, parse_batch
from staging import ParquetRows
from table_schema import PARTITION, SchemaMismatch, TableContract
from telemetry import log, measure

# Commits of different tables wait for S3 most of the time.
TABLES_AT_ONCE = 4

# How often a file may come that the contract does not fit: during a deploy, new files may meet the function before.
DEPLOY_RECEIVES = 3


class Staging(Protocol):
    def read(self, uri: str, is_suspect: bool) -> ParquetRows: ...


class Ledger(Protocol):
    def record(self, table: str, outcome: Outcome, now: str, last_event_time: str | None) -> None: ...

    def forget(self, batches: Sequence[StagedBatch]) -> None: ...


class Events(Protocol):
    def table_committed(self, table: str, outcome: Outcome) -> None: ...


class Tables(Protocol):
    def open(self, contract: TableContract) -> Table:
        """The table of a contract; it may be open already."""

    def forget(self, table: str) -> None:
        """Open the table anew the next time."""


@dataclass(frozen=True)
class Staged:
    """A message with the rows that it announces."""

    message: Message
    batch: StagedBatch
    rows: ParquetRows


@dataclass(frozen=True)
class Committer:
    """Puts the parts together; each is a port that a test may replace."""

    contracts: Mapping[str, TableContract]
    tables: Tables
    staging: Staging
    ledger: Ledger
    events: Events

    def commit(self, messages: Iterable[Message], has_time: Callable[[], bool] = lambda: True) -> list[Failure]:
        """Commit what can be committed and return the messages that are to come again.

        Messages that came before are taken one table at a time: too much at once may be what ended the process.
        """
        groups = by_table(messages)
        is_repeated = any(message.receives > 1 for group in groups.values() for message in group)
        with ThreadPoolExecutor(1 if is_repeated else TABLES_AT_ONCE) as pool:
            failed = pool.map(lambda group: TableCommit(self, group, has_time).run(groups[group]), groups)
            return [failure for failures in failed for failure in failures]


class TableCommit:
    """The messages of one table in one invocation."""

    def __init__(self, committer: Committer, table: str, has_time: Callable[[], bool]) -> None:
        self._committer = committer
        self._table = table
        self._has_time = has_time
        self._done: set[str] = set()
        self._refused: set[str] = set()

    def run(self, messages: Sequence[Message]) -> list[Failure]:
        """A failure that may pass holds up the messages after it, since within a table order makes commits cheap."""
        try:
            for group in commit_groups(self._read_all(messages)):
                if not self._has_time():
                    log("WARN", "time is short; the rest comes again", table=self._table)
                    break
                self._commit(group)
        except SchemaMismatch as error:
            self._say_stopped(error)
        except Exception as error:
            self._committer.tables.forget(self._table)
            log("ERROR", "commit failed", table=self._table, error=repr(error))
        measure_age(self._table, messages)
        left = [message for message in messages if message.id not in self._done]
        return [Failure(message, may_pass=message.id not in self._refused) for message in left]

    def _read_all(self, messages: Sequence[Message]) -> Iterator[Staged]:
        """What can be read, in order. A batch that can never be read fails alone: those after it would follow it into
        the dead-letter queue.
        """
        ahead = 1 if any(message.receives > 1 for message in messages) else AHEAD
        for message, read in in_order(self._read, messages, ahead):
            try:
                yield read()
            except InvalidBatch as error:
                self._refuse(message, error)
            except SchemaMismatch as error:
                if message.receives <= DEPLOY_RECEIVES:
                    self._say_stopped(error)
                    return
                self._refuse(message, error)
            except Exception as error:
                log("ERROR", "staged batch not read", table=self._table, messageId=message.id, error=repr(error))
                return

    def _read(self, message: Message) -> Staged:
        contract = self._contract()
        batch = parse_batch(message.body)
        if batch.table != self._table:
            raise InvalidBatch(f"a batch of '{batch.table}' came in the message group of '{self._table}'")
        rows = self._committer.staging.read(batch.staged, is_suspect=message.receives > 1)
        check_batch(batch, rows, [*identity_of(self._table), *PLACE, PARTITION])
        contract.check_file(batch.staged, schema_of(rows))
        return Staged(message, batch, rows)

    def _contract(self) -> TableContract:
        known = self._committer.contracts
        if self._table not in known:
            raise InvalidBatch(f"no contract for table '{self._table}'; known are {', '.join(sorted(known))}")
        return known[self._table]

    def _refuse(self, message: Message, error: Exception) -> None:
        self._refused.add(message.id)
        log("ERROR", "staged batch refused", table=self._table, messageId=message.id, error=str(error))

    def _say_stopped(self, error: Exception) -> None:
        log("ERROR", "table stopped", table=self._table, error=str(error))
        measure(dimensions_of(self._table), [("TableStopped", "Count", 1)])

    def _commit(self, staged: Sequence[Staged]) -> None:
        """One commit for files of the same columns. A retry tells of it again: the first telling may be what failed."""
        start = time.monotonic()
        table = self._committer.tables.open(self._contract())
        outcome = commit_batches(table, [(each.batch, each.rows) for each in staged])
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        times = [found for each in staged if (found := each.rows.last_event_time())]
        self._committer.ledger.record(self._table, outcome, now, max(times, default=None))
        self._committer.events.table_committed(self._table, outcome)
        self._committer.ledger.forget([each.batch for each in staged])
        measure_commit(self._table, outcome, time.monotonic() - start)
        log("INFO", "committed", table=self._table, version=outcome.version, rows=outcome.added, messages=len(staged))
        self._done.update(each.message.id for each in staged)


def dimensions_of(table: str) -> dict[str, str]:
    """Metrics are published for a domain, and for each of its tables."""
    return {"domain": table.split(".")[0], "table": table}


def measure_commit(table: str, outcome: Outcome, seconds: float) -> None:
    """Count the rows of a commit."""
    rows = "RowsQuarantined" if table.split(".")[1] == "ops" else "RowsLanded"
    measure(dimensions_of(table), [(rows, "Count", outcome.added), ("CommitDuration", "Seconds", seconds)])


def measure_age(table: str, messages: Sequence[Message]) -> None:
    """How long the oldest message has been under way, committed now or not."""
    age = time.time() - min(message.sent for message in messages)
    measure(dimensions_of(table), [("CommitAge", "Seconds", age)])
