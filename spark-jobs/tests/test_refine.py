"""refine, from events in bronze to rows in silver, with the real contracts of commerce."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from tests.lake import LINES, NOON, ORDERS, Lake, line, order

Begun = tuple[Lake, dict[str, Any]]
TWICE = order("T", line(1), line(2))
LOST, WON = order("P", line(1, 1), event="p-z"), order("P", line(1, 2), event="p-a")
#: Bronze's versions 1 and 2. The place of an event is how many came before it.
FIRST = [
    order("A", line(1), line(2), line(3), event="e-1", customer_id="tok-secret"),
    order("B", line(1), customer_id=None),
    order("E", line(1), line(2, -3, "0.0001")),
    order("S", line(1, description=" \u00a0 "), country="  United\u00a0 Kingdom ", currency=" gbp"),
    order("K", line(1, 0, description=" raw "), event="e-5", currency="eur "),
    order("R", line(1), line(2, 0), line(3, 1, "-0.01")),
    order("N", line(1, 5), line(1, 6)),
    order("L", line(1, 7), event="L-2", minute=5),
    *(order("O", line(1, number), event=event) for number, event in enumerate("zyx", 1)),
    *(TWICE, TWICE, LOST, WON),
]
SECOND = [TWICE]


@pytest.fixture(scope="module")
def begun(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """A lake and the results of its first run; for tests that change nothing."""
    lake = Lake(spark, tmp_path_factory.mktemp("begun"))
    lake.land(*FIRST)
    lake.land(*SECOND)
    return lake, lake.refine(0, 2, [ORDERS, LINES])


@pytest.fixture
def shop(begun: Begun, lake: Lake) -> Lake:
    """The same lake, to go on from."""
    return begun[0].copy_to(lake.folder)


def everything(lake: Lake) -> list[tuple[Any, ...]]:
    """All there is in silver's order lines, with where it comes from."""
    return lake.rows(LINES, *lake.table(LINES).columns)


def refused(begun: Begun, order_id: str) -> list[dict[str, Any]]:
    """Quarantined rows of an order."""
    rows = begun[0].quarantined(begun[1][LINES])
    return [row for row in rows if json.loads(row["payload"])["order_id"] == order_id]


def test_every_order_becomes_a_row_in_silver_and_every_line_too(begun: Begun) -> None:
    lake, results = begun
    noon = NOON.replace(tzinfo=None)
    assert lake.rows_of("E", "customer_id", "ordered_at", table=ORDERS) == [("tok-1", noon)]
    assert lake.rows_of("B", "customer_id", "ordered_at", table=ORDERS) == [(None, noon)]
    assert lake.rows_of("E", "line_no", "quantity", "unit_price") == [
        (1, 1, Decimal("2.5500")),
        (2, -3, Decimal("0.0001")),
    ]
    assert {name: (r["rowsIn"], r["rowsOut"], r["rowCount"]) for name, r in results.items()} == {
        ORDERS: (16, 11, 11),
        LINES: (16, 14, 14),
    }


def test_only_the_planned_versions_are_read(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    lake.land(order("B", line(1)))
    lake.land(order("C", line(1)))
    result = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "order_id") == [("B",)]
    assert result["inputs"] == [{"table": "commerce.bronze.orders", "fromVersion": 2, "toVersion": 2}]


def test_values_are_standardised_as_the_contract_says(begun: Begun) -> None:
    assert begun[0].rows_of("S", "country", "currency", "description") == [("United Kingdom", "GBP", None)]


def test_silver_rows_say_where_they_come_from(begun: Begun) -> None:
    [origin, *_] = begun[0].rows_of("A", "_event_id", "_event_time", "_sequence", "_run_id", "_contract_version")
    assert origin == ("e-1", NOON.replace(tzinfo=None), f"{1:064}", "commerce-20260102t030405-0a1b2c3d", "1.1.0")


