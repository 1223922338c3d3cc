"""The cases that hold in every dialect, in Spark; test/cli/run-checks.test.ts has them in DuckDB."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from checks.table_checks import Around, check_table
from shared.decode import decode
from shared.plan import Check, Column
from shared.sql_rules import answer
from shared.types import quote, sql_type

CASES = json.loads((Path(__file__).parents[2] / "test" / "vectors" / "quality-cases.json").read_text())
NOW = "2026-01-01T12:00:00Z"


def columns_of(types: Mapping[str, Any]) -> list[Column]:
    fields = {name: {"type": kind} if isinstance(kind, str) else kind for name, kind in types.items()}
    return [decode(Column, {"name": name, **field}) for name, field in fields.items()]


def value_of(value: Any, column: Column) -> Any:
    """Values as Python's, by their types: nothing of what is tried has a hand in them."""
    if value is None or column.type in ("string", "boolean", "array", "struct"):
        return value
    if column.type == "date":
        return date.fromisoformat(value)
    if column.type == "timestamp":
        return datetime.fromisoformat(value).astimezone(UTC)
    return {"int": int, "long": int, "double": float}.get(column.type, Decimal)(value)


def table_of(spark: SparkSession, table: Mapping[str, Any]) -> DataFrame:
    columns = columns_of(table["columns"])
    rows = [tuple(map(value_of, row, columns)) for row in table["rows"]]
    return spark.createDataFrame(rows, ", ".join(f"{quote(column.name)} {sql_type(column)}" for column in columns))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_in_spark(spark: SparkSession, case: dict[str, Any]) -> None:
    others = {name: table_of(spark, table) for name, table in case.get("tables", {}).items()}

    def read(table: str) -> DataFrame:
        if table not in others:
            raise ValueError(f"no table {table}")
        return others[table]

    named = [
        {"id": f"{i}.{check['kind']}", "name": check["kind"], "onFailure": "block", **check}
        for i, check in enumerate(case["checks"])
    ]
    checks = [decode(Check, {key: value for key, value in check.items() if key != "error"}) for check in named]
    around = Around("judged", NOW, read, partial(answer, spark), len(case["rows"]))
    row_count, results = check_table(table_of(spark, case), columns_of(case["columns"]), checks, around)
    found = {result.id: result for result in results}
    assert row_count == len(case["rows"])
    for check in named:
        result = found[check["id"]]
        assert (result.failed, result.error is not None) == (check["failed"], check.get("error", False)), result
        assert result.evaluated == (0 if check.get("error") else row_count)
        if "actual" in check:
            assert result.actual == check["actual"], result
        assert result.sketch == (tuple(check["sketch"]) if "sketch" in check else None), result
