"""Checks: what passes, what fails, and what could not run."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession

from checks.conditions import condition, reason
from checks.table_checks import check_columns, check_table
from shared.plan import Check, Column
from shared.results import CheckResult, is_blocking

TYPES = {
    "string": "string",
    "int": "int",
    "long": "bigint",
    "decimal(18,4)": "decimal(18,4)",
    "date": "date",
    "double": "double",
}


def check(kind: str, value: str | None = None, *values: str, **fields: Any) -> Check:
    named = {"id": f"c.{kind}", "name": f"c_{kind}", "columns": ("c",), "on_failure": "block", **fields}
    return Check(kind=kind, value=value, values=values, **named)


@pytest.mark.parametrize(
    ("rule", "kind", "good", "bad"),
    [
        (check("required"), "string", ["", "a"], [None]),
        (check("minimum", "0"), "decimal(18,4)", [Decimal(0), None], [Decimal("-0.0001")]),
        (check("minimum", "0.00005"), "decimal(18,4)", [Decimal("0.0001")], [Decimal(0)]),
        (check("exclusiveMinimum", "0"), "int", [1], [0, -1]),
        (check("maximum", "9007199254740993"), "long", [9007199254740993], [9007199254740994]),
        (check("exclusiveMaximum", "2026-01-02"), "date", [date(2026, 1, 1)], [date(2026, 1, 2)]),
        (check("maximum", "0.5"), "double", [0.5, None], [0.51]),
        (check("minLength", "2"), "string", ["äö", None], ["ä", ""]),
        (check("maxLength", "1"), "string", ["ä", ""], ["äö"]),
        (check("pattern", "^[A-Z]{3}$"), "string", ["EUR", None], ["eur", "EURO", ""]),
        (check("pattern", "b"), "string", ["abc"], ["ac"]),
        (check("enum", None, "a", "b"), "string", ["a", "b", None], ["c", "A"]),
        (check("enum", None, "1", "2.50"), "decimal(18,4)", [Decimal(1), Decimal("2.5")], [Decimal("2.51")]),
        (check("notIn", None, "0"), "int", [1, -1, None], [0]),
    ],
    ids=lambda value: f"{value.kind} {value.value or value.values}" if isinstance(value, Check) else None,
)
def test_a_row_check_tells_good_from_bad(
    spark: SparkSession, rule: Check, kind: str, good: list[Any], bad: list[Any]
) -> None:
    rows = spark.createDataFrame([(value,) for value in [*good, *bad]], f"c: {TYPES[kind]}")
    passes = condition(rule, {"c": Column(name="c", type=kind)})
    assert [row["passes"] for row in rows.select(passes.alias("passes")).collect()] == [True] * len(good) + [
        False
    ] * len(bad)


@pytest.mark.parametrize(
    ("rule", "pii", "value", "expected"),
    [
        (check("minimum", "3"), "none", "1", "c: found '1'; allowed: at least '3'"),
        (check("required"), "none", None, "c: found no value; allowed: any value"),
        (check("enum", None, "a", "b"), "none", "x" * 99, f"c: found '{'x' * 60}'; allowed: one of 'a', 'b'"),
        (check("pattern", "^t"), "direct", "Ada", "c: found a string that is not shown; allowed: what matches '^t'"),
    ],
)
def test_a_reason_says_what_was_found_and_allowed_but_no_personal_data(
    spark: SparkSession, rule: Check, pii: str, value: str | None, expected: str
) -> None:
    rows = spark.createDataFrame([(value,)], "c: string")
    sentence = reason(rule, {"c": Column(name="c", type="string", pii=pii)})
    assert rows.select(sentence.alias("reason")).collect()[0]["reason"] == expected


COLUMNS = (Column(name="c", type="int"), Column(name="d", type="string"))


def test_a_table_is_judged_row_by_row_and_as_a_whole(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1, "a"), (1, "a"), (1, "b"), (None, None)], "c: int, d: string")
    checks = [
        check("required"),
        check("minimum", "2"),
        check("unique", columns=("c", "d")),
        check("rowCount", min=1, max=3),
        check("rowCount", min=4, id="exactly", max=4),
    ]
    row_count, results = check_table(rows, COLUMNS, checks)
    assert row_count == 4
    assert [(result.id, result.evaluated, result.failed) for result in results] == [
        ("c.required", 4, 1),
        ("c.minimum", 4, 3),
        ("c.unique", 4, 1),
        ("c.rowCount", 4, 1),
        ("exactly", 4, 0),
    ]


def test_a_check_that_cannot_run_is_an_error_and_does_not_stop_the_others(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1, "a"), (None, "b")], "c: int, d: string")
    checks = [
        check("pattern", "(", columns=("d",), id="bad pattern"),
        check("required", columns=("e",), id="unknown column"),
        check("unique", columns=("e",), id="unknown key"),
        check("minimum", "many", id="no number"),
        check("freshness", id="unknown kind"),
        check("required", id="good"),
    ]
    row_count, results = check_table(rows, COLUMNS, checks)
    errors = {result.id: result.error for result in results}
    assert row_count == 2
    assert errors.pop("good") is None
    assert "e" in str(errors.pop("unknown key"))
    assert errors.pop("bad pattern")
    assert errors == {
        "unknown column": "check 'unknown column': unknown column 'e'; allowed: c, d",
        "no number": "check 'no number': found 'many', allowed: a number",
        "unknown kind": "unknown kind 'freshness'",
    }
    assert [result.failed for result in results if result.id == "good"] == [1]


@pytest.mark.parametrize(
    ("schema", "error"),
    [
        ("c: int, d: string", None),
        ("d: string, c: int", "columns are in another order than in the contract; allowed: c int, d string"),
        ("c: bigint, d: string", "columns differ from the contract in c bigint, c int; allowed: c int, d string"),
        ("c: int", "columns differ from the contract in d string; allowed: c int, d string"),
        ("c: int, d: string, e: int", "columns differ from the contract in e int; allowed: c int, d string"),
    ],
)
def test_a_table_has_the_contracts_columns_or_an_error(spark: SparkSession, schema: str, error: str | None) -> None:
    result = check_columns(spark.createDataFrame([], schema), COLUMNS)
    assert result.error == error
    assert is_blocking(result) == (error is not None)


@pytest.mark.parametrize(
    ("on_failure", "limit", "evaluated", "failed", "error", "blocks"),
    [
        ("block", None, 10, 0, None, False),
        ("block", None, 10, 1, None, True),
        ("warn", None, 10, 10, None, False),
        ("quarantine", None, 10, 10, None, False),
        ("quarantine", 10, 10, 1, None, False),
        ("quarantine", 10, 10, 2, None, True),
        ("quarantine", 0, 10, 1, None, True),
        ("warn", None, 0, 0, "could not run", True),
    ],
)
def test_what_blocks_is_what_the_gate_blocks(
    on_failure: str, limit: float | None, evaluated: int, failed: int, error: str | None, blocks: bool
) -> None:
    assert is_blocking(CheckResult("id", "name", on_failure, limit, evaluated, failed, error)) == blocks
