"""References whose orphans go to quarantine: rows are judged by them before they are merged."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from checks.references import with_parents
from checks.row_rules import failures, reference_rules
from shared.decode import decode
from shared.plan import Check
from tests.lake import LINES, ORDERS, Lake, line, order
from tests.test_quality_cases import CASES, columns_of, table_of
from tests.test_replay import wish
from tests.test_seeded_defects import blocks

REFERENCE = {
    **{"id": "known_order", "name": "known_order", "kind": "foreignKey", "columns": ["order_id"]},
    **{"onFailure": "quarantine", "references": {"table": ORDERS, "columns": ["order_id"]}},
}
BOTH = (LINES, ORDERS)  # in the order of the plan: the table that refers comes first


def refine(
    lake: Lake,
    first: int,
    last: int,
    tables: Iterable[str] = BOTH,
    checks: Iterable[Mapping[str, Any]] = (REFERENCE,),
    **changes: Any,
) -> dict[str, Any]:
    """Run refine with these checks of the lines, which may look into the orders; changes go into the lines' task."""
    plan = lake.plan()
    plan["refine"] = [task for task in plan["refine"] if task["table"] in tables]
    orders = next(task["target"] for task in lake.plan()["refine"] if task["table"] == ORDERS)
    for task in plan["refine"]:
        task["source"] |= {"fromVersion": first, "toVersion": last}
        if task["table"] == LINES:
            task |= {"checks": list(checks), "reads": [orders], **changes}
    return lake.run("refine", {**plan, "model": None})


def counts(result: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {check["id"]: (check["failed"], check["evaluated"]) for check in result["checks"]}


def test_an_orphan_goes_to_quarantine_with_its_reason_and_the_rest_is_merged(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2)), order("B", line(1), country=None))  # an order without a country is refused
    results = refine(lake, 0, 1)
    assert list(results) == [LINES, ORDERS]
    assert lake.rows(LINES, "order_id", "line_no") == [("A", 1), ("A", 2)]  # the order of the same run counts
    [orphan] = lake.quarantined(results[LINES])
    assert (orphan["rules"], orphan["gate"], orphan["event_id"]) == (["known_order"], "G1", "B")
    assert orphan["reasons"] == ["order_id: found 'B'; allowed: one in commerce.silver.orders (order_id)"]
    told = counts(results[LINES])
    assert [told["known_order"], told["rows:refused"]] == [(1, 3)] * 2
    assert len(told) == len(results[LINES]["checks"])  # not judged once more of the table that came out
    [sample] = next(check["sample"] for check in results[LINES]["checks"] if check["id"] == "known_order")
    assert {shown["column"]: shown["value"] for shown in sample} == {"order_id": "B", "line_no": "1"}


def test_one_null_in_a_reference_and_it_refers_to_nothing(lake: Lake) -> None:
    pair = {"columns": ["order_id", "customer_id"]}
    check = REFERENCE | pair | {"references": {"table": ORDERS, **pair}}
    lake.land(order("A", line(1)), order("B", line(1), customer_id=None))
    lake.land(order("B", line(1), customer_id="tok-2", event="B-2", minute=1, country=None))
    result = refine(lake, 0, 1, checks=[check])[LINES]
    assert counts(result)["known_order"] == (0, 2)
    [orphan] = lake.quarantined(refine(lake, 2, 2, checks=[check])[LINES])
    reason = "order_id, customer_id: found 'B', a string that is not shown; "
    assert orphan["reasons"] == [f"{reason}allowed: one in commerce.silver.orders (order_id, customer_id)"]
    assert lake.rows(LINES, "order_id", "customer_id") == [("A", "tok-1"), ("B", None)]


def test_without_a_table_all_are_orphans_and_a_replay_moves_each_once_when_its_parent_has_come(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2)))
    alone = refine(lake, 0, 1, tables=[LINES])[LINES]
    orphans = lake.quarantined(alone)
    assert ([row["rules"] for row in orphans], lake.rows(LINES)) == ([["known_order"]] * 2, [])
    refine(lake, 0, 1, tables=[ORDERS])
    asked = wish(lake, orphans)
    moved = refine(lake, 2, 1, tables=[LINES], replays=[asked])[LINES]
    kept = lake.table(LINES).collect()
    assert sorted(row["line_no"] for row in kept) == [1, 2]
    assert [row["status"] for row in lake.quarantined(moved)] == ["replayed"] * 2
    again = refine(lake, 2, 1, tables=[LINES], replays=[asked])[LINES]
    assert (lake.table(LINES).collect(), again["deltaVersion"]) == (kept, moved["deltaVersion"])


