"""A whole look at a domain: real Delta tables, a stream and a ledger in memory."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from account_ledger import Check
from audit_events import Counts, Tables, hour_of
from audit_stream import Budget, Count, Lost
from audit_tables import OpenTable
from auditor import Auditor
from balance import Account, Key

ORDERS = "shop.bronze.orders"
GRACE = timedelta(minutes=15)
# Files are dated by the machine's clock, so the looks are as well.
NOW = datetime.now(UTC)
ARRIVED = NOW - timedelta(hours=3)
SCHEMA = pa.schema(
    {
        **dict.fromkeys(["_event_id", "_producer", "_shard", "_sequence"], pa.string()),
        "_ingested_at": pa.timestamp("us", "UTC"),
        "_producer_seq": pa.int64(),
        "_ingest_date": pa.date32(),
    }
)
BUDGET = Budget(float("inf"), 10**9)


@dataclass
class MemoryLedger:
    """Keeps what it is told."""

    known: dict[Key, Account] = field(default_factory=dict)
    check: Check | None = None

    def accounts(self, tables: Iterable[str], since: str) -> dict[Key, Account]:
        wanted = set(tables)
        return {key: each for key, each in self.known.items() if key[0] in wanted and key[1] >= since}

    def record(self, accounts: Mapping[Key, Account], read_at: datetime) -> None:
        assert read_at >= NOW
        self.known |= {key: replace(each, produced=self.produced(key)) for key, each in accounts.items()}

    def produced(self, key: Key) -> int:
        return self.known.get(key, Account()).produced

    def last_check(self) -> Check | None:
        return self.check

    def record_check(self, check: Check) -> None:
        self.check = check


@dataclass
class Shop:
    """A domain with one table."""

    folder: Path
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    sent: Counts = field(default_factory=Counter)
    answer: Count = field(default_factory=lambda: Count(True))
    while_counting: Callable[[], None] = lambda: None
    read: Collection[str] = ()

    def land(self, *events: str, at: datetime = ARRIVED, numbers: Iterable[int | None] = ()) -> None:
        found = dict(zip(events, numbers, strict=False))
        rows = [
            {"_event_id": event, "_producer": "till", "_shard": "shard-0", "_sequence": event, "_ingested_at": at}
            | {"_producer_seq": found.get(event), "_ingest_date": at.date()}
            for event in events
        ]
        write_deltalake(self.folder, pa.Table.from_pylist(rows, SCHEMA), mode="append", partition_by=["_ingest_date"])

    def send(self, events: int, at: datetime = ARRIVED) -> None:
        self.sent[ORDERS, hour_of(at)] += events

    def look(self, after: timedelta = timedelta(), since: datetime | None = None) -> dict[str, Account]:
        """The accounts by hour, as they are after a look."""

        def open_table(name: str, clock: str) -> OpenTable | None:
            exists = name == ORDERS and self.folder.exists()
            return OpenTable(name, clock, DeltaTable(self.folder)) if exists else None

        self.read, self.now = (), NOW + after
        tables = Tables("shop", {"shop.orders.v1": ORDERS})
        auditor = Auditor("shop", tables, self.ledger, StreamPort(self), OnFailurePort(self), open_table, GRACE)
        auditor.balance(self.now, BUDGET, since)
        return {hour: each for (_, hour), each in self.ledger.known.items()}


@dataclass
class StreamPort:
    shop: Shop

    def count(self, _budget: Budget) -> Count:
        self.shop.while_counting()
        for key, events in self.shop.sent.items():
            known = self.shop.ledger.known.get(key, Account())
            counted = replace(known, produced=known.produced + events, changed_at=self.shop.now)
            self.shop.ledger.known[key] = counted
        self.shop.sent.clear()
        return self.shop.answer


@dataclass
class OnFailurePort:
    shop: Shop

    def count(self, hours: Collection[str], _tables: Tables) -> Counts:
        self.shop.read = hours
        return Counter()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "orders")


def metrics(printed: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, printed.splitlines()) if "_aws" in line]


HOUR = hour_of(ARRIVED)
LATER = GRACE + timedelta(minutes=1)


def test_what_was_sent_and_has_landed_is_balanced(shop: Shop) -> None:
    shop.send(3)
    shop.land("a", "b", "c", "a")
    shop.send(1)
    account = shop.look()[HOUR]
    assert (account.produced, account.landed, account.duplicates, account.status) == (4, 4, 1, "balanced")


def test_a_domain_without_any_event_has_no_accounts(shop: Shop) -> None:
    assert shop.look() == {}


def test_hours_that_are_settled_are_not_read_again_until_files_of_them_change(shop: Shop) -> None:
    shop.send(1)
    shop.land("a")
    shop.look()
    assert HOUR in shop.read
    shop.look(timedelta(hours=2))
    shop.look(timedelta(hours=3))
    assert HOUR not in shop.read
    shop.ledger.check = replace(shop.ledger.check or Check(NOW, True), checked_at=NOW)
    shop.land("once more")
    shop.look(timedelta(hours=4))
    assert HOUR in shop.read
    assert shop.look(timedelta(hours=5))[HOUR].status == "excess"


def test_hours_of_which_nobody_remembers_what_was_produced_are_not_judged(shop: Shop) -> None:
    shop.land("of a file that landed late", at=NOW - timedelta(days=8))
    assert shop.look() == {}


def test_rows_of_files_balance_with_those_that_their_reader_counted(shop: Shop) -> None:
    shop.ledger.known[ORDERS, HOUR] = Account(produced_in_files=3, changed_at=NOW)
    shop.send(1)
    shop.land("of the stream", "line 2", "line 3")
    assert (shop.look()[HOUR].status, shop.look()[HOUR].in_flight) == ("pending", 1)
    shop.land("line 4")
    account = shop.look(LATER)[HOUR]
    assert (account.produced, account.produced_in_files, account.status) == (1, 3, "balanced")


def test_an_hour_from_which_rows_vanish_is_told_by_whoever_asks_for_it(shop: Shop) -> None:
    shop.send(2)
    shop.land("a", "b")
    shop.look()
    DeltaTable(shop.folder).delete("_event_id = 'b'")
    shop.look(LATER, since=ARRIVED)
    account = shop.look(2 * LATER, since=ARRIVED)[HOUR]
    assert (account.status, account.in_flight) == ("missing", 1)


def test_what_lands_while_the_stream_is_counted_is_in_flight_and_no_excess(shop: Shop) -> None:
    def arrive() -> None:
        shop.send(1)
        shop.land("late")

    shop.while_counting = arrive
    assert (shop.look()[HOUR].in_flight, shop.look()[HOUR].status) == (1, "pending")


def test_what_is_missing_is_measured_once_the_grace_period_is_over(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.send(5)
    shop.land("a", "b", numbers=[1, 4])
    shop.look()
    (first,) = metrics(capsys.readouterr().out)
    assert (first["EventsUnaccounted"], first["EventsInFlight"], first["SequenceGaps"]) == (0, 3, 0)
    shop.look(LATER)
    out = capsys.readouterr().out
    (second,) = metrics(out)
    assert (second["EventsUnaccounted"], second["EventsInFlight"], second["SequenceGaps"]) == (3, 0, 2)
    assert second["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["domain"], ["domain", "table"]]
    warned = [line for line in map(json.loads, out.splitlines()) if line.get("level") == "WARN"]
    assert warned == [
        {
            "level": "WARN",
            "message": "missing",
            "service": warned[0]["service"],
            "table": ORDERS,
            "hour": HOUR,
            "inFlight": 3,
        }
    ]


def test_lost_records_are_measured_once_and_said_from_then_on(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    lost = Lost("shard-9", NOW - timedelta(days=8))
    shop.answer = Count(True, [lost])
    shop.look()
    assert [each["EventsUnaccounted"] for each in metrics(capsys.readouterr().out)] == [1]
    shop.look(LATER)
    assert metrics(capsys.readouterr().out) == []
    assert shop.ledger.check is not None
    assert list(shop.ledger.check.lost) == [lost]


def test_an_auditor_that_is_behind_says_so(shop: Shop) -> None:
    shop.answer = Count(False)
    shop.land("not counted yet")
    shop.look()
    assert shop.look(LATER)[HOUR].status == "pending"
    assert shop.ledger.check is not None
    assert not shop.ledger.check.is_caught_up