def test_silver_has_its_change_feed_on_and_no_personal_data_in_its_log(begun: Begun) -> None:
    files = (begun[0].folder / "silver/commerce/order_lines/_delta_log").glob("*.json")
    log = "".join(file.read_text() for file in files)
    assert '"delta.enableChangeDataFeed":"true"' in log
    assert '\\"order_id\\":\\"A\\"' in log
    assert "tok-secret" not in log


def test_an_event_that_is_delivered_again_in_the_same_range_counts_once(begun: Begun) -> None:
    lake, results = begun
    sequence = f"{FIRST.index(TWICE) + 1:064}"
    assert lake.rows_of("T", "line_no", "_sequence") == [(1, sequence), (2, sequence)]
    assert results[LINES]["duplicates"] == 2


def test_of_events_of_the_same_time_the_one_with_the_higher_sequence_wins(begun: Begun, shop: Lake) -> None:
    assert begun[0].rows_of("O", "quantity", "_event_id") == [(3, "x")]
    assert begun[0].rows_of("P", "quantity", "_event_id") == [(2, "p-a")]
    version = shop.land(order("P", line(1, 3), event="p-b"), LOST, WON)
    shop.refine(version, version)
    assert shop.rows_of("P", "quantity", "_event_id") == [(3, "p-b")]


def test_a_line_that_breaks_a_rule_is_quarantined_and_the_others_of_its_order_go_on(begun: Begun) -> None:
    lake, results = begun
    result = results[LINES]
    assert lake.rows_of("R", "line_no") == [(1,)]
    assert result["quarantined"] == 4
    rows = sorted(refused(begun, "R"), key=lambda row: str(row["rules"]))
    assert [(row["rules"], row["reasons"]) for row in rows] == [
        (["quantity_not_zero"], ["quantity: found '0'; allowed: anything but '0'"]),
        (["unit_price.minimum"], ["unit_price: found '-0.0100'; allowed: at least '0'"]),
    ]
    failed = {check["id"]: (check["failed"], check["evaluated"]) for check in result["checks"] if check["failed"]}
    assert failed == {
        **{"quantity_not_zero": (2, 21), "unit_price.minimum": (1, 21)},
        **{"key:repeated": (1, 21), "rows:refused": (4, 21)},
    }


def test_a_quarantined_row_keeps_what_was_received_and_its_position(begun: Begun) -> None:
    [row] = refused(begun, "K")
    payload = json.loads(row.pop("payload"))
    assert payload == {
        **{"order_id": "K", "line_no": 1, "customer_id": "tok-1", "country": "France", "currency": "eur "},
        **{"is_cancellation": False, "product_id": "p1", "description": " raw ", "quantity": 0},
        **{"ordered_at": "2026-01-01T12:00:00.000000Z", "unit_price": "2.5500"},
    }
    identity = row.pop("quarantine_id")
    assert len(identity) == 64
    assert row.pop("entry_id") == sha256(f"{identity}:1:open".encode()).hexdigest()
    times = [row.pop(name).isoformat() for name in ("first_seen", "changed_at")]
    assert times == ["2026-01-02T03:04:05"] * 2
    assert row.pop("_ingest_date").isoformat() == "2026-01-01"
    assert row == {
        **{"domain": "commerce", "table": LINES, "gate": "G1", "contract_version": "1.1.0", "event_id": "e-5"},
        **{"rules": ["quantity_not_zero"], "reasons": ["quantity: found '0'; allowed: anything but '0'"]},
        **{"source": "/commerce/shop", "run_id": "commerce-20260102t030405-0a1b2c3d", "attempts": 1},
        **{"_shard": "shard-0", "_sequence": f"{5:064}"},
        **{"status": "open", "sealed": None, "note": None, "_producer": None, "_producer_seq": None},
    }


def test_a_line_number_that_comes_again_in_an_event_is_quarantined_and_the_first_one_counts(begun: Begun) -> None:
    assert begun[0].rows_of("N", "line_no", "quantity") == [(1, 5)]
    [row] = refused(begun, "N")
    assert row["rules"] == ["key:repeated"]
    assert row["reasons"] == [
        "order_id, line_no: found again in the same event; allowed: once, and the first one counts"
    ]


