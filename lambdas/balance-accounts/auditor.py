"""Balances the accounts of a domain: what went into its stream against what came out of it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from account_ledger import Check
from audit_events import Counts, Tables, hour_of
from audit_stream import Budget, Count
from audit_tables import (
    OpenEntries,
    OpenTable,
    gaps_in,
    hours_between,
    landed_in,
    moved_into,
    open_in,
    quarantined_in,
)
from balance import Account, Clock, Findings, Key, balance, is_settled
from telemetry import Metric, log, measure

# Accounts are looked after for as long as the stream remembers.
REMEMBERED = timedelta(days=7)
# How far back the numbers of producers are compared, and tables are read the first time.
WINDOW = timedelta(hours=26)
# Clocks differ, and a commit that began before the last look may have ended after it.
OVERLAP = timedelta(minutes=10)
Found = TypeVar("Found")
ARRIVAL, FIRST_SEEN = "_ingested_at", "first_seen"


class Ledger(Protocol):
    """Keeps accounts."""

    def accounts(self, tables: Iterable[str], since: str) -> dict[Key, Account]:
        """The accounts of these tables from an hour on."""

    def record(self, accounts: Mapping[Key, Account], read_at: datetime) -> None:
        """Write what was found, unless a later look was written before."""

    def last_check(self) -> Check | None:
        """What the last run said of the domain as a whole."""

    def record_check(self, check: Check) -> None:
        """Write what this run says of it."""


class Stream(Protocol):
    """Counts what was produced."""

    def count(self, budget: Budget) -> Count:
        """Count what came since the last time."""


class OnFailure(Protocol):
    """Knows the records that the stream gave up on."""

    def count(self, hours: Collection[str], tables: Tables) -> Counts:
        """Their events in these hours."""


@dataclass(frozen=True)
class Opened:
    """A domain's tables, as far as anything was ever committed to them."""

    bronze: Sequence[OpenTable]
    quarantine: OpenTable | None

    def touched(self, since: datetime) -> set[str]:
        """The hours that may have changed since then."""
        tables = [*self.bronze, *([self.quarantine] if self.quarantine else [])]
        return {hour for table in tables for hour in table.touched(since)}


@dataclass(frozen=True)
class Auditor:
    """Puts the parts together; each is a port that a test may replace."""

    domain: str
    tables: Tables
    ledger: Ledger
    stream: Stream
    on_failure: OnFailure
    open_table: Callable[[str, str], OpenTable | None]
    grace: timedelta

    def balance(self, now: datetime, budget: Budget, since: datetime | None = None) -> Check:
        """Balance the hours that may have changed, or all of them from `since` on."""
        since = max(since, now - REMEMBERED) if since else None
        opened = self._open()
        found = self._read(opened, self._hours_to_read(opened, now, since), min(since or now, now - WINDOW))
        # After the tables, so that whatever they hold is counted as produced by then.
        counted = self.stream.count(budget)
        clock = Clock(now, self.grace, counted.is_caught_up)
        known = self._accounts(now)
        changed = balance(known, found, clock)
        self.ledger.record(changed, now)
        tell(known | changed, clock)
        check = self._check(counted, now, open_in(opened.quarantine) if opened.quarantine else OpenEntries())
        self.ledger.record_check(check)
        return check

    def _check(self, counted: Count, now: datetime, still_open: OpenEntries) -> Check:
        """Says what was lost before this run too: nobody may have read it yet."""
        last = self.ledger.last_check()
        known = list(last.lost) if last else []
        lost = [each for each in counted.lost if each not in known]
        if lost:
            measure({"domain": self.domain}, [("EventsUnaccounted", "Count", len(lost))])
        return Check(now, counted.is_caught_up, [*known, *lost], still_open)

    def _accounts(self, now: datetime) -> dict[Key, Account]:
        return self.ledger.accounts([*self.tables.bronze, self.tables.unknown], hour_of(now - REMEMBERED))

    def _open(self) -> Opened:
        found = [self.open_table(name, ARRIVAL) for name in self.tables.bronze]
        return Opened([each for each in found if each], self.open_table(f"{self.domain}.ops.quarantine", FIRST_SEEN))

    def _read(self, opened: Opened, hours: Collection[str], numbers_since: datetime) -> Findings:
        """What the tables hold in these hours."""
        if not hours:
            return Findings(hours)
        quarantine, unknown = opened.quarantine, self.tables.unknown
        landed = {each.name: landed_in(each, hours) for each in opened.bronze}
        gaps = {each.name: gaps_in(each, quarantine, numbers_since) for each in opened.bronze}
        return Findings(
            hours,
            by_key(landed),
            quarantined_in(quarantine, hours, unknown) if quarantine else Counter(),
            self._moved(opened.bronze, quarantine, hours) if quarantine else Counter(),
            self.on_failure.count(hours, self.tables),
            hour_of(numbers_since),
            by_key(gaps),
        )

    def _moved(self, bronze: Iterable[OpenTable], quarantine: OpenTable, hours: Collection[str]) -> Counts:
        moved: Counts = Counter()
        for each in bronze:
            for hour, events in moved_into(each, quarantine, hours).items():
                moved[each.name, hour] += events
                moved[self.tables.unknown, hour] -= events
        return moved

    def _hours_to_read(self, opened: Opened, now: datetime, since: datetime | None) -> set[str]:
        """All hours from `since` on, or those that are not settled or may have changed since the last look."""
        if since:
            return set(hours_between(since, now + timedelta(hours=1)))
        clock, last = Clock(now, self.grace), self.ledger.last_check()
        unsettled = {key[1] for key, account in self._accounts(now).items() if not is_settled(key, account, clock)}
        touched = opened.touched(last.checked_at - OVERLAP if last else now - WINDOW)
        # Nobody remembers what was produced before: a file may land that late, and compaction touches all hours.
        return unsettled | {hour for hour in touched if hour >= hour_of(now - REMEMBERED)}


def by_key(found: Mapping[str, Mapping[str, Found]]) -> dict[Key, Found]:
    """What was found by table and then by hour, by both."""
    return {(table, hour): each for table, by_hour in found.items() for hour, each in by_hour.items()}


def tell(accounts: Mapping[Key, Account], clock: Clock) -> None:
    """Publish what the alarms watch, by domain and by table; name the hours that break the law."""
    recent = hour_of(clock.now - WINDOW)
    for table in sorted({table for table, _ in accounts}):
        own = {hour: account for (name, hour), account in accounts.items() if name == table}
        broken = {hour: account for hour, account in own.items() if account.status in ("missing", "excess")}
        for hour, account in broken.items():
            log("WARN", account.status, table=table, hour=hour, inFlight=account.in_flight)
        pending = [account.in_flight for account in own.values() if account.status == "pending"]
        late = [account for hour, account in own.items() if hour >= recent]
        gaps = sum(account.gaps.count for account in late if clock.has_rested(account))
        metrics: list[Metric] = [
            ("EventsUnaccounted", "Count", sum(abs(account.in_flight) for account in broken.values())),
            ("EventsInFlight", "Count", sum(pending)),
            ("EventsOnFailure", "Count", sum(account.on_failure for account in own.values())),
            ("EventsDuplicated", "Count", sum(account.duplicates for account in late)),
            ("SequenceGaps", "Count", gaps),
        ]
        measure({"domain": table.split(".")[0], "table": table}, metrics)
