"""The conservation law, by table and hour: produced = landed + quarantined + on failure + in flight."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from audit_events import HOUR, Counts

# Balanced: nothing is in flight. Pending: too early to judge. Missing: events did not come out of the platform in time.
# Excess: more came out of it than went in.
Status = Literal["balanced", "pending", "missing", "excess"]

# A table and an hour.
Key = tuple[str, str]


@dataclass(frozen=True)
class Gap:
    """Numbers of a producer, first to last, that no event bears."""

    producer: str
    first: int
    last: int


@dataclass(frozen=True)
class Gaps:
    """How many numbers are missing in an hour, and the first ranges of them."""

    count: int = 0
    ranges: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Landed:
    """Rows of bronze, and those among them whose event the hour has already."""

    rows: int = 0
    duplicates: int = 0


@dataclass(frozen=True)
class Account:
    """What is known of an hour of a table."""

    # Counted from the stream.
    produced: int = 0
    # Counted by whoever read the files.
    produced_in_files: int = 0
    # Events that landed here in the end, less those of this table that landed elsewhere: a replay follows the contracts
    # of its own time, so what had no table may have one by then.
    moved: int = 0
    landed: int = 0
    quarantined: int = 0
    on_failure: int = 0
    duplicates: int = 0
    gaps: Gaps = Gaps()
    status: Status = "pending"
    # When a figure last moved; none before the first time.
    changed_at: datetime | None = None

    @property
    def in_flight(self) -> int:
        return self.produced + self.produced_in_files + self.moved - self.landed - self.quarantined - self.on_failure


@dataclass(frozen=True)
class Findings:
    """What the platform held at one moment, in the hours that were read: what is not mentioned there, was not there."""

    hours: Collection[str]
    landed: Mapping[Key, Landed] = field(default_factory=dict)
    quarantined: Counts = field(default_factory=Counter)
    # Added where events landed that were counted for another table, and taken away there.
    moved: Counts = field(default_factory=Counter)
    on_failure: Counts = field(default_factory=Counter)
    # Numbers of producers were read from this hour on; what its first events follow is not known.
    numbered_from: str = "~"
    gaps: Mapping[Key, Gaps] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """Figures that rested for the grace period are final, once their hour is counted."""

    now: datetime
    grace: timedelta
    # Whether the stream was read to its end; else more was produced than is counted.
    is_caught_up: bool = True

    def has_rested(self, account: Account) -> bool:
        return account.changed_at is not None and self.now - account.changed_at > self.grace


def balance(known: Mapping[Key, Account], found: Findings, clock: Clock) -> dict[Key, Account]:
    """The accounts that differ from what is known.

    The stream is counted after the tables were read, so nothing can be found that was not counted as produced.
    """
    sources = (known, found.landed, found.quarantined, found.moved, found.on_failure, found.gaps)
    keys = {key for source in sources for key in source}
    judged = {}
    for key in keys:
        before = known.get(key, Account())
        after = _gaps_found(_found(before, key, found), key, found)
        if after != before or key not in known:
            after = replace(after, changed_at=clock.now)
        after = replace(after, status=judge(after, clock))
        if after != before:
            judged[key] = after
    return judged


def judge(account: Account, clock: Clock) -> Status:
    """Whether the law holds. With an auditor that lags behind, only too few can be said for sure."""
    if account.in_flight == 0:
        return "balanced"
    if not clock.has_rested(account) or (account.in_flight < 0 and not clock.is_caught_up):
        return "pending"
    return "missing" if account.in_flight > 0 else "excess"


def is_settled(key: Key, account: Account, clock: Clock) -> bool:
    """Whether an hour need not be read again, unless files of it change."""
    return account.in_flight == 0 and clock.has_rested(account) and clock.now - end_of(key[1]) > clock.grace


def end_of(hour: str) -> datetime:
    """When an hour is over."""
    return datetime.strptime(hour, HOUR).replace(tzinfo=UTC) + timedelta(hours=1)


def _found(before: Account, key: Key, found: Findings) -> Account:
    if key[1] not in found.hours:
        return before
    landed = found.landed.get(key, Landed())
    return replace(
        before,
        moved=found.moved[key],
        landed=landed.rows,
        quarantined=found.quarantined[key],
        on_failure=found.on_failure[key],
        duplicates=landed.duplicates,
    )


def _gaps_found(before: Account, key: Key, found: Findings) -> Account:
    return replace(before, gaps=found.gaps.get(key, Gaps())) if key[1] > found.numbered_from else before