def test_the_same_plan_again_changes_nothing_and_makes_no_new_version(begun: Begun, shop: Lake) -> None:
    lake, first = begun
    again = shop.refine(0, 2)[LINES]
    assert (everything(shop), shop.quarantined(again)) == (everything(lake), lake.quarantined(first[LINES]))
    assert again["deltaVersion"] == first[LINES]["deltaVersion"]
    # All events but K's, of which silver has nothing, and those that lost to others of their time.
    assert (again["rowsOut"], again["duplicates"], again["rowCount"]) == (0, 2 + 10, 14)


def test_what_is_known_is_older_or_is_refused_changes_nothing_and_makes_no_new_version(
    begun: Begun, shop: Lake
) -> None:
    older = order("L", line(1), line(2), event="L-1", minute=4)
    version = shop.land(TWICE, older, LOST, order("U", line(1, 0)))
    result = shop.refine(version, version)[LINES]
    assert everything(shop) == everything(begun[0])
    assert result["deltaVersion"] == begun[1][LINES]["deltaVersion"]
    assert (result["rowsOut"], result["duplicates"], result["quarantined"]) == (0, 1, 1)


def test_a_correction_replaces_the_order_and_takes_out_lines_that_it_no_longer_has(shop: Lake) -> None:
    correction = order("A", line(1, 5), line(4), event="A-2", minute=1)
    version = shop.land(correction, order("O", line(1, 4), event="w"), order("E", event="E-2", minute=1))
    result = shop.refine(version, version)[LINES]
    assert shop.rows_of("A", "line_no", "quantity") == [(1, 5), (4, 1)]
    assert shop.rows_of("B", "line_no", "quantity") == [(1, 1)]
    assert shop.rows_of("O", "quantity", "_event_id") == [(4, "w")]
    assert (result["rowsOut"], result["rowCount"], result["duplicates"]) == (3, 13, 0)
    # An event without lines leaves the order as it was.
    assert shop.rows_of("E", "line_no", "_event_id") == [(1, "E"), (2, "E")]
    [row] = shop.quarantined(result)
    assert (row["rules"], row["reasons"]) == (["items:lines"], ["lines: found no item; allowed: at least 1"])


def test_a_rule_that_blocks_keeps_the_whole_range_out_of_silver(begun: Begun, shop: Lake) -> None:
    version = shop.land(order("X", line(1)), order("Y", line(1, product_id=None)))
    blocked = shop.refine(version, version)[LINES]
    assert everything(shop) == everything(begun[0])
    assert (blocked["deltaVersion"], blocked["rowsOut"]) == (begun[1][LINES]["deltaVersion"], 0)
    assert [check["id"] for check in blocked["checks"] if check["failed"]] == ["product_id.required"]


def test_more_quarantined_rows_than_the_limit_keep_the_range_out_of_silver(lake: Lake) -> None:
    checks = [{**check, "blockAbovePercent": 25} for check in lake.plan()["refine"][0]["checks"]]
    lake.land(order("A", line(1), line(2), line(3), line(4, 0)))
    assert lake.refine(1, 1, checks=checks)[LINES]["rowsOut"] == 3
    lake.land(order("B", line(1), line(2), line(3, 0)))
    assert lake.refine(2, 2, checks=checks)[LINES]["rowsOut"] == 0


