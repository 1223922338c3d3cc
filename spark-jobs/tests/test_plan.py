"""Reading the plan: what is accepted, and what is said about the rest."""

import json
from typing import Any

import pytest

from shared.decode import encode
from shared.plan import parse_plan
from shared.results import CheckResult, Shown
from shared.types import sql_type, statistics_columns
from tests.lake import PLAN


def test_the_planners_plan_is_understood() -> None:
    plan = parse_plan(PLAN)
    lines = plan.refine[0]
    assert (lines.table, lines.source.explode, lines.keys) == (
        "commerce.silver.order_lines",
        "lines",
        ("order_id", "line_no"),
    )
    assert [check.values for check in lines.checks if check.kind == "notIn"] == [("0",)]
    assert [column.standardise for column in lines.columns if column.name == "currency"] == [("trim", "upper")]
    assert plan.model is not None
    assert plan.model.inputs[0].built_from_version is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["version"], 2, "plan: found version 2, allowed: 1; deploy the jobs and the planner together"),
        (["refine", 0, "source", "toVersion"], "1", r"\$\.refine\[0\]\.source\.toVersion: found str, allowed: int"),
        (["refine", 0, "source", "toVersion"], True, r"toVersion: found bool, allowed: int"),
        (
            ["refine", 0, "keys"],
            ["line_no"],
            r"order_lines: the source's key 'order_id' must be one of the keys \['line_no'\]",
        ),
        (
            ["refine", 0, "columns", 0, "masking"],
            {"method": "hash", "from": "silver"},
            "order_lines: order_id: masking from silver is not possible; mask from bronze",
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(path: list[Any], value: Any, message: str) -> None:
    plan = json.loads(PLAN)
    place = plan
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=message):
        parse_plan(json.dumps(plan))


def test_what_is_missing_in_a_plan_is_named_by_its_path() -> None:
    plan = json.loads(PLAN)
    del plan["refine"][0]["target"]["uri"]
    with pytest.raises(ValueError, match=r"\$\.refine\[0\]\.target: 'uri' is missing"):
        parse_plan(json.dumps(plan))


def test_results_are_written_in_the_planners_spelling() -> None:
    sample = ((Shown("order_id", "A"),),)
    written = json.loads(encode(CheckResult("id", "name", "warn", None, 2, 1, sample=sample)))
    assert written == {
        **{"id": "id", "name": "name", "onFailure": "warn", "blockAbovePercent": None},
        **{"evaluated": 2, "failed": 1, "error": None, "actual": None, "sketch": None},
        "sample": [[{"column": "order_id", "value": "A"}]],
    }


def test_nested_types_are_written_as_in_sql_and_have_no_statistics() -> None:
    plan = json.loads(PLAN)
    item = {"type": "struct", "fields": [{"name": "n", "type": "long"}, {"name": "a b", "type": "decimal(5,2)"}]}
    nested = {"name": "items", "type": "array", "items": item, "standardise": []}
    plan["refine"][0]["columns"] = [*plan["refine"][0]["columns"][:4], nested]
    columns = parse_plan(json.dumps(plan)).refine[0].columns
    assert sql_type(columns[-1]) == "array<struct<`n`:bigint,`a b`:decimal(5,2)>>"
    assert statistics_columns(columns) == "`order_id`,`line_no`,`ordered_at`"
