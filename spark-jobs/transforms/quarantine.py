"""Rows that broke a rule, in the schema of the quarantine table."""

from dataclasses import dataclass

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType, LongType, StructType

from shared.types import quote

MICROSECONDS = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"


@dataclass(frozen=True)
class Found:
    """Where and when rows were stopped."""

    domain: str
    table: str
    contract_version: str
    run_id: str
    at: str


def row_id(table: str) -> Expression:
    """Names a row that an event makes for a table: the same each time it is judged."""
    ordinal = F.coalesce("_ordinal", F.lit(0))
    return F.sha2(F.concat_ws(":", F.lit(table), "_shard", "_sequence", "_event_id", ordinal), 256)


def entry_id(identity: Expression, attempts: Expression, status: Expression) -> Expression:
    """As landing names its entries: after the row, how often it was judged, and what came of it."""
    return F.sha2(F.concat_ws(":", identity, attempts, status), 256)


def quarantine_rows(rows: DataFrame, found: Found, judged_before: DataFrame | None = None) -> DataFrame:
    """
    The rows with what they `_failed` and their original values. Those that were refused before and are judged again
    say how often, and since when: `judged_before` has their `quarantine_id`, `attempts` and `first_seen`.
    """
    named = rows.withColumn("quarantine_id", row_id(found.table))
    before, since = F.lit(0), F.lit(None).cast("timestamp")
    if judged_before is not None:
        known = judged_before.select("quarantine_id", F.struct("attempts", "first_seen").alias("_before"))
        named = named.join(known, "quarantine_id", "left")
        before, since = F.coalesce("_before.attempts", F.lit(0)), F.col("_before.first_seen")
    return named.select(
        "quarantine_id",
        entry_id(F.col("quarantine_id"), before + 1, F.lit("open")).alias("entry_id"),
        F.lit("open").alias("status"),
        F.lit(found.domain).alias("domain"),
        F.lit(found.table).alias("table"),
        F.lit("G1").alias("gate"),
        F.col("_failed.reason").alias("reasons"),
        F.col("_failed.id").alias("rules"),
        F.lit(found.contract_version).alias("contract_version"),
        F.col("_event_id").alias("event_id"),
        _payload(rows).alias("payload"),
        # Bronze holds tokens already: there is nothing to seal.
        F.lit(None).cast("string").alias("sealed"),
        F.col("_source").alias("source"),
        # The event itself has landed, and its number with it.
        F.lit(None).cast("string").alias("_producer"),
        F.lit(None).cast("long").alias("_producer_seq"),
        F.lit(found.run_id).alias("run_id"),
        (before + 1).alias("attempts"),
        F.coalesce(since, F.lit(found.at).cast("timestamp")).alias("first_seen"),
        F.lit(found.at).cast("timestamp").alias("changed_at"),
        F.lit(None).cast("string").alias("note"),
        "_shard",
        "_sequence",
        "_ingest_date",
    )


def _payload(rows: DataFrame) -> Expression:
    """As events carry them: decimals and 64-bit integers as strings. Bronze's masking has been done already."""
    raw = rows.schema["_raw"].dataType
    assert isinstance(raw, StructType)
    values = [
        F.col(f"_raw.{quote(field.name)}").cast(
            "string" if isinstance(field.dataType, DecimalType | LongType) else field.dataType
        )
        for field in raw
    ]
    named = F.struct(*[value.alias(field.name) for value, field in zip(values, raw, strict=True)])
    return F.to_json(named, {"ignoreNullFields": "false", "timestampFormat": MICROSECONDS})
