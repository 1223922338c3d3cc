"""The conservation law over random histories: it holds exactly when nothing is lost and nothing is there twice."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from audit_events import Counts, hour_of
from balance import Account, Clock, Findings, Gap, Gaps, Key, Landed, balance, is_settled

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GRACE = timedelta(minutes=15)
TABLES = ["shop.bronze.orders", "shop.bronze.returns"]
UNKNOWN = "shop.unknown"
LATER = timedelta(hours=9)


@dataclass
class Platform:
    """Where each event of a history ends: what a platform does with them, event by event."""

    chance: random.Random
    produced: Counts = field(default_factory=Counter)
    landed: Counts = field(default_factory=Counter)
    quarantined: Counts = field(default_factory=Counter)
    moved: Counts = field(default_factory=Counter)
    on_failure: Counts = field(default_factory=Counter)

    def live(self, events: int) -> None:
        for _ in range(events):
            key = (self.chance.choice([*TABLES, UNKNOWN]), hour_of(NOON + timedelta(hours=self.chance.randrange(6))))
            self.produced[key] += 1
            self._end(key)

    def _end(self, key: Key) -> None:
        """An event lands, is refused, is given up; what was refused or given up may be tried again."""
        table, hour = key
        fate = self.chance.random()
        if fate < 0.7 and table != UNKNOWN:
            self.landed[key] += 1
        elif fate < 0.85:
            self.quarantined[key] += 1
        elif fate < 0.93:
            self.on_failure[key] += 1
        else:
            other = self.chance.choice(TABLES) if table == UNKNOWN else table
            self.landed[other, hour] += 1
            self.moved[other, hour] += 1
            self.moved[key] -= 1

    def findings(self) -> Findings:
        hours = {hour_of(NOON + timedelta(hours=each)) for each in range(6)}
        landed = {key: Landed(events) for key, events in self.landed.items()}
        return Findings(hours, landed, self.quarantined, self.moved, self.on_failure)


def known(produced: Counts, at: datetime = NOON, in_files: Counts | None = None) -> dict[Key, Account]:
    """What was counted before: of a stream, and of files among it."""
    files = in_files or Counter()
    return {
        key: Account(produced=events - files[key], produced_in_files=files[key], changed_at=at)
        for key, events in produced.items()
    }


def settle(accounts: dict[Key, Account], found: Findings, *, is_caught_up: bool = True) -> dict[Key, Account]:
    """Two looks, the grace period apart."""
    first = accounts | balance(accounts, found, Clock(NOON + LATER, GRACE, is_caught_up))
    late = Clock(NOON + LATER + GRACE + timedelta(seconds=1), GRACE, is_caught_up)
    return first | balance(first, found, late)


def lost_from(counts: Counts, chance: random.Random) -> Key:
    key = chance.choice(sorted(key for key, events in counts.items() if events))
    counts[key] -= 1
    return key


@pytest.mark.parametrize("seed", range(50))
def test_whatever_becomes_of_events_the_law_holds_when_none_is_lost(seed: int) -> None:
    platform = Platform(random.Random(seed))
    platform.live(200)
    accounts = settle(known(platform.produced), platform.findings())
    assert {account.status for account in accounts.values()} == {"balanced"}
    produced = sum(account.produced + account.moved for account in accounts.values())
    assert produced == platform.produced.total() == 200


@pytest.mark.parametrize("seed", range(50))
def test_a_lost_event_is_missing_in_its_hour_and_nowhere_else(seed: int) -> None:
    platform = Platform(random.Random(seed))
    platform.live(200)
    where = platform.chance.choice([platform.landed, platform.quarantined, platform.on_failure])
    key = lost_from(where, platform.chance)
    accounts = settle(known(platform.produced), platform.findings())
    assert {key: account.in_flight for key, account in accounts.items() if account.status != "balanced"} == {key: 1}
    assert accounts[key].status == "missing"


@pytest.mark.parametrize("seed", range(50))
def test_an_event_that_landed_twice_is_an_excess_in_its_hour(seed: int) -> None:
    platform = Platform(random.Random(seed))
    platform.live(200)
    key = platform.chance.choice(sorted(platform.landed))
    platform.landed[key] += 1
    accounts = settle(known(platform.produced), platform.findings())
    assert {key: account.status for key, account in accounts.items() if account.in_flight} == {key: "excess"}


@pytest.mark.parametrize("seed", range(50))
def test_it_does_not_matter_which_way_an_event_came(seed: int) -> None:
    platform = Platform(random.Random(seed))
    platform.live(200)
    in_files = Counter({key: platform.chance.randint(0, events) for key, events in platform.produced.items()})
    accounts = settle(known(platform.produced, in_files=in_files), platform.findings())
    assert {account.status for account in accounts.values()} == {"balanced"}
    key = lost_from(in_files, platform.chance)
    fewer = {key: replace(accounts[key], produced_in_files=in_files[key])}
    judged = settle(accounts | fewer, platform.findings())
    assert {key: account.status for key, account in judged.items() if account.in_flight} == {key: "excess"}


def test_what_is_on_its_way_is_pending_until_the_grace_period_is_over() -> None:
    key = (TABLES[0], hour_of(NOON))
    accounts = known(Counter({key: 3}))
    found = Findings([hour_of(NOON)], {key: Landed(2)})
    first = balance(accounts, found, Clock(NOON + GRACE, GRACE))
    assert (first[key].status, first[key].in_flight) == ("pending", 1)
    assert balance(first, found, Clock(NOON + 2 * GRACE, GRACE)) == {}
    late = balance(first, found, Clock(NOON + 3 * GRACE, GRACE))
    assert (late[key].status, late[key].changed_at) == ("missing", NOON + GRACE)
    whole = balance(late, Findings([hour_of(NOON)], {key: Landed(3)}), Clock(NOON + 4 * GRACE, GRACE))
    assert whole[key].status == "balanced"


def test_an_auditor_that_lags_behind_tells_of_no_excess_but_of_what_is_missing() -> None:
    behind, lost = (TABLES[0], hour_of(NOON)), (TABLES[1], hour_of(NOON))
    accounts = known(Counter({behind: 1, lost: 2}))
    found = Findings([hour_of(NOON)], {behind: Landed(5), lost: Landed(1)})
    judged = settle(accounts, found, is_caught_up=False)
    assert (judged[behind].status, judged[lost].status) == ("pending", "missing")
    assert settle(accounts, found)[behind].status == "excess"


def test_an_hour_that_was_not_read_keeps_its_figures() -> None:
    key = (TABLES[0], hour_of(NOON))
    accounts = {key: Account(produced=2, landed=2, status="balanced", changed_at=NOON)}
    assert balance(accounts, Findings([]), Clock(NOON + LATER, GRACE)) == {}


def test_an_hour_is_settled_when_it_is_over_and_balanced_and_rests() -> None:
    hour = hour_of(NOON)
    key, whole = (TABLES[0], hour), Account(produced=2, landed=2, changed_at=NOON)
    assert is_settled(key, whole, Clock(NOON + timedelta(hours=1, minutes=16), GRACE))
    assert not is_settled(key, whole, Clock(NOON + timedelta(hours=1, minutes=14), GRACE))
    assert not is_settled(key, Account(produced=2, changed_at=NOON), Clock(NOON + LATER, GRACE))
    moved = Account(produced=2, landed=2, changed_at=NOON + LATER)
    assert not is_settled(key, moved, Clock(NOON + LATER, GRACE))


def test_a_gap_is_found_and_closed_again_and_the_first_hour_of_the_window_tells_of_none() -> None:
    first, second = ((TABLES[0], hour_of(NOON + timedelta(hours=each))) for each in range(2))
    accounts = {key: Account(produced=1, landed=1, status="balanced", changed_at=NOON) for key in (first, second)}
    gaps = Gaps(1, (Gap("till-1", 7, 7),))
    found = Findings([], numbered_from=first[1], gaps={first: gaps, second: gaps})
    judged = balance(accounts, found, Clock(NOON + LATER, GRACE))
    assert {key: account.gaps for key, account in judged.items()} == {second: gaps}
    closed = balance(accounts | judged, Findings([], numbered_from=first[1]), Clock(NOON + LATER, GRACE))
    assert closed[second].gaps == Gaps()
