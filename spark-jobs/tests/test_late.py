"""Rows that come too late are refused, and only those."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from tests.lake import ATTRIBUTION, LINES, NOON, ORDERS, PERFORMANCE, SALES, SEGMENTS, Lake, line, order
from tests.performance import periods_of
from tests.test_replay import replay, wish
from tests.views import send_views

KNOWN_AT = NOON + timedelta(days=1)
LATE = {"before": "2026-01-01T12:00:00.000Z", "arrivedFrom": KNOWN_AT.isoformat(), "horizon": "30 days"}
NO_LIMIT = {"percent": 100, "fromRows": 1}
REASON = (
    "_event_time: found 2026-01-01T11:59:59.999Z; "
    "allowed: not before 2026-01-01T12:00:00.000Z, 30 days before the latest event of commerce.bronze.orders"
)


def sent(name: str, at: datetime, arrived: datetime = KNOWN_AT, *lines: dict[str, Any], event: str = "") -> Any:
    """An order that happened and arrived then."""
    return order(name, *(lines or (line(1),)), event=event, _event_time=at, _ingested_at=arrived)


def late(result: dict[str, Any]) -> int:
    """How many rows the rule refused."""
    return int({check["id"]: check["failed"] for check in result["checks"]}["late:_event_time"])


@pytest.fixture(scope="module")
def refined(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """One order of noon in silver, from bronze's version 1."""
    lake = Lake(spark, tmp_path_factory.mktemp("refined"))
    lake.land(order("A", line(1)))
    lake.refine(0, 1, [ORDERS, LINES])
    return lake


@pytest.fixture
def shop(refined: Lake, lake: Lake) -> Lake:
    """The same, to go on from."""
    return refined.copy_to(lake.folder)


JUST = NOON - timedelta(milliseconds=1)


def test_a_row_at_the_horizon_is_merged_and_one_before_it_is_refused_with_both_times(shop: Lake) -> None:
    shop.land(sent("B", NOON), sent("C", JUST, KNOWN_AT, line(1), line(2)))
    result = shop.refine(2, 2, late=LATE, limit=NO_LIMIT)[LINES]
    assert shop.rows(LINES, "order_id") == [("A",), ("B",)]
    assert [(row["rules"], row["reasons"], row["status"]) for row in shop.quarantined(result)] == [
        (["late:_event_time"], [REASON], "open")
    ] * 2
    assert (late(result), result["quarantined"], result["rowsOut"]) == (2, 2, 1)


def test_without_a_horizon_no_row_is_too_old(shop: Lake) -> None:
    shop.land(sent("B", datetime(1970, 1, 1, tzinfo=UTC)))
    result = shop.refine(2, 2, late=None)[LINES]
    assert shop.rows(LINES, "order_id") == [("A",), ("B",)]
    assert "late:_event_time" not in {check["id"] for check in result["checks"]}


def test_what_had_arrived_when_the_watermark_was_known_is_not_late(shop: Lake) -> None:
    shop.land(sent("B", JUST, KNOWN_AT - timedelta(microseconds=1)))
    assert late(shop.refine(2, 2, late=LATE)[LINES]) == 0
    assert shop.rows(LINES, "order_id") == [("A",), ("B",)]


def test_a_late_copy_of_what_silver_shows_is_a_duplicate_and_not_late(shop: Lake) -> None:
    shop.land(sent("B", JUST, NOON))
    shop.refine(2, 2)
    version = shop.land(sent("B", JUST), sent("C", JUST))
    result = shop.refine(version, version, late=LATE, limit=NO_LIMIT)[LINES]
    assert (late(result), result["duplicates"]) == (1, 1)
    assert shop.rows(LINES, "order_id") == [("A",), ("B",)]


