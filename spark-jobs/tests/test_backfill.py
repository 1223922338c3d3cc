"""A backfill leaves silver as if all had come in order, and touches nothing that is right."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from checks.verdicts import summed
from shared.backfill_plan import parse_backfill_plan
from shared.plan import Check, Expectation
from shared.results import CheckResult
from tests.lake import LINES, NOON, ORDERS, PLAN, Lake, line, order, start
from tests.test_references import REFERENCE, refine
from tests.test_refine_any_order import NO_LIMIT, Event, cut, deliveries, expected, random_events
from transforms.settle import first_places

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


def change(lake: Lake, edit: Callable[[DataFrame], DataFrame]) -> None:
    """What no run would do to silver."""
    rows = edit(lake.table(LINES))
    rows.write.format("delta").mode("overwrite").save(silver(lake))


def edited(rows: DataFrame, where: str, **values: str) -> DataFrame:
    """As UPDATE does."""
    changes = {name: F.expr(f"CASE WHEN {where} THEN {value} ELSE {name} END") for name, value in values.items()}
    return rows.withColumns(changes)


def landed(lake: Lake, batches: Sequence[Sequence[Event]]) -> int:
    """Land batches one after another and refine them at once; the last version of bronze."""
    last = max([lake.land(*batch) for batch in batches])
    lake.refine(0, last, limit=NO_LIMIT)
    return last


def test_a_table_that_broke_in_every_way_is_as_if_all_had_come_in_order(lake: Lake) -> None:
    def break_all(rows: DataFrame) -> DataFrame:
        rows = rows.union(rows.where("line_no = 2"))
        rows = edited(rows, "line_no = 1", quantity="9", _sequence="'x'")
        rows = edited(rows, "order_id = 'order-4'", line_no="null", _event_time="null")
        rows = edited(rows, "order_id = 'order-7'", order_id="'none'", _event_id="'z'")
        return rows.where("order_id NOT IN ('order-2', 'order-3') AND line_no IS DISTINCT FROM 3")

    dice = random.Random(2)
    delivered = deliveries(dice, random_events(dice))
    consumed = landed(lake, cut(dice, delivered, 3))
    backfill = Backfill(lake, consumed - 1, [ALL[0], minute(4), ALL[1]])
    backfill.fill()
    change(lake, break_all)

    settled = backfill.settle(consumed)
    right = expected(delivered)
    assert lake.rows(LINES, *SHOWN) == right
    assert min(settled["comparison"][kind] for kind in ("same", "changed", "missing", "surplus")) > 0
    assert (settled["outcome"], settled["versionAfter"]) == ("applied", settled["versionBefore"] + 1)
    assert settled["caughtUp"] > 0

    again = backfill.settle(consumed)
    assert (again["outcome"], again["versionAfter"]) == ("unchanged", settled["versionAfter"])
    assert again["comparison"] == {"same": len(right), "changed": 0, "missing": 0, "surplus": 0, "newer": 0}


def test_only_the_rows_of_the_range_that_are_wrong_are_written(lake: Lake) -> None:
    dice = random.Random(7)
    delivered = deliveries(dice, random_events(dice))
    last = landed(lake, cut(dice, delivered, 2))
    right = expected(delivered)
    backfill = Backfill(lake, last, [minute(2), minute(7)])
    backfill.fill()
    change(lake, lambda rows: edited(rows, "line_no = 2 AND minute(_event_time) BETWEEN 2 AND 6", quantity="8"))
    comparison = backfill.settle()["comparison"]
    assert lake.rows(LINES, *SHOWN) == right
    in_range = {event["_event_id"] for event in delivered if 2 <= (event["_event_time"] - NOON).seconds // 60 < 7}
    shown = [row[1] for row in right if row[3] in in_range]
    assert (comparison["same"], comparison["changed"]) == (len(shown) - shown.count(2), shown.count(2))
    written = lake.table(LINES).where("_run_id = 'commerce-backfill-1'")
    assert {tuple(row) for row in written.select("line_no").collect()} == {(2,)}
    assert written.count() == shown.count(2) > 0


def test_events_of_other_times_win_or_lose_against_the_range_as_they_would_in_order(lake: Lake) -> None:
    def mix_up(rows: DataFrame) -> DataFrame:
        earlier = {"_event_time": "_event_time - interval 2 minutes"}
        rows = edited(rows, "order_id = 'lost'", _event_id="'o1'", quantity="1", **earlier)
        rows = rows.unionByName(rows.where("order_id = 'lost'").withColumn("line_no", F.lit(2)))
        rows = rows.where("order_id != 'alien' OR line_no = 1")
        return edited(rows, "order_id = 'alien'", _event_id="'x'", _event_time="_event_time + interval 3 minutes")

    lake.land(
        *(order("later", line(1, 1), event="l1", minute=3), order("later", line(1, 7), event="l2", minute=8)),
        *(order("lost", line(1, 1), line(2), event="o1", minute=1), order("lost", line(1, 5), event="o2", minute=3)),
        *(order("alien", line(1, 3), line(2), event="a1", minute=1), order("tied", line(1, 1), event="z", minute=4)),
        *(order("tied", line(1, 2), event="b", minute=4), order("tied", line(1, 1), event="z", minute=4)),
    )
    lake.refine(0, 1)
    right = lake.rows(LINES, *SHOWN)
    change(lake, mix_up)
    backfill = Backfill(lake, 1, [minute(2), minute(6)])
    backfill.fill()
    dry = backfill.settle(1, "--dry-run")
    assert (dry["outcome"], dry["versionAfter"]) == ("compared", dry["versionBefore"])
    assert lake.rows(LINES, *SHOWN) != right
    settled = backfill.settle()
    assert lake.rows(LINES, *SHOWN) == right
    assert settled["comparison"] == {"same": 1, "changed": 2, "missing": 1, "surplus": 1, "newer": 1}
    assert settled["comparison"] == dry["comparison"]


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
    limit = {"limit": {"percent": 39, "fromRows": 5}}  # neither interval has so many rows, and the range has
    backfill = Backfill(lake, 1, [minute(0), minute(5), minute(9)], changes=limit)
    backfill.fill(0)
    with pytest.raises(ValueError, match=r"interval 1 has no result at .*; fill it before settling"):
        backfill.settle()
    backfill.fill(0, 1)  # what was ended is done again
    settled = backfill.settle()
    assert (settled["outcome"], settled["comparison"], settled["versionAfter"]) == ("refused", None, None)
    assert settled["reasons"] == ["rows:refused: found 2 of 5 rows, allowed: 39 %"]


def test_a_row_whose_parent_came_meanwhile_is_judged_once_more(lake: Lake) -> None:
    orders = next(task["target"] for task in lake.plan()["refine"] if task["table"] == ORDERS)
    lake.land(order("A", line(1)), order("B", line(1, 4)))
    backfill = Backfill(lake, 1, ALL, changes={"checks": [REFERENCE], "reads": [orders]})
    backfill.fill()
    refine(lake, 0, 1)
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


def test_a_plan_with_a_gap_is_refused() -> None:
    plan = plan_of(json.loads(PLAN)["refine"][0], "folder", minute(0), minute(1), minute(2))
    assert parse_backfill_plan(json.dumps(plan)).interval(1).from_ == minute(1)
    plan["intervals"].pop(0)
    with pytest.raises(ValueError, match="the intervals do not cover"):
        parse_backfill_plan(json.dumps(plan))


def test_an_event_that_came_with_another_time_counts_at_its_first_delivery(spark: SparkSession) -> None:
    made = [("e", "2", "late"), ("e", "1", "first"), ("e", "1", "first too"), ("f", "3", "other")]
    rows = first_places(spark.createDataFrame(made, "_event_id string, _sequence string, row string"))
    assert sorted(row["row"] for row in rows.collect()) == ["first", "first too", "other"]


def test_rules_of_several_intervals_are_judged_of_all_their_rows() -> None:
    few = Check("r", "r", "notIn", ("c",), "quarantine", expect=Expectation("mustBeLessThan", (10,), "percent"))
    parts = [
        CheckResult("r", "r", "quarantine", None, 10, failed, actual=actual) for failed, actual in [(2, 2), (0, 0)]
    ]
    [at_limit] = summed(parts, [few])
    assert (at_limit.evaluated, at_limit.failed, at_limit.actual) == (20, 2, 2)
    [below] = summed([*parts, CheckResult("r", "r", "quarantine", None, 10, 0, actual=0)], [few])
    assert (below.failed, below.actual) == (0, 2)
