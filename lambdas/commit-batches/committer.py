"""Commits the messages of one invocation, table by table; what fails in one does not hold up the others."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Protocol

from commit_batches import Outcome, Table, check_batch, commit_batches
from delta_table import schema_of
from messages import Failure, Message, by_table
from staged_batch import InvalidBatch, StagedBatch, parse_batch
from staging import ParquetRows
from table_schema import SchemaMismatch, TableContract
from telemetry import log, measure


class Staging(Protocol):
    def read(self, uri: str) -> ParquetRows: ...


class Ledger(Protocol):
    def record(self, table: str, outcome: Outcome, now: str, last_event_time: str | None) -> None: ...

    def forget(self, batches: Sequence[StagedBatch]) -> None: ...


class Events(Protocol):
    def table_committed(self, table: str, outcome: Outcome) -> None: ...


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
    open_table: Callable[[TableContract], Table]
    staging: Staging
    ledger: Ledger
    events: Events

    def commit(self, messages: Iterable[Message]) -> list[Failure]:
        """Commit what can be committed and return the messages that are to come again."""
        failed: list[Failure] = []
        for table, group in by_table(messages).items():
            failed += self._commit_table(table, group)
        return failed

    def _commit_table(self, table: str, messages: Sequence[Message]) -> list[Failure]:
        """A failure that may pass holds up the messages after it, since within a table order makes commits cheap."""
        staged, refused = self._read_until_failure(table, messages)
        done = list(refused)
        try:
            for _, run in groupby(staged, key=lambda each: each.rows.types()):
                alike = list(run)
                self._commit_alike(table, alike)
                done += [each.message for each in alike]
        except Exception as error:
            log("ERROR", "commit failed", table=table, error=repr(error))
        late = [Failure(message, may_pass=True) for message in messages if message not in done]
        return [Failure(message, may_pass=False) for message in refused] + late

    def _read_until_failure(self, table: str, messages: Sequence[Message]) -> tuple[list[Staged], list[Message]]:
        """A batch that can never be read fails alone: those after it would follow it into the dead-letter queue."""
        staged: list[Staged] = []
        refused: list[Message] = []
        for message in messages:
            try:
                staged.append(self._read(table, message))
            except (InvalidBatch, SchemaMismatch) as error:
                refused.append(message)
                log("ERROR", "staged batch refused", table=table, messageId=message.id, error=str(error))
            except Exception as error:
                log(
                    "ERROR", f"staged batch of '{table}' not read", table=table, messageId=message.id, error=repr(error)
                )
                break
        return staged, refused

    def _read(self, table: str, message: Message) -> Staged:
        contract = self.contracts.get(table)
        if contract is None:
            raise InvalidBatch(f"no contract for table '{table}'; known are {', '.join(sorted(self.contracts))}")
        batch = parse_batch(message.body)
        if batch.table != table:
            raise InvalidBatch(f"a batch of '{batch.table}' came in the message group of '{table}'")
        rows = self.staging.read(batch.staged)
        check_batch(batch, rows)
        contract.check_file(batch.staged, schema_of(rows))
        return Staged(message, batch, rows)

    def _commit_alike(self, table: str, staged: Sequence[Staged]) -> None:
        """One commit for files of the same columns. A retry tells of it again: the first telling may be what failed."""
        start = time.monotonic()
        outcome = commit_batches(self.open_table(self.contracts[table]), [(each.batch, each.rows) for each in staged])
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        times = [found for each in staged if (found := each.rows.last_event_time())]
        self.ledger.record(table, outcome, now, max(times, default=None))
        self.events.table_committed(table, outcome)
        self.ledger.forget([each.batch for each in staged])
        measure_commit(table, outcome, time.monotonic() - start)
        log("INFO", "committed", table=table, version=outcome.version, rows=outcome.added, messages=len(staged))


def measure_commit(table: str, outcome: Outcome, seconds: float) -> None:
    """Count the rows of a commit, for the domain and for its table."""
    domain, layer, _ = table.split(".")
    rows = "RowsQuarantined" if layer == "ops" else "RowsLanded"
    metrics = [(rows, "Count", outcome.added), ("CommitDuration", "Seconds", seconds)]
    measure({"domain": domain, "table": table}, metrics)
