"""Transforms: rows in, rows out."""

from typing import Any
from unittest.mock import patch

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from shared.job import configure
from shared.plan import Column
from transforms.events import first_deliveries, rows_of, typed
from transforms.replace_rows import newest_events, replace_rows
from transforms.standardise import standardise

ORIGIN = (
    "_event_time: int, _sequence: string, _event_id: string, _shard: string, _source: string, "
    "_ingested_at: int, _ingest_date: string"
)


@pytest.mark.parametrize(
    ("steps", "value", "expected"),
    [
        (["trim"], " \t\u00a0a b ", "a b"),
        (["collapse_whitespace"], "a \u00a0\n b", "a b"),
        (["lower"], "ÄB", "äb"),
        (["upper"], "äb", "ÄB"),
        ([{"null_if": ["", "n/a"]}], "n/a", None),
        ([{"null_if": ["", "n/a"]}], "N/A", "N/A"),
        (["trim", {"null_if": [""]}], "  ", None),
        ([{"null_if": [""]}, "trim"], "  ", ""),
        (["trim", "upper", {"null_if": ["X"]}], None, None),
    ],
)
def test_standardisers_apply_in_their_order(spark: SparkSession, steps: list[Any], value: Any, expected: Any) -> None:
    rows = spark.createDataFrame([(value,)], "value: string")
    assert rows.select(standardise(F.col("value"), steps).alias("value")).collect()[0]["value"] == expected


@pytest.mark.usefixtures("spark")
def test_an_unknown_standardiser_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown standardiser 'shout'; allowed: trim, lower, upper, .*, null_if"):
        standardise(F.lit("a"), ["shout"])


def test_the_first_delivery_of_an_event_is_kept_and_all_are_counted(spark: SparkSession) -> None:
    rows = [(2, "02", "e", "s", "later"), (1, "01", "e", "s", "first"), (1, "03", "f", "s", "only")]
    events = spark.createDataFrame(
        rows, "_event_time: int, _sequence: string, _event_id: string, _shard: string, value: string"
    )
    kept = {row["_event_id"]: (row["value"], row["_copies"]) for row in first_deliveries(events).collect()}
    assert kept == {"e": ("first", 2), "f": ("only", 1)}


def test_an_items_own_field_comes_before_its_parents_of_the_same_name(spark: SparkSession) -> None:
    schema = (
        f"id: string, note: string, items: array<struct<note: string>>, _copies: int, _is_replay: boolean, {ORIGIN}"
    )
    origin = (1, "1", "e", "s", "src", 1, "d")
    events = spark.createDataFrame(
        [("a", "parent", [("one",), ("two",)], 1, False, *origin), ("b", "parent", [], 1, False, *origin)], schema
    )
    columns = [Column(name="id", type="string"), Column(name="note", type="string"), Column(name="new", type="int")]
    rows = typed(rows_of(events, "items", columns), columns, ["id", "note"])
    found = sorted(rows.select("id", "note", "new", "_ordinal").collect())
    assert [tuple(row) for row in found] == [("a", "one", None, 0), ("a", "two", None, 1), ("b", None, None, None)]


def test_a_column_without_nested_rows_cannot_be_exploded(spark: SparkSession) -> None:
    events = spark.createDataFrame([("a", 1)], "id: string, _copies: int")
    with pytest.raises(ValueError, match="column 'id' cannot be exploded: found string, allowed: array<struct>"):
        rows_of(events, "id", [])


HELD = "k: string, n: int, value: string, _event_time: int, _sequence: string, _event_id: string"


@pytest.mark.parametrize(
    ("arriving", "expected"),
    [
        ([("b", 1, "x", 1, "1", "e1")], {("b", 1): "insert"}),
        ([("a", 1, "new", 6, "1", "e9")], {("a", 1): "update", ("a", 2): "delete"}),
        ([("a", 1, "new", 5, "6", "e9")], {("a", 1): "update", ("a", 2): "delete"}),
        ([("a", 3, "new", 4, "9", "e9")], {}),
        ([("a", 1, "one", 5, "9", "e5"), ("a", 2, "two", 5, "9", "e5")], {("a", 1): "keep", ("a", 2): "keep"}),
        ([("a", 1, "one", 5, "9", "e5"), ("a", 2, None, 5, "9", "e5")], {("a", 1): "keep", ("a", 2): "update"}),
        ([("a", 1, "one", 6, "1", "e9"), ("a", 2, "two", 6, "1", "e9")], {("a", 1): "update", ("a", 2): "update"}),
    ],
    ids=[
        "new key",
        "later time",
        "later sequence",
        "older",
        "seen before",
        "seen before, now different",
        "later, same values",
    ],
)
def test_a_change_follows_from_the_order_of_events(
    spark: SparkSession, arriving: list[tuple[Any, ...]], expected: dict[tuple[str, int], str]
) -> None:
    held = spark.createDataFrame([("a", 1, "one", 5, "5", "e5"), ("a", 2, "two", 5, "5", "e5")], HELD)
    changes = replace_rows(spark.createDataFrame(arriving, HELD), held, ["k", "n"], "k", ["k", "n", "value"])
    assert {(row["k"], row["n"]): row["_change"] for row in changes.collect()} == expected


def test_the_newest_event_of_a_key_is_by_time_then_sequence_then_id(spark: SparkSession) -> None:
    rows = [
        *[("a", 1, "", 2, "1", "e1"), ("a", 1, "", 1, "9", "e2")],
        *[("b", 1, "", 1, "1", "e3"), ("b", 1, "", 1, "2", "e4"), ("b", 2, "", 1, "2", "e4")],
        *[("c", 1, "", 1, "1", "e5"), ("c", 1, "", 1, "1", "e6")],
    ]
    newest = newest_events(spark.createDataFrame(rows, HELD), "k").collect()
    assert sorted((row["k"], row["n"], row["_event_id"]) for row in newest) == [
        ("a", 1, "e1"),
        ("b", 1, "e4"),
        ("b", 2, "e4"),
        ("c", 1, "e6"),
    ]


def test_expressions_are_made_without_a_search_for_what_makes_them(spark: SparkSession) -> None:
    configure(spark)
    with patch.object(type(spark._jvm), "__getattr__", side_effect=AssertionError("searched for")):
        F.concat(F.coalesce(F.col("a"), F.lit("b")), F.lit("c"))
