"""Rules in SQL: what Spark's own parser is not let to run, and what would never end."""

import json
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from shared.errors import SPARK_ERRORS
from shared.sql_rules import answer

VECTORS = json.loads((Path(__file__).parents[2] / "test" / "vectors" / "sql-rules.json").read_text())


@pytest.fixture(scope="module")
def tables(spark: SparkSession) -> dict[str, DataFrame]:
    spark.createDataFrame([("x",)], "toy: string").write.mode("overwrite").saveAsTable("secrets")
    items = spark.createDataFrame([("v1", "bear", 1)], "visit_id: string, toy: string, price: int")
    return {"items": items, "bronze_visits": items.select("visit_id")}


@pytest.mark.parametrize("query", [query for query in VECTORS["allowed"] if "UNION" not in query])
def test_a_select_of_the_given_tables_is_answered(
    spark: SparkSession, tables: dict[str, DataFrame], query: str
) -> None:
    answer(spark, query, tables)


@pytest.mark.parametrize("query", VECTORS["hostile"])
def test_what_writes_or_reads_elsewhere_is_refused(
    spark: SparkSession, tables: dict[str, DataFrame], query: str
) -> None:
    with pytest.raises((ValueError, *SPARK_ERRORS)):
        answer(spark, query, tables)
    assert spark.table("secrets").count() == 1


def test_what_takes_too_long_is_stopped_and_stops_nothing_else(spark: SparkSession) -> None:
    endless = spark.range(10**14).withColumnRenamed("id", "n")
    with pytest.raises(ValueError, match="took longer than 1 s, which is the limit of a rule in SQL"):
        answer(spark, "SELECT count(*) FROM t WHERE n < 0", {"t": endless}, seconds=1)
    assert answer(spark, "SELECT count(*) FROM t", {"t": spark.range(3)}) == 3


@pytest.mark.parametrize(
    "join", ["FROM t AS a, t AS b", "FROM t AS a CROSS JOIN t AS b", "FROM t AS a JOIN t AS b ON a.id < b.id"]
)
def test_a_join_of_all_with_all_is_refused(spark: SparkSession, join: str) -> None:
    with pytest.raises(ValueError, match="joins rows without an equality"):
        answer(spark, f"SELECT count(*) {join}", {"t": spark.range(3)})