def test_more_late_rows_than_the_limit_block_and_silver_stays_as_it_is(shop: Lake) -> None:
    shop.land(sent("B", NOON), sent("C", JUST))
    result = shop.refine(2, 2, late=LATE, limit={"percent": 40, "fromRows": 1})[LINES]
    assert shop.rows(LINES, "order_id") == [("A",)]
    refused = [check for check in result["checks"] if check["id"] == "rows:refused"]
    assert [(check["failed"], check["evaluated"]) for check in refused] == [(1, 2)]


def test_a_late_row_lands_once_when_it_is_judged_again_by_a_persons_wish(shop: Lake) -> None:
    shop.land(sent("C", JUST, KNOWN_AT, line(1), line(2)))
    refused = shop.quarantined(shop.refine(2, 2, late=LATE, limit=NO_LIMIT)[LINES])
    asked = wish(shop, refused)
    for replayed in (2, 2):
        result = shop.refine(3, 2, late=LATE, replays=[asked])[LINES]
        assert (result["judgedAgain"], result["replayed"]) == (2, replayed)
        assert shop.rows(LINES, "order_id", "line_no") == [("A", 1), ("C", 1), ("C", 2)]


def test_a_late_row_that_a_newer_event_replaced_stays_replaced_when_it_is_judged_again(shop: Lake) -> None:
    shop.land(sent("C", JUST, KNOWN_AT, line(1, 5), event="C-1"))
    asked = wish(shop, shop.quarantined(shop.refine(2, 2, late=LATE, limit=NO_LIMIT)[LINES]))
    shop.land(sent("C", NOON, KNOWN_AT, line(1, 9), event="C-2"))
    shop.refine(3, 3, late=LATE)
    replay(shop, 3, asked)
    assert shop.rows(LINES, "order_id", "quantity") == [("A", 1), ("C", 9)]


AHEAD = {"column": "ordered_at", "minutes": 90, "horizon": "90 minutes", "now": "2026-01-03T12:00:00.000Z"}
AHEAD_REASON = "ordered_at: found '2026-01-02 13:30:00.000001'; allowed: at most 90 minutes after the event's arrival"


def test_an_order_from_tomorrow_is_refused_and_lands_when_it_is_judged_again_once_its_time_has_come(
    shop: Lake,
) -> None:
    at = KNOWN_AT + timedelta(minutes=90)
    beyond = at + timedelta(microseconds=1)
    shop.land(
        sent("B", NOON) | {"ordered_at": at},
        sent("C", NOON, KNOWN_AT, line(1), line(2)) | {"ordered_at": beyond},
        sent("D", NOON) | {"ordered_at": KNOWN_AT + timedelta(days=9)},
    )
    result = shop.refine(2, 2, ahead=[AHEAD], limit=NO_LIMIT)[LINES]
    assert shop.rows(LINES, "order_id") == [("A",), ("B",)]
    refused = shop.quarantined(result)
    assert {row["rules"][0] for row in refused} == {"ahead:ordered_at"}
    assert AHEAD_REASON in {row["reasons"][0] for row in refused}
    asked = wish(shop, refused)
    result = shop.refine(3, 2, ahead=[AHEAD], replays=[asked])[LINES]
    assert (result["judgedAgain"], result["replayed"]) == (3, 2)
    assert shop.rows(LINES, "order_id", "line_no") == [("A", 1), ("B", 1), ("C", 1), ("C", 2)]


def test_tables_with_and_without_lines_are_judged_alike(shop: Lake) -> None:
    tables = [ORDERS, LINES]
    shop.land(sent("B", NOON), sent("C", JUST))
    results = shop.refine(2, 2, tables, late=LATE, limit=NO_LIMIT)
    assert {table: late(result) for table, result in results.items()} == dict.fromkeys(tables, 1)
    for table in tables:
        assert shop.rows(table, "order_id") == [("A",), ("B",)]


def changed_keys(lake: Lake, table: str, since: int, *key: str) -> set[tuple[Any, ...]]:
    """The keys of all rows of gold that commits after a version inserted, changed or deleted."""
    uri = lake.folder / "gold/commerce/green" / table.split(".")[-1]
    options = {"readChangeFeed": "true", "startingVersion": str(since + 1)}
    changes = lake.spark.read.format("delta").options(**options).load(str(uri))
    return {tuple(row) for row in changes.select(*key).distinct().collect()}


