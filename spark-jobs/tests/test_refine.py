"""refine, from events in bronze to rows in silver, with the real contracts of commerce."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from tests.lake import LINES, NOON, ORDERS, Lake, line, order


def test_every_order_becomes_a_row_in_silver_and_every_line_too(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, -3, "0.0001")), order("B", line(1), customer_id=None))
    results = lake.refine(0, 1, [ORDERS, LINES])
    assert lake.rows(ORDERS, "order_id", "customer_id", "ordered_at") == [
        ("A", "tok-1", NOON.replace(tzinfo=None)),
        ("B", None, NOON.replace(tzinfo=None)),
    ]
    assert lake.rows(LINES, "order_id", "line_no", "quantity", "unit_price") == [
        ("A", 1, 1, Decimal("2.5500")),
        ("A", 2, -3, Decimal("0.0001")),
        ("B", 1, 1, Decimal("2.5500")),
    ]
    assert {name: (r["rowsIn"], r["rowsOut"], r["rowCount"]) for name, r in results.items()} == {
        ORDERS: (2, 2, 2),
        LINES: (2, 3, 3),
    }


def test_only_the_planned_versions_are_read(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    lake.land(order("B", line(1)))
    lake.land(order("C", line(1)))
    result = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "order_id") == [("B",)]
    assert result["inputs"] == [{"table": "commerce.bronze.orders", "fromVersion": 2, "toVersion": 2}]


def test_values_are_standardised_as_the_contract_says(lake: Lake) -> None:
    lake.land(order("A", line(1, description=" \u00a0 "), country="  United\u00a0 Kingdom ", currency=" gbp"))
    lake.refine(0, 1)
    assert lake.rows(LINES, "country", "currency", "description") == [("United Kingdom", "GBP", None)]


def test_silver_rows_say_where_they_come_from(lake: Lake) -> None:
    lake.land(order("A", line(1), event="e-1"))
    lake.refine(0, 1)
    origin = lake.rows(LINES, "_event_id", "_event_time", "_sequence", "_run_id", "_contract_version")
    assert origin == [("e-1", NOON.replace(tzinfo=None), f"{1:064}", "commerce-20260102t030405-0a1b2c3d", "1.0.0")]


def test_an_event_that_is_delivered_again_in_the_same_range_counts_once(lake: Lake) -> None:
    event = order("A", line(1), line(2))
    lake.land(event, event)
    lake.land(event)
    result = lake.refine(0, 2)[LINES]
    assert lake.rows(LINES, "order_id", "line_no", "_sequence") == [("A", 1, f"{1:064}"), ("A", 2, f"{1:064}")]
    assert (result["rowsIn"], result["duplicates"], result["rowsOut"]) == (3, 2, 2)


def test_the_same_plan_again_changes_nothing_and_makes_no_new_version(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, 0)), order("B", line(1)))
    first = lake.refine(0, 1)[LINES]
    kept = lake.table(LINES).collect(), lake.quarantined(first)
    again = lake.refine(0, 1)[LINES]
    assert (lake.table(LINES).collect(), lake.quarantined(again)) == kept
    assert again["deltaVersion"] == first["deltaVersion"]
    assert (again["rowsOut"], again["duplicates"], again["rowCount"]) == (0, 2, 2)


def test_an_event_that_is_delivered_again_in_a_later_run_changes_nothing(lake: Lake) -> None:
    event = order("A", line(1))
    lake.land(event)
    first = lake.refine(0, 1)[LINES]
    lake.land(event)
    again = lake.refine(2, 2)[LINES]
    assert (again["deltaVersion"], again["rowsOut"], again["duplicates"]) == (first["deltaVersion"], 0, 1)


def test_a_correction_replaces_the_order_and_takes_out_lines_that_it_no_longer_has(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2), line(3)), order("B", line(1)))
    lake.refine(0, 1)
    lake.land(order("A", line(1, 5), line(4), event="A-2", minute=1))
    result = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "order_id", "line_no", "quantity") == [("A", 1, 5), ("A", 4, 1), ("B", 1, 1)]
    assert (result["rowsOut"], result["rowCount"], result["duplicates"]) == (2, 3, 0)


def test_an_older_event_that_comes_late_changes_nothing(lake: Lake) -> None:
    lake.land(order("A", line(1, 7), event="A-2", minute=5))
    first = lake.refine(0, 1)[LINES]
    lake.land(order("A", line(1), line(2), event="A-1", minute=4))
    late = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "line_no", "quantity") == [(1, 7)]
    assert (late["deltaVersion"], late["rowsOut"]) == (first["deltaVersion"], 0)


def test_of_events_of_the_same_time_the_one_with_the_higher_sequence_wins(lake: Lake) -> None:
    lake.land(order("A", line(1, 1), event="z"), order("A", line(1, 2), event="y"), order("A", line(1, 3), event="x"))
    lake.refine(0, 1)
    lake.land(order("A", line(1, 4), event="w"))
    lake.refine(2, 2)
    assert lake.rows(LINES, "quantity", "_event_id") == [(4, "w")]


def test_a_copy_of_an_event_that_lost_to_one_of_the_same_time_does_not_win_in_a_later_run(lake: Lake) -> None:
    lost, won = order("A", line(1, 1), event="z"), order("A", line(1, 2), event="a")
    lake.land(lost, won)
    first = lake.refine(0, 1)[LINES]
    lake.land(lost)
    again = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "quantity", "_event_id") == [(2, "a")]
    assert (again["deltaVersion"], again["rowsOut"]) == (first["deltaVersion"], 0)
    lake.land(order("A", line(1, 3), event="b"), lost, won)
    lake.refine(3, 3)
    assert lake.rows(LINES, "quantity", "_event_id") == [(3, "b")]


def test_a_line_that_breaks_a_rule_is_quarantined_and_the_others_of_its_order_go_on(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, 0), line(3, 1, "-0.01")))
    result = lake.refine(0, 1)[LINES]
    assert lake.rows(LINES, "line_no") == [(1,)]
    assert result["quarantined"] == 2
    rows = sorted(lake.quarantined(result), key=lambda row: str(row["rules"]))
    assert [(row["rules"], row["reasons"]) for row in rows] == [
        (["quantity_not_zero"], ["quantity: found '0'; allowed: anything but '0'"]),
        (["unit_price.minimum"], ["unit_price: found '-0.0100'; allowed: at least '0'"]),
    ]
    failed = {check["id"]: (check["failed"], check["evaluated"]) for check in result["checks"] if check["failed"]}
    assert failed == {"quantity_not_zero": (1, 3), "unit_price.minimum": (1, 3), "rows:refused": (2, 3)}


def test_a_quarantined_row_keeps_what_was_received_and_its_position(lake: Lake) -> None:
    lake.land(order("A", line(1, 0, description=" raw "), event="e-1", currency="eur "))
    result = lake.refine(0, 1)[LINES]
    [row] = lake.quarantined(result)
    payload = json.loads(row.pop("payload"))
    assert payload == {
        **{"order_id": "A", "line_no": 1, "customer_id": "tok-1", "country": "France", "currency": "eur "},
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
        **{"domain": "commerce", "table": LINES, "gate": "G1", "contract_version": "1.0.0", "event_id": "e-1"},
        **{"rules": ["quantity_not_zero"], "reasons": ["quantity: found '0'; allowed: anything but '0'"]},
        **{"source": "/commerce/shop", "run_id": "commerce-20260102t030405-0a1b2c3d", "attempts": 1},
        **{"_shard": "shard-0", "_sequence": f"{1:064}"},
        **{"status": "open", "sealed": None, "note": None, "_producer": None, "_producer_seq": None},
    }


def test_a_line_number_that_comes_again_in_an_event_is_quarantined_and_the_first_one_counts(lake: Lake) -> None:
    lake.land(order("A", line(1, 5), line(1, 6)))
    result = lake.refine(0, 1)[LINES]
    assert lake.rows(LINES, "line_no", "quantity") == [(1, 5)]
    [row] = lake.quarantined(result)
    assert row["rules"] == ["key:repeated"]
    assert row["reasons"] == [
        "order_id, line_no: found again in the same event; allowed: once, and the first one counts"
    ]


def test_an_event_without_lines_is_quarantined_and_leaves_the_order_as_it_was(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    lake.refine(0, 1)
    lake.land(order("A", event="A-2", minute=1))
    result = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "order_id", "line_no", "_event_id") == [("A", 1, "A")]
    [row] = lake.quarantined(result)
    assert (row["rules"], row["reasons"]) == (["items:lines"], ["lines: found no item; allowed: at least 1"])


def test_a_rule_that_blocks_keeps_the_whole_range_out_of_silver(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    first = lake.refine(0, 1)[LINES]
    lake.land(order("B", line(1)), order("C", line(1, product_id=None)))
    blocked = lake.refine(2, 2)[LINES]
    assert lake.rows(LINES, "order_id") == [("A",)]
    assert (blocked["deltaVersion"], blocked["rowsOut"]) == (first["deltaVersion"], 0)
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


def test_silver_has_its_change_feed_on_and_no_personal_data_in_its_log(lake: Lake) -> None:
    lake.land(order("A", line(1), customer_id="tok-secret"))
    lake.refine(0, 1)
    log = "".join(file.read_text() for file in (lake.folder / "silver/commerce/order_lines/_delta_log").glob("*.json"))
    assert '"delta.enableChangeDataFeed":"true"' in log
    assert '\\"order_id\\":\\"A\\"' in log
    assert "tok-secret" not in log


def test_a_version_that_the_log_no_longer_has_fails_the_job_and_names_table_and_version(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    (lake.folder / "bronze/commerce/orders/_delta_log" / f"{0:020}.json").unlink()
    with pytest.raises(ValueError, match=r"bronze/commerce/orders: version 0 is not in the Delta log any more"):
        lake.refine(0, 1)


def test_a_range_of_nothing_but_bad_rows_makes_no_new_version(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    first = lake.refine(0, 1)[LINES]
    lake.land(order("B", line(1, 0)))
    result = lake.refine(2, 2)[LINES]
    assert (result["deltaVersion"], result["quarantined"], result["rowsOut"]) == (first["deltaVersion"], 1, 0)


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
