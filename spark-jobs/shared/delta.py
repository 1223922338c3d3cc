"""Delta tables by their URI, in SQL: neither the catalogue nor Delta's own Python package is needed."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from shared.files import exists, read_text
from shared.types import quote


def table_exists(spark: SparkSession, uri: str) -> bool:
    """Whether there is a Delta table at the URI."""
    return exists(spark, f"{uri}/_delta_log")


def read_table(spark: SparkSession, uri: str, version: int | None = None) -> DataFrame:
    """The table's latest version, or one of before."""
    reader = spark.read.format("delta")
    return (reader if version is None else reader.option("versionAsOf", version)).load(uri)


def read_near(spark: SparkSession, uri: str, rows: DataFrame, column: str) -> DataFrame:
    """
    The table's rows whose value in a column lies between the least and the greatest one of other rows: Delta reads
    only the files that may hold such values, where a join would read all.
    """
    value = F.col(quote(column))
    least, greatest = rows.agg(F.min(value), F.max(value)).collect()[0]
    return read_table(spark, uri).where(value.between(F.lit(least), F.lit(greatest)))


def has_version(spark: SparkSession, uri: str, version: int) -> bool:
    """Whether the log still holds a commit: old ones are cleaned up."""
    return exists(spark, _commit(uri, version))


def read_changes(spark: SparkSession, uri: str, first: int, last: int) -> DataFrame:
    """What the versions from first to last, both inclusive, changed."""
    if not has_version(spark, uri, first):
        # Delta would begin with the oldest version it still has, and so lose rows without a word.
        raise ValueError(f"{uri}: version {first} is not in the Delta log any more; rebuild the table that reads it")
    options = {"readChangeFeed": "true", "startingVersion": str(first), "endingVersion": str(last)}
    return spark.read.format("delta").options(**options).load(uri)


def read_appends(spark: SparkSession, uri: str, first: int, last: int) -> DataFrame:
    """The rows that versions of an append-only table added; any other change fails the job."""
    refusal = F.concat(F.lit(f"{uri} is append-only, but its change feed holds: "), F.col("_change_type"))
    is_append = F.when(F.col("_change_type") == "insert", F.lit(True)).otherwise(F.raise_error(refusal).cast("boolean"))
    rows = read_changes(spark, uri, first, last).where(is_append)
    return rows.drop("_change_type", "_commit_version", "_commit_timestamp")


def ensure_table(spark: SparkSession, uri: str, columns: Mapping[str, str], statistics: str) -> bool:
    """Create the table with its change feed on, or add the columns that it lacks. Says whether it is new."""
    is_new = not table_exists(spark, uri)
    if is_new:
        body = ", ".join(f"{quote(name)} {kind}" for name, kind in columns.items())
        properties = {"delta.enableChangeDataFeed": "true", "delta.dataSkippingStatsColumns": statistics}
        listed = ", ".join(f"'{name}' = '{value}'" for name, value in properties.items())
        spark.sql(f"CREATE TABLE IF NOT EXISTS {at(uri)} ({body}) USING delta TBLPROPERTIES ({listed})")
        return is_new
    found = set(read_table(spark, uri).columns)
    missing = ", ".join(f"{quote(name)} {kind}" for name, kind in columns.items() if name not in found)
    if missing:
        spark.sql(f"ALTER TABLE {at(uri)} ADD COLUMNS ({missing})")
    return is_new


def latest_version(spark: SparkSession, uri: str) -> int:
    """The version of the last commit."""
    return int(_snapshot(spark, uri).version())


def property_of(spark: SparkSession, uri: str, name: str) -> str | None:
    """A property of the table; None: it has none of that name."""
    found = _snapshot(spark, uri).metadata().configuration().get(name)
    return str(found.get()) if found.isDefined() else None


def _snapshot(spark: SparkSession, uri: str) -> Any:
    """What Delta knows of the latest version. `DESCRIBE HISTORY` and `DETAIL` would add up all files of the table."""
    jvm: Any = spark._jvm
    return jvm.org.apache.spark.sql.delta.DeltaLog.forTableWithSnapshot(spark._jsparkSession, uri)._2()


def rows_written(spark: SparkSession, uri: str, first: int, last: int) -> int:
    """Rows with new content in the commits from first to last, both inclusive."""
    return sum(_rows_written(_metrics(spark, uri, version)) for version in range(first, last + 1))


def _metrics(spark: SparkSession, uri: str, version: int) -> Mapping[str, str]:
    """What a commit's own line in the log says that it did."""
    actions = [json.loads(line) for line in read_text(spark, _commit(uri, version)).splitlines()]
    found = [action["commitInfo"] for action in actions if "commitInfo" in action]
    return next((info.get("operationMetrics") or {} for info in found), {})


def _rows_written(metrics: Mapping[str, str]) -> int:
    """What MERGE puts out includes rows that it only copied from one file to another."""
    merged = [metrics[name] for name in ("numTargetRowsInserted", "numTargetRowsUpdated") if name in metrics]
    return sum(int(count) for count in merged or [metrics.get("numOutputRows", "0")])


def _commit(uri: str, version: int) -> str:
    return f"{uri}/_delta_log/{version:020}.json"


def at(uri: str) -> str:
    """The table's name in SQL."""
    return f"delta.{quote(uri)}"
