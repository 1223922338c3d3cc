"""Keeps tables fast to read and free of what nobody reads any more, and never changes a row."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from maintenance_targets import Target

MIB = 2**20
# A file of at least SMALL is good as it is; compaction makes files of up to TARGET.
SMALL_BYTES, TARGET_BYTES = 128 * MIB, 256 * MIB
# Fewer small files are left for later: the one that grows would be written anew each time.
MIN_SMALL_FILES = 8
# A reader that began before a file was removed has this long to end; also the age at which a file that no version
# names is taken for the remains of a commit that failed.
VACUUM_HOURS = 7 * 24
LOG_HOURS = 30 * 24
# A run that finds the domain taken starts when it is given back.
HELD_SECONDS = 300

Partition = tuple[tuple[str, str], ...]


class UnknownFeature(Exception):
    """A table that uses what this release does not know how to keep."""


@dataclass(frozen=True)
class File:
    """A file of a table's newest version."""

    partition: Partition
    size: int


class Table(Protocol):
    """A Delta table that exists."""

    def version(self) -> int: ...

    def files(self) -> Sequence[File]: ...

    def hours_since(self, version: int) -> float | None:
        """Age of a commit; None when the log holds it no more, or not yet."""

    def compact(self, partition: Partition, target_bytes: int) -> None: ...

    def vacuum(self, hours: float) -> int:
        """Delete files that left the table, or never came into it, so long ago. Returns how many."""

    def checkpoint(self) -> None: ...

    def clean_log(self) -> None:
        """Delete commits that are older than the table's retention of its log and that a checkpoint holds."""


class Ledger(Protocol):
    """What has been read of tables, and who holds the domain."""

    def read_up_to(self, target: Target) -> Sequence[int]:
        """By reader, the last version that it has read; -1 for none."""

    def take_domain(self) -> str | None:
        """Take the domain; returns who has it already, or None when it is taken."""

    def give_back(self) -> None:
        """Free the domain, and start the run that was asked for meanwhile."""

    def record(self, report: "Report") -> None: ...


@dataclass(frozen=True)
class Report:
    """What maintenance made of a table. `waits` says what is left for the next time, and why."""

    table: str
    slot: str | None
    outcome: str  # done | waits | failed
    reason: str = ""
    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    files_deleted: int = 0
    version: int = -1
    seconds: float = 0.0

    def facts(self) -> Mapping[str, str | int | float]:
        """For a log line, the ledger and the command line; bytes and seconds."""
        facts = {
            "table": self.table,
            "slot": self.slot,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "filesBefore": self.files_before,
            "filesAfter": self.files_after,
            "bytesBefore": self.bytes_before,
            "bytesAfter": self.bytes_after,
            "filesDeleted": self.files_deleted,
            "version": self.version,
            "seconds": self.seconds,
        }
        return {name: value for name, value in facts.items() if value is not None}


@dataclass(frozen=True)
class Maintainer:
    """Puts the parts together; each is a port that a test may replace."""

    open_table: Callable[[Target], Table | None]
    ledger: Ledger
    seconds_left: Callable[[], float]

    def maintain(self, targets: Collection[Target]) -> list[Report]:
        """Maintain tables one after the other; one that fails does not hold up the others."""
        ours = [self._maintain(each, self.seconds_left) for each in targets if not each.is_written_by_runs]
        theirs = self._maintain_held([each for each in targets if each.is_written_by_runs])
        reports = [report for report in [*ours, *theirs] if report]
        for report in reports:
            self.ledger.record(report)
        return reports

    def _maintain_held(self, targets: Sequence[Target]) -> list[Report | None]:
        """A run that comes meanwhile waits, so not for long; while one is active, maintenance waits."""
        if not targets:
            return []
        if holder := self.ledger.take_domain():
            return [_waits(each, f"'{holder}' has the domain") for each in targets]
        end = time.monotonic() + HELD_SECONDS
        try:
            return [self._maintain(each, lambda: min(self.seconds_left(), end - time.monotonic())) for each in targets]
        finally:
            self.ledger.give_back()

    def _maintain(self, target: Target, seconds_left: Callable[[], float]) -> Report | None:
        """None for a table that nothing was committed to yet."""
        if seconds_left() <= 0:
            return _waits(target, "no time was left")
        start = time.monotonic()
        report = Report(target.table, target.slot, "done")
        try:
            table = self.open_table(target)
            if table is None:
                return None
            report = self._tidy(target, table, report, seconds_left)
        except Exception as error:
            report = replace(report, outcome="failed", reason=f"{type(error).__name__}: {error}"[:1000])
        return replace(report, seconds=round(time.monotonic() - start, 3))

    def _tidy(self, target: Target, table: Table, report: Report, seconds_left: Callable[[], float]) -> Report:
        """Rewrites come first, so that the checkpoint holds them; the log goes last, as far as that checkpoint."""
        before = table.files()
        reasons = list(_compact(table, before, seconds_left))
        unread = _unread_hours(table, self.ledger.read_up_to(target))
        deleted = table.vacuum(max(VACUUM_HOURS, unread + 1))
        table.checkpoint()
        if unread < LOG_HOURS:
            table.clean_log()
        else:
            reasons.append("versions older than the log's retention are not read yet")
        after = table.files()
        return replace(
            report,
            outcome="waits" if reasons else "done",
            reason="; ".join(reasons),
            files_before=len(before),
            files_after=len(after),
            bytes_before=sum(file.size for file in before),
            bytes_after=sum(file.size for file in after),
            files_deleted=deleted,
            version=table.version(),
        )


def _compact(table: Table, files: Iterable[File], seconds_left: Callable[[], float]) -> Iterator[str]:
    """Partition by partition, so that one too many does not cost what the others have gained. Says what is left."""
    due = partitions_to_compact(files)
    for done, partition in enumerate(due):
        if seconds_left() <= 0:
            yield f"{len(due) - done} of {len(due)} partitions are left to compact"
            return
        table.compact(partition, TARGET_BYTES)


def partitions_to_compact(files: Iterable[File]) -> list[Partition]:
    """Those with many small files, oldest first."""
    small: dict[Partition, int] = defaultdict(int)
    for file in files:
        small[file.partition] += file.size < SMALL_BYTES
    return sorted((each for each, count in small.items() if count >= MIN_SMALL_FILES), key=str)


def _unread_hours(table: Table, read_up_to: Sequence[int]) -> float:
    """
    How long ago the first version was committed that a reader has yet to read; 0 when there is none. All files that
    it needs were removed later than that, if at all.
    """
    unread = [table.hours_since(version + 1) for version in read_up_to if version < table.version()]
    return max((hours for hours in unread if hours is not None), default=0.0)


def _waits(target: Target, reason: str) -> Report:
    return Report(target.table, target.slot, "waits", reason)