def test_a_reference_is_judged_when_all_tables_of_the_run_have_been_merged(lake: Lake) -> None:
    lake.land(order("A1", line(1), line(2)), order("A2", line(1), country=None))
    known = {"id": "known", "name": "known", "kind": "foreignKey", "columns": ["order_id"], "onFailure": "block"}
    reference = known | {"references": {"table": ORDERS, "columns": ["order_id"]}}
    reads = [
        {"id": ORDERS, "database": "commerce_silver", "table": "orders", "uri": f"{lake.folder}/silver/commerce/orders"}
    ]
    plan = lake.plan()
    for task in plan["refine"]:
        task["source"] |= {"fromVersion": 0, "toVersion": 1}
        if task["table"] == LINES:
            task["checks"] = [
                reference,
                {**reference, "id": "unplanned", "references": {"table": "x", "columns": ["y"]}},
            ]
            task["reads"] = reads
    checks = {check["id"]: check for check in lake.run("refine", {**plan, "model": None})[LINES]["checks"]}
    assert (checks["known"]["evaluated"], checks["known"]["failed"]) == (3, 1)
    assert checks["unplanned"]["error"] == f"table 'x' is not in the plan; allowed: {ORDERS}"


def test_a_value_that_does_not_fit_the_type_is_quarantined_not_changed(lake: Lake) -> None:
    lake.types["lines"] = pa.list_(
        pa.struct(
            [
                ("line_no", pa.int64()),
                ("product_id", pa.string()),
                ("quantity", pa.string()),
                ("unit_price", pa.decimal128(30, 4)),
            ]
        )
    )
    too_long = 2**31
    lake.land(order("A", wide_line(1, "7"), wide_line(too_long, "7"), wide_line(3, "many"), wide_line(4, "7", "1e20")))
    result = lake.refine(0, 1, checks=[])[LINES]
    assert lake.rows(LINES, "line_no", "quantity", "description") == [(1, 7, None)]
    rules = sorted(rule for row in lake.quarantined(result) for rule in row["rules"])
    assert rules == ["key:line_no", "type:line_no", "type:quantity", "type:unit_price"]


def wide_line(line_no: int, quantity: str, price: str = "1") -> dict[str, Any]:
    return {
        "line_no": line_no,
        "product_id": "p",
        "quantity": quantity,
        "unit_price": Decimal(price).quantize(Decimal("0.0001")),
    }


def test_a_column_that_the_contract_gains_is_added_to_silver(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    columns = lake.plan()["refine"][0]["columns"]
    lake.refine(0, 1, columns=[column for column in columns if column["name"] != "description"])
    lake.land(order("B", line(1)))
    lake.refine(2, 2)
    assert lake.rows(LINES, "order_id", "description") == [("A", None), ("B", "Product 1")]


def test_a_version_that_the_log_no_longer_has_fails_the_job_and_names_table_and_version(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    (lake.folder / "bronze/commerce/orders/_delta_log" / f"{0:020}.json").unlink()
    with pytest.raises(ValueError, match=r"bronze/commerce/orders: version 0 is not in the Delta log any more"):
        lake.refine(0, 1)


def test_bronze_that_was_not_only_appended_to_fails_the_job_and_says_so(lake: Lake) -> None:
    lake.land(order("A", line(1)), order("B", line(1)))
    DeltaTable(str(lake.folder / "bronze/commerce/orders")).delete("order_id = 'A'")
    with pytest.raises(RuntimeError, match=r"order_lines: .*bronze/commerce/orders is append-only.*holds: delete"):
        lake.refine(0, 2)


def test_what_came_in_and_what_is_there_are_two_numbers_that_rules_may_watch(lake: Lake) -> None:
    rule = {"kind": "anomaly", "columns": [], "onFailure": "warn"}
    checks = [{"id": name, "name": name, "measure": name, **rule} for name in ("rowsIn", "rowCount")]
    for orders in (3, 1):
        version = lake.land(*[order(f"watched-{orders}-{n}", line(1), line(2)) for n in range(orders)])
        result = lake.refine(version, version, checks=checks)[LINES]
        actual = {check["id"]: check["actual"] for check in result["checks"] if check["id"] in ("rowsIn", "rowCount")}
        assert actual == {"rowsIn": result["rowsIn"], "rowCount": result["rowCount"]}
    assert (result["rowsIn"], result["rowCount"]) == (1, 8)
