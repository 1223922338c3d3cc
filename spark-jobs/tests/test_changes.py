"""Deletes and truncates reach silver, by the source's order, in whatever order they come."""

import random
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from tests.crm import CUSTOMERS, NO_LIMIT, PHONES, by_lsn, by_time, change, crm, customer, phones, random_changes, state
from tests.lake import LINES, NOON, PERFORMANCE, SALES, Lake, line, order
from tests.test_refine_any_order import cut, deliveries


@pytest.fixture
def shop(lake: Lake) -> Lake:
    """An empty domain."""
    return crm(lake)


def keys(lake: Lake) -> list[str]:
    """The customers that there are."""
    return [row[0] for row in lake.rows(CUSTOMERS, "customer_id")]


def refine(lake: Lake, *events: dict[str, Any], tables: tuple[str, ...] = (CUSTOMERS,), **changes: Any) -> Any:
    """Land events and refine them."""
    version = lake.land(*events)
    return lake.refine(version, version, tables, **{"limit": NO_LIMIT, **changes})


def test_silver_is_what_is_left_after_all_changes_however_they_are_spread_over_runs(shop: Lake) -> None:
    dice = random.Random(7)
    delivered = deliveries(dice, random_changes(dice, 120, 600))
    for batch in cut(dice, delivered, 2):
        refine(shop, *batch, tables=(CUSTOMERS, PHONES))
    found = {row[:1]: row[1:] for row in shop.rows(CUSTOMERS, "customer_id", "lsn", "segment", "city")}
    assert found == state(delivered, by_lsn, customer)
    assert 20 < len(found) < 110
    found = {row[:2]: row[2:] for row in shop.rows(PHONES, "customer_id", "phone_no", "kind")}
    assert found == state(delivered, by_time, phones)


#: What becomes of a key, by what comes of it in a first, a second and a third run.
CASES: dict[str, tuple[list[Any], list[Any], list[Any], bool]] = {
    "deleted": ([("c", 1)], [("d", 2)], [], False),
    "deleted before it came": ([("d", 2)], [("c", 1)], [], False),
    "deleted by a copy of what came before": ([("d", 2)], [("c", 1), ("d", 2)], [("d", 2)], False),
    "created again": ([("c", 1), ("d", 2)], [("c", 3)], [], True),
    "created again, and the delete is a copy": ([("c", 1)], [("d", 2)], [("c", 3), ("d", 2)], True),
    "an older one comes after the delete": ([("c", 1)], [("d", 3)], [("u", 2)], False),
    "an older delete": ([("c", 3)], [("d", 2)], [], True),
    "a copy of what was there, at the delete's place": ([("c", 1)], [("d", 1)], [("c", 1)], False),
    "a newer one at the delete's place": ([("c", 1)], [("d", 1)], [("u", 1)], True),
    "a snapshot, which says no operation": ([(None, 1)], [], [], True),
}


def test_a_delete_keeps_away_what_is_older_and_nothing_else(shop: Lake) -> None:
    for run in range(3):
        events = [change(case, op, lsn, f"{case}-{op}-{lsn}") for case in CASES for op, lsn in CASES[case][:3][run]]
        result = refine(shop, *events)[CUSTOMERS]
    assert keys(shop) == sorted(case for case, (*_, is_there) in CASES.items() if is_there)
    assert (result["rowsOut"], result["duplicates"]) == (2, 2)


def test_what_is_older_than_a_truncate_goes_or_stays_out(shop: Lake) -> None:
    refine(shop, change("a", "c", 1), change("b", "c", 9), change("c", "c", 5))
    refine(shop, change("b", "t", 5, "truncate"))
    again = [change("a", "u", 4), change("c", "c", 5), change("b", "t", 5, "truncate")]
    refine(shop, *again, change("d", "c", 4), change("e", "c", 6), change("f", "c", 5))
    assert keys(shop) == ["b", "e", "f"]


def test_a_run_that_broke_between_tombstones_and_silver_is_done_again(shop: Lake) -> None:
    refine(shop, change("a", "c", 1), change("b", "c", 1))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ValueError, match="killed"):
        patch.setattr("steps.refine_table.merge_changes", _raise)
        refine(shop, change("a", "d", 2))
    assert keys(shop) == ["a", "b"]
    shop.refine(2, 2, (CUSTOMERS,))
    assert keys(shop) == ["b"]


def _raise(*_: object) -> None:
    raise ValueError("killed")


def test_a_delete_without_key_or_place_is_refused_and_one_that_is_too_late_unless_it_is_known(shop: Lake) -> None:
    known_at = NOON + timedelta(days=1)
    late = {"before": "2026-01-01T12:02:00.000Z", "arrivedFrom": known_at.isoformat(), "horizon": "30 days"}
    refine(shop, *[change(name, "c", 0) for name in "abcd"], change("e", "d", 1))
    nowhere, nobody = change("a", "d", 2) | {"lsn": None}, change("", "d", 2) | {"customer_id": None}
    ones = [change("b", "d", 1), change("c", "d", 2), change("e", "d", 1)]
    result = refine(shop, nowhere, nobody, *[one | {"_ingested_at": known_at} for one in ones], late=late)[CUSTOMERS]
    assert (keys(shop), result["duplicates"]) == (["a", "b", "d"], 1)
    refused = [["delete:customer_id"], ["late:_event_time"], ["order:lsn"]]
    assert sorted(row["rules"] for row in shop.quarantined(result)) == refused


def test_what_is_deleted_or_truncated_leaves_gold_and_its_sums_with_the_next_run(lake: Lake) -> None:
    lake.types["op"] = pa.string()
    uri = str(lake.folder / "silver" / "commerce" / "_tombstones" / "order_lines")
    changes = {"operation": "op", "deletes": ["d"], "truncates": ["t"], "orderBy": None, "tombstonesUri": uri}
    sold = {"A": (1, "p"), "B": (2, "q"), "C": (4, "q"), "D": (8, "q")}
    orders = [
        order(name, line(1, units, product_id=product), minute=minute)
        for minute, (name, (units, product)) in enumerate(sold.items())
    ]
    lake.land(*orders)
    built = lake.refine(0, 1, changes=changes)[LINES]["deltaVersion"]
    lake.model("green", None, [SALES, PERFORMANCE])
    lake.land(order("B", event="B-d", minute=9, op="d"), order("-", event="t", minute=0, op="t"))
    lake.refine(2, 2, changes=changes)
    assert lake.rows(LINES, "order_id") == [("C",), ("D",)]
    lake.model("green", built, [SALES, PERFORMANCE])
    assert lake.rows(SALES, "order_id") == [("C",), ("D",)]
    assert lake.rows(PERFORMANCE, "product_id", "units") == [("q", 12)] * 3