def watch(lake: Lake, table: str) -> int:
    """Turn the change feed of a gold table on; the version as of which it is."""
    uri = str(lake.folder / "gold/commerce/green" / table.split(".")[-1])
    lake.spark.sql(f"ALTER TABLE delta.`{uri}` SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')")
    return DeltaTable(uri).version()


def days_of_a_shop(dice: random.Random, days: Sequence[int]) -> list[Any]:
    """A few orders a day, each of a few products, one of them of a customer who is known."""
    return [
        sent(f"{day}-{number}", at, KNOWN_AT, *(line(n, product_id=dice.choice("pqr")) for n in range(1, 4)))
        | {"ordered_at": at, "customer_id": f"tok-{day}" if number == 2 else None}
        for day in days
        for number in range(3)
        for at in [NOON + timedelta(days=day, minutes=number)]
    ]


RESTATED = (SALES, PERFORMANCE, SEGMENTS, ATTRIBUTION)


def test_a_late_day_restates_the_rows_of_gold_that_it_touches_and_no_others(lake: Lake) -> None:
    dice = random.Random(1)
    late_day = dice.choice([1, 2, 3])
    events = days_of_a_shop(dice, range(5))
    is_late = [event["ordered_at"].date() == (NOON + timedelta(days=late_day)).date() for event in events]
    lake.land(*[event for event, late_one in zip(events, is_late, strict=True) if not late_one])
    lake.refine(0, 1)
    lake.model("green", None, RESTATED)
    versions = {table: watch(lake, table) for table in RESTATED}
    before = lake.rows(PERFORMANCE)
    # One order of a day that gold has, beside the whole day that it lacks.
    more = sent("0-late", NOON, KNOWN_AT, line(1, product_id="q")) | {"ordered_at": NOON, "customer_id": None}
    late_events = [*(event for event, late_one in zip(events, is_late, strict=True) if late_one), more]
    lake.land(*late_events)
    assert late(lake.refine(2, 2, late=LATE)[LINES]) == 0
    # A visit on the day before that on which its customer buys.
    seen = NOON + timedelta(days=2, hours=1)
    send_views(
        lake, [{"view_id": "v", "viewed_at": seen, "visitor_id": "v", "customer_id": "tok-3", "utm_campaign": "a"}]
    )
    lake.model("green", 1, RESTATED)
    lines = {(event["order_id"], each["line_no"]) for event in late_events for each in event["lines"]}
    sums = {
        (each["product_id"], *period)
        for event in late_events
        for each in event["lines"]
        for period in periods_of(event["ordered_at"].date())
    }
    assert changed_keys(lake, SALES, versions[SALES], "order_id", "line_no") == lines
    # Beside what holds a line that came, ranks and running totals of later days that it has moved.
    moved = {row[:3] for row in set(lake.rows(PERFORMANCE)) - set(before)}
    columns = ("product_id", "period", "period_start")
    assert changed_keys(lake, PERFORMANCE, versions[PERFORMANCE], *columns) == sums | moved
    assert moved - sums and {start for _, _, start in moved} > {start for _, _, start in sums}
    assert changed_keys(lake, SEGMENTS, versions[SEGMENTS], "customer_id") == {(f"tok-{late_day}",)}
    orders = {(event["order_id"],) for event in late_events} | {("3-2",)}
    assert changed_keys(lake, ATTRIBUTION, versions[ATTRIBUTION], "order_id") == orders
    assert ("3-2", "a") in lake.rows(ATTRIBUTION, "order_id", "campaign")
    assert len(sums | moved) < len(lake.rows(PERFORMANCE))
    lake.model("blue", None, RESTATED)
    for table in RESTATED:
        assert lake.rows(table) == lake.rows(table, slot="blue")