def test_a_row_that_is_judged_again_without_its_parent_stays_open_and_counts_for_no_limit(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    [orphan] = lake.quarantined(refine(lake, 0, 1, tables=[LINES])[LINES])
    strict = [REFERENCE | {"blockAbovePercent": 0}]
    result = refine(lake, 2, 1, tables=[LINES], checks=strict, replays=[wish(lake, [orphan])])[LINES]
    [entry] = lake.quarantined(result)
    assert (entry["status"], entry["attempts"], entry["rules"]) == ("open", 2, ["known_order"])
    assert (counts(result)["known_order"], blocks(result)) == ((0, 0), False)


def test_more_orphans_than_the_rule_or_the_table_may_refuse_keep_the_range_out(lake: Lake) -> None:
    lake.land(order("A", line(1)), order("B", line(1), country=None), order("C", line(1), line(2, 0)))
    zero = next(check for check in lake.plan()["refine"][0]["checks"] if check["id"] == "quantity_not_zero")
    few = {"percent": 100, "fromRows": 1}
    own = refine(lake, 0, 1, checks=[REFERENCE | {"blockAbovePercent": 24}], limit=few)[LINES]
    assert (blocks(own), own["rowCount"]) == (True, 0)
    union = refine(lake, 0, 1, checks=[REFERENCE, zero], limit={"percent": 49, "fromRows": 1})[LINES]
    assert (counts(union)["rows:refused"], blocks(union), union["rowCount"]) == ((2, 4), True, 0)
    both = refine(lake, 0, 1, checks=[REFERENCE | {"blockAbovePercent": 25}, zero], limit=few)[LINES]
    assert (blocks(both), both["rowCount"]) == (False, 2)


def test_an_event_without_items_breaks_the_one_rule_that_speaks_of_it(lake: Lake) -> None:
    lake.land(order("A", line(1)), order("B", country=None))
    [row] = lake.quarantined(refine(lake, 0, 1)[LINES])
    assert row["rules"] == ["items:lines"]


def test_a_reference_that_is_planned_to_warn_is_judged_of_the_table_that_came_out(lake: Lake) -> None:
    lake.land(order("A", line(1)), order("B", line(1), country=None))
    result = refine(lake, 0, 1, checks=[REFERENCE | {"onFailure": "warn"}])[LINES]
    assert counts(result)["known_order"] == (1, 2)
    assert (result["quarantined"], lake.rows(LINES, "order_id")) == (0, [("A",), ("B",)])


def test_a_parent_that_is_blocked_holds_what_it_held(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    refine(lake, 0, 1)
    lake.land(order("A", line(1, 2), event="A-2", minute=1), order("B", line(1)))
    plan = lake.plan()
    for task in plan["refine"]:
        task["source"] |= {"fromVersion": 2, "toVersion": 2}
        orders = {"id": "few", "name": "few", "kind": "enum", "columns": ["order_id"], "onFailure": "block"}
        if task["table"] == ORDERS:
            task["checks"] = [orders | {"values": ["A"]}]
            target = task["target"]
    for task in plan["refine"]:
        if task["table"] == LINES:
            task |= {"checks": [REFERENCE], "reads": [target]}
    results = lake.run("refine", {**plan, "model": None})
    assert (blocks(results[ORDERS]), lake.rows(ORDERS, "order_id")) == (True, [("A",)])
    assert [row["event_id"] for row in lake.quarantined(results[LINES])] == ["B"]
    assert lake.rows(LINES, "order_id", "quantity") == [("A", 2)]


def test_a_column_that_the_other_table_does_not_have_yet_holds_no_parent(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    refine(lake, 0, 1, tables=[ORDERS])
    later = {"references": {"table": ORDERS, "columns": ["number"]}}
    result = refine(lake, 0, 1, tables=[LINES], checks=[REFERENCE | later])[LINES]
    assert counts(result)["known_order"] == (1, 1)


def test_tables_that_refer_to_one_another_in_a_circle_are_refused(lake: Lake) -> None:
    lake.land(order("A", line(1)))
    itself = {"references": {"table": LINES, "columns": ["order_id"]}}
    with pytest.raises(ValueError, match="cycle"):
        refine(lake, 0, 1, checks=[REFERENCE | itself])


KEY_CASES = [case for case in CASES if case["checks"][0]["kind"] == "foreignKey"]


@pytest.mark.parametrize("case", KEY_CASES, ids=lambda case: case["case"])
def test_before_the_merge_a_reference_finds_as_many_orphans_as_after_it(
    spark: SparkSession, case: dict[str, Any]
) -> None:
    """The cases that hold in every dialect; a table that is not there has no parents."""
    others = {name: table_of(spark, table) for name, table in case["tables"].items()}
    columns, rows = columns_of(case["columns"]), table_of(spark, case)
    for expected in case["checks"]:
        known = {key: value for key, value in expected.items() if key in ("kind", "columns", "references")}
        checks = [decode(Check, {"id": "r", "name": "r", "onFailure": "quarantine", **known})]
        [rule] = reference_rules(checks, columns)
        judged = with_parents(rows, checks, lambda references: others.get(references.table))
        complete = rows.where(" AND ".join(f"`{name}` IS NOT NULL" for name in expected["columns"])).count()
        orphans = complete if expected.get("error") else expected.get("actual", expected["failed"])
        assert judged.agg(F.count(F.lit(1)), *failures([rule])).collect()[0][0:2] == (len(case["rows"]), orphans)
