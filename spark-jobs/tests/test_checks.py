"""Checks: what passes, what fails, and what could not run."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from checks.conditions import condition, reason
from checks.table_checks import Around, check_columns, check_table
from shared.plan import Check, Column, Expectation
from shared.results import CheckResult, Sample, is_blocking

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


ALONE = Around("items", "2026-01-01T12:00:00Z", lambda table: pytest.fail(table), lambda query, _: pytest.fail(query))
COLUMNS = (Column(name="c", type="int"), Column(name="d", type="string"))


def test_a_table_is_judged_row_by_row_and_as_a_whole(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1, "a"), (1, "a"), (1, "b"), (None, None)], "c: int, d: string")
    checks = [
        check("required"),
        check("minimum", "2"),
        check("unique", columns=("c", "d")),
        check("rowCount", expect=Expectation("mustBeBetween", (1, 3), "rows")),
        check("rowCount", expect=Expectation("mustBe", (4,), "rows"), id="exactly"),
    ]
    row_count, results = check_table(rows, COLUMNS, checks, ALONE)
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
        check("freshnes", id="unknown kind"),
        check("required", id="good"),
    ]
    row_count, results = check_table(rows, COLUMNS, checks, ALONE)
    errors = {result.id: result.error for result in results}
    assert row_count == 2
    assert errors.pop("good") is None
    assert "e" in str(errors.pop("unknown key"))
    assert errors.pop("bad pattern")
    assert errors == {
        "unknown column": "check 'unknown column': unknown column 'e'; allowed: c, d",
        "no number": "check 'no number': found 'many', allowed: a number",
        "unknown kind": "unknown kind 'freshnes'",
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


OUTCOMES = json.loads((Path(__file__).parents[2] / "test" / "vectors" / "gate-outcomes.json").read_text())


@pytest.mark.parametrize("case", OUTCOMES, ids=[case["about"] for case in OUTCOMES])
def test_what_blocks_is_what_the_gate_blocks(case: dict[str, Any]) -> None:
    counts = (case["evaluated"], case["failed"], case["error"])
    result = CheckResult("id", "name", case["onFailure"], case["blockAbovePercent"], *counts)
    assert is_blocking(result) == (case["outcome"] == "blocked")


PUBLIC = (
    Column(name="id", type="int"),
    Column(name="name", type="string"),
    Column(name="mail", type="string", classification="restricted", pii="direct"),
    Column(name="cost", type="decimal(18,4)", classification="confidential"),
)


def test_a_sample_tells_which_rows_failed_and_hides_what_is_personal_or_confidential(spark: SparkSession) -> None:
    rows = spark.createDataFrame(
        [
            (4, "x" * 99, "ada@example.com", Decimal(1)),
            (3, "c", "b@example.com", Decimal(-1)),
            (2, "b", None, Decimal(-2)),
        ]
        + [(1, "a", "a@example.com", Decimal(1))] * 2,
        "id: int, name: string, mail: string, cost: decimal(18,4)",
    )
    checks = [
        check("unique", id="key", columns=("id",)),
        check("pattern", "^z", id="mail", columns=("mail",)),
        check("minimum", "0", id="cost", columns=("cost",)),
        check("maxLength", "9", id="name", columns=("name",)),
        check("required", id="sound", columns=("id",)),
        check("unique", id="mails", columns=("mail",)),
    ]
    samples = {result.id: as_text(result.sample) for result in check_table(rows, PUBLIC, checks, ALONE)[1]}
    hidden = "a string that is not shown"
    assert samples == {
        "key": ["id=1 rows=2"],
        "mail": [f"id=1 mail={hidden}", f"id=1 mail={hidden}", f"id=3 mail={hidden}"],
        "cost": ["id=2 cost=a decimal(18,4) that is not shown", "id=3 cost=a decimal(18,4) that is not shown"],
        "name": [f"id=4 name={'x' * 60}"],
        "sound": [],
        "mails": [f"mail={hidden} rows=2"],
    }


def test_a_rule_that_is_seldom_broken_has_its_sample_beside_one_that_often_is(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.samples.MANY_SUSPECTS", 2)
    rows = spark.createDataFrame([(n, "a") for n in range(5)] + [(9, None)], "id: int, name: string").coalesce(1)
    checks = [
        check("unique", id="key", columns=("id",)),
        check("minimum", "9", id="often", columns=("id",)),
        check("required", id="seldom", columns=("name",)),
    ]
    columns = (Column(name="id", type="int"), Column(name="name", type="string"))
    samples = {result.id: as_text(result.sample) for result in check_table(rows, columns, checks, ALONE)[1]}
    assert samples == {"key": [], "often": ["id=0", "id=1"], "seldom": ["id=9 name=None"]}


def test_of_many_repeated_keys_all_are_counted_and_three_are_shown(spark: SparkSession) -> None:
    ids = [*range(200), *range(100), *[7] * 3]
    rows = spark.createDataFrame([(n,) for n in ids], "id: int")
    columns = (Column(name="id", type="int"),)
    _, [result] = check_table(rows, columns, [check("unique", id="key", columns=("id",))], ALONE)
    shown = as_text(result.sample)
    assert result.failed == len(ids) - len(set(ids))
    assert len(set(shown)) == 3
    assert set(shown) <= {f"id={n} rows={ids.count(n)}" for n in range(100)}


def as_text(sample: tuple[Sample, ...]) -> list[str]:
    return [" ".join(f"{shown.column}={shown.value}" for shown in row) for row in sample]
