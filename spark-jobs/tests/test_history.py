"""Histories: at any time they show what a reading of all that had happened by then says, and nothing twice."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.crm import NO_LIMIT, Event, Place, by_lsn, by_time, change, crm, customer, firsts, phones, random_changes
from tests.crm import state as state_after
from tests.lake import NOON, Lake
from tests.test_refine_any_order import cut, deliveries

CUSTOMERS, PHONES = "crm.silver.customer_history", "crm.silver.phone_history"
Version = tuple[Any, ...]
#: By key: when a version begins and ends, and what it says.
History = dict[Any, list[tuple[datetime, datetime | None, Version]]]


@pytest.fixture
def shop(lake: Lake) -> Lake:
    """An empty domain."""
    return crm(lake)


def refine(lake: Lake, *events: Event, tables: tuple[str, ...] = (CUSTOMERS,)) -> dict[str, Any]:
    """Land events and refine them."""
    version = lake.land(*events)
    return lake.refine(version, version, tables, limit=NO_LIMIT)


def history(lake: Lake, table: str, keys: Sequence[str], values: Sequence[str]) -> History:
    """A table's versions, in their order. Which one is current follows from when it ends."""
    found: History = defaultdict(list)
    for row in lake.table(table).orderBy("valid_from").collect():
        assert row["is_current"] == (row["valid_to"] is None)
        begins, ends = (row[name] and row[name].replace(tzinfo=UTC) for name in ("valid_from", "valid_to"))
        found[tuple(row[key] for key in keys)].append((begins, ends, tuple(row[value] for value in values)))
    return found


def require_tidy(found: History) -> None:
    """No version is empty or overlaps the next one, and none repeats the one that it follows on."""
    for versions in found.values():
        assert all(ends is None or begins < ends for begins, ends, _ in versions)
        for (_, ends, value), (begins, _, following) in pairwise(versions):
            assert ends is not None
            assert ends < begins or (ends == begins and value != following)


def as_of(found: History, time: datetime) -> dict[Any, Version]:
    """What a history shows of a time."""
    return {
        key: value
        for key, versions in found.items()
        for begins, ends, value in versions
        if begins <= time and (ends is None or time < ends)
    }


def happened(
    delivered: Sequence[Event], place: Place, rows_of: Callable[[Event], Mapping[Any, Any]], time: datetime
) -> dict[Any, Version]:
    """
    The state of every customer after its events up to a time, in the source's order: one that is of a later time
    holds up all after it. An event without a valid row does not count.
    """
    found: dict[Any, Version] = {}
    counted = [event for event in firsts(delivered) if event["op"] in ("d", "t") or rows_of(event)]
    for name in {event["customer_id"] for event in counted}:
        own = [event for event in counted if event["op"] == "t" or event["customer_id"] == name]
        in_time: list[Event] = []
        for event in sorted(own, key=place):
            if event["_event_time"] > time:
                break
            in_time.append(event)
        found |= {key: row for key, row in state_after(in_time, place, rows_of).items() if key[0] == name}
    return found


TIMES = [NOON + timedelta(seconds=30 * half) for half in range(-5, 28)]


def test_a_history_shows_at_any_time_what_had_happened_by_then_however_events_are_spread_over_runs(shop: Lake) -> None:
    dice = random.Random(5)
    delivered = deliveries(dice, random_changes(dice, 100, 600))
    for batch in cut(dice, delivered, 2):
        results = refine(shop, *batch, tables=(CUSTOMERS, PHONES))
    unique = [check for result in results.values() for check in result["checks"] if check["id"] == "primary_key.unique"]
    assert [(check["failed"], check["error"]) for check in unique] == [(0, None)] * 2
    customers = history(shop, CUSTOMERS, ["customer_id"], ["segment", "city"])
    require_tidy(customers)
    for time in TIMES:
        expected = {key: row[1:] for key, row in happened(delivered, by_lsn, customer, time).items()}
        assert as_of(customers, time) == expected, time
    kinds = history(shop, PHONES, ["customer_id", "phone_no"], ["kind"])
    require_tidy(kinds)
    for time in TIMES:
        assert as_of(kinds, time) == happened(delivered, by_time, phones, time), time
    assert sum(len(versions) for versions in customers.values()) > 150


def test_a_history_is_stitched_anew_around_what_comes_late_and_else_left_alone(shop: Lake) -> None:
    minute = [NOON + timedelta(minutes=n) for n in range(10)]
    refine(shop, change("a", "c", 1, city="Rome"), change("a", "u", 5, city="Rome"), change("b", "c", 1))
    cities = ["customer_id"], ["city"]
    assert history(shop, CUSTOMERS, *cities)["a",] == [(minute[1], None, ("Rome",))]
    refine(shop, change("a", "u", 3, city="Oslo"), change("b", "d", 4), change("c", "d", 2))
    stitched = [(minute[1], minute[3], ("Rome",)), (minute[3], minute[5], ("Oslo",)), (minute[5], None, ("Rome",))]
    assert history(shop, CUSTOMERS, *cities) == {("a",): stitched, ("b",): [(minute[1], minute[4], ("Rome",))]}
    result = refine(shop, change("a", "u", 3, city="Oslo"), change("b", "d", 4), change("a", "u", 6, city="Rome"))
    assert history(shop, CUSTOMERS, *cities)["a",] == stitched
    told = result[CUSTOMERS]
    assert (told["duplicates"], told["rowsOut"], told["rowCount"], told["deltaVersion"]) == (2, 0, 4, 2)
