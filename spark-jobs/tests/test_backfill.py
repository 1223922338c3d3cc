"""A backfill leaves silver as if all had come in order, and touches nothing that is right."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import functions as F

from checks.verdicts import summed
from shared.backfill_plan import parse_backfill_plan
from shared.plan import Check, Expectation
from shared.results import CheckResult
from tests.lake import LINES, NOON, ORDERS, PLAN, Lake, line, order, start
from tests.test_refine_any_order import NO_LIMIT, Event, cut, deliveries, expected, random_events

SHOWN = ("order_id", "line_no", "quantity", "_event_id")
ALL = ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z")


def minute(number: int) -> str:
    return (NOON + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")


def plan_of(task: dict[str, Any], folder: str, *bounds: str) -> dict[str, Any]:
    """A plan whose intervals lie between each two of the bounds."""
    pairs = pairwise(bounds)
    return {
        **{"version": 1, "backfillId": "commerce-backfill-1", "domain": "commerce"},
        **{"createdAt": "2026-01-03T00:00:00.000Z", "folder": folder},
        **{"task": task, "from": bounds[0], "to": bounds[-1]},
        "intervals": [{"index": index, "from": a, "to": b} for index, (a, b) in enumerate(pairs)],
        "shadow": {"id": "", "database": "", "table": "", "uri": f"{folder}/shadow"},
    }


@dataclass
class Backfill:
    """One of a table of the lake, up to a version of bronze."""

    lake: Lake
    bronze: int
    bounds: Sequence[str]
    table: str = LINES
    changes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        [task] = [task for task in self.lake.plan()["refine"] if task["table"] == self.table]
        task |= {"limit": NO_LIMIT, "quarantineUri": str(self.folder / "quarantine"), **self.changes}
        task["source"] |= {"fromVersion": 0, "toVersion": self.bronze}
        self.folder.mkdir()
        (self.folder / "plan.json").write_text(json.dumps(plan_of(task, str(self.folder), *self.bounds)))

    @property
    def folder(self) -> Path:
        return self.lake.folder / "backfill"

    def fill(self, *indexes: int) -> None:
        for index in indexes or range(len(self.bounds) - 1):
            start("backfill", "--plan", str(self.folder / "plan.json"), "--fill", str(index))

    def settle(self, consumed: int | None = None, *flags: str) -> dict[str, Any]:
        upto = str(self.bronze if consumed is None else consumed)
        start("backfill", "--plan", str(self.folder / "plan.json"), "--settle", upto, *flags)
        return dict(json.loads((self.folder / "settled.json").read_text()))


def silver(lake: Lake) -> str:
    return str(lake.folder / "silver/commerce/order_lines")


def change(lake: Lake, statement: str) -> None:
    """What no run would do to silver."""
    lake.spark.sql(statement.format(silver=f"delta.`{silver(lake)}`"))


def refined(lake: Lake, batches: Sequence[Sequence[Event]]) -> int:
    """Land and refine them one after another; the last version of bronze."""
    for batch in batches:
        version = lake.land(*batch)
        lake.refine(version, version, limit=NO_LIMIT)
    return version


def test_a_table_that_broke_in_every_way_is_as_if_all_had_come_in_order(lake: Lake) -> None:
    dice = random.Random(5)
    delivered = deliveries(dice, random_events(dice))
    first, second, third = cut(dice, delivered, 3)
    last = refined(lake, [first, second])
    backfill = Backfill(lake, last, [ALL[0], minute(2), minute(5), ALL[1]])
    backfill.fill(0, 1)
    backfill.fill(1, 2)  # one was ended half way, and done again
    consumed = refined(lake, [third])
    change(lake, "INSERT INTO {silver} SELECT * FROM {silver} WHERE quantity = 2")
    change(lake, "UPDATE {silver} SET quantity = 9, _sequence = 'x' WHERE line_no = 1")
    change(lake, "DELETE FROM {silver} WHERE order_id IN ('order-2', 'order-3') OR line_no = 3")
    change(lake, "UPDATE {silver} SET line_no = NULL, _event_time = NULL WHERE order_id = 'order-4'")
    change(lake, "UPDATE {silver} SET order_id = 'none', _event_id = 'z' WHERE order_id = 'order-5'")
    before = DeltaTable(silver(lake)).version()

    dry = backfill.settle(consumed, "--dry-run")
    assert (dry["outcome"], DeltaTable(silver(lake)).version()) == ("compared", before)
    settled = backfill.settle(consumed)
    assert lake.rows(LINES, *SHOWN) == expected(delivered)
    assert settled["comparison"] == dry["comparison"]
    assert min(settled["comparison"][kind] for kind in ("same", "changed", "missing", "surplus")) > 0
    assert (settled["outcome"], settled["versionAfter"]) == ("applied", before + 1)

    again = backfill.settle(consumed)
    assert (again["outcome"], again["versionAfter"], again["rowCount"]) == (
        "unchanged",
        before + 1,
        len(expected(delivered)),
    )
    assert again["comparison"]["same"] == again["rowCount"]


def test_what_is_right_is_left_alone_and_rows_keep_their_run(lake: Lake) -> None:
    dice = random.Random(7)
    delivered = deliveries(dice, random_events(dice))
    last = refined(lake, cut(dice, delivered, 3))
    backfill = Backfill(lake, last, [minute(2), minute(6)])
    backfill.fill()
    settled = backfill.settle()
    assert (settled["outcome"], settled["versionBefore"]) == ("unchanged", settled["versionAfter"])
    newest = expected(delivered)
    in_range = {event["_event_id"] for event in delivered if 2 <= (event["_event_time"] - NOON).seconds // 60 < 6}
    assert settled["comparison"]["same"] == sum(row[3] in in_range for row in newest)
    change(lake, "UPDATE {silver} SET quantity = 8 WHERE line_no = 2 AND minute(_event_time) BETWEEN 2 AND 5")
    assert backfill.settle()["outcome"] == "applied"
    assert lake.rows(LINES, *SHOWN) == newest
    runs = {(row[0], row[1] == "commerce-backfill-1") for row in lake.rows(LINES, "line_no", "_run_id")}
    assert runs == {(number, number == 2) for number in (1, 2, 3, 4)} | {(2, False)}


def test_events_of_other_times_win_or_lose_against_the_range_as_they_would_in_order(lake: Lake) -> None:
    lake.land(
        *(order("later", line(1, 1), event="l1", minute=3), order("later", line(1, 7), event="l2", minute=8)),
        *(order("lost", line(1, 1), line(2), event="o1", minute=1), order("lost", line(1, 5), event="o2", minute=3)),
        *(order("alien", line(1, 3), line(2), event="a1", minute=1), order("tied", line(1, 1), event="z", minute=4)),
        *(order("tied", line(1, 2), event="b", minute=4), order("tied", line(1, 1), event="z", minute=4)),
    )
    lake.refine(0, 1)
    right = lake.rows(LINES, *SHOWN)
    back = "_event_time = _event_time - interval 2 minutes"
    change(lake, f"UPDATE {{silver}} SET _event_id = 'o1', quantity = 1, {back} WHERE order_id = 'lost'")
    lost = lake.table(LINES).where("order_id = 'lost'").withColumn("line_no", F.lit(2))
    lost.write.format("delta").mode("append").save(silver(lake))
    change(lake, "DELETE FROM {silver} WHERE order_id = 'alien' AND line_no = 2")
    ahead = "_event_time = _event_time + interval 3 minutes"
    change(lake, f"UPDATE {{silver}} SET _event_id = 'x', {ahead} WHERE order_id = 'alien'")
    backfill = Backfill(lake, 1, [minute(2), minute(6)])
    backfill.fill()
    comparison = backfill.settle()["comparison"]
    assert lake.rows(LINES, *SHOWN) == right
    assert comparison == {"same": 1, "changed": 2, "missing": 1, "surplus": 1, "newer": 1}


def test_rows_that_the_contract_of_today_refuses_go_to_quarantine_by_their_old_names(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, 0)), order("B", line(1, product_id="bad"), event="B-1", minute=1))
    before = lake.quarantined(lake.refine(0, 1)[LINES])
    checks = lake.plan()["refine"][0]["checks"]
    [template] = [check for check in checks if check["kind"] == "notIn"]
    strict = {**template, "id": "known", "name": "known", "columns": ["product_id"], "values": ["bad"]}
    backfill = Backfill(lake, 1, [minute(0), minute(5)], changes={"checks": [*checks, strict]})
    backfill.fill()
    settled = backfill.settle()
    assert lake.rows(LINES, *SHOWN) == [("A", 1, 1, "A")]
    [entries] = settled["quarantine"]
    refused = lake.quarantined({"quarantineUri": entries["uri"]})
    assert (len(refused), entries["rows"], settled["refused"]) == (2, 2, 2)
    assert {row["entry_id"] for row in before} < {row["entry_id"] for row in refused}
    assert {row["run_id"] for row in refused} == {"commerce-backfill-1"}


def test_more_refused_rows_than_the_limit_change_nothing(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, 0)), order("B", line(1), line(2), line(3, 0), minute=5))
    lake.refine(0, 1, limit=NO_LIMIT)
    change(lake, "DELETE FROM {silver} WHERE order_id = 'B'")
    limit = {"limit": {"percent": 39, "fromRows": 5}}  # neither interval has so many rows, and the range has
    backfill = Backfill(lake, 1, [minute(0), minute(5), minute(9)], changes=limit)
    backfill.fill()
    settled = backfill.settle()
    assert lake.rows(LINES, "order_id") == [("A",)]
    assert (settled["outcome"], settled["comparison"]) == ("refused", None)
    assert settled["reasons"] == ["rows:refused: found 2 of 5 rows, allowed: 39 %"]


def test_a_row_whose_parent_came_meanwhile_is_judged_once_more(lake: Lake) -> None:
    [task] = [task for task in lake.plan()["refine"] if task["table"] == LINES]
    [orders] = [task for task in lake.plan()["refine"] if task["table"] == ORDERS]
    reference = {
        **{"id": "order", "name": "order", "kind": "foreignKey", "columns": ["order_id"], "onFailure": "quarantine"},
        **{"references": {"table": ORDERS, "columns": ["order_id"]}, "values": [], "edges": [], "reads": []},
    }
    changes = {"checks": [*task["checks"], reference], "reads": [*task["reads"], orders["target"]]}
    lake.land(order("A", line(1)), order("B", line(1, 4)))
    backfill = Backfill(lake, 1, ALL, changes=changes)
    backfill.fill()
    lake.refine(0, 1, [ORDERS])
    lake.refine(0, 1, limit=NO_LIMIT, **changes)
    assert backfill.settle()["outcome"] == "unchanged"
    assert lake.rows(LINES, "order_id") == [("A",), ("B",)]


def test_a_table_that_is_not_there_is_made(lake: Lake) -> None:
    last = lake.land(order("A", country=" France "), order("B"))
    backfill = Backfill(lake, last, [minute(0), minute(1)], ORDERS)
    backfill.fill()
    settled = backfill.settle()
    assert (settled["versionBefore"], settled["rowCount"], settled["comparison"]["missing"]) == (None, 2, 2)
    assert lake.rows(ORDERS, "order_id", "country", "_run_id") == [
        ("A", "France", "commerce-backfill-1"),
        ("B", "France", "commerce-backfill-1"),
    ]


def test_a_backfill_that_is_not_filled_is_not_settled(lake: Lake) -> None:
    backfill = Backfill(lake, lake.land(order("A", line(1))), [minute(0), minute(1), minute(2)])
    backfill.fill(0)
    with pytest.raises(ValueError, match=r"interval 1 has no result at .*; fill it before settling"):
        backfill.settle()


def test_a_plan_with_a_gap_is_refused() -> None:
    plan = plan_of(json.loads(PLAN)["refine"][0], "folder", minute(0), minute(1), minute(2))
    assert parse_backfill_plan(json.dumps(plan)).interval(1).from_ == minute(1)
    plan["intervals"].pop(0)
    with pytest.raises(ValueError, match="the intervals do not cover"):
        parse_backfill_plan(json.dumps(plan))


def test_rules_of_several_intervals_are_judged_of_all_their_rows() -> None:
    few = Check("r", "r", "notIn", ("c",), "quarantine", expect=Expectation("mustBeLessThan", (10,), "percent"))
    parts = [
        CheckResult("r", "r", "quarantine", None, 10, failed, actual=actual) for failed, actual in [(2, 2), (0, 0)]
    ]
    [at_limit] = summed(parts, [few])
    assert (at_limit.evaluated, at_limit.failed, at_limit.actual) == (20, 2, 2)
    [below] = summed([*parts, CheckResult("r", "r", "quarantine", None, 10, 0, actual=0)], [few])
    assert (below.failed, below.actual) == (0, 2)
