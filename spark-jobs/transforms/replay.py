"""Refused rows that are judged again, by the contract of today, from the event that bronze holds of them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from transforms.quarantine import Found, entry_id

NOT_MADE = "bronze holds no event that makes this row"


def events_of(bronze: DataFrame, entries: DataFrame) -> DataFrame:
    """The events behind the entries, by their places; only the days in which they arrived are read."""
    days = [row["_ingest_date"] for row in entries.select("_ingest_date").distinct().collect()]
    places = F.broadcast(entries.select("_shard", "_sequence").distinct())
    return bronze.where(F.col("_ingest_date").isin(days)).join(places, ["_shard", "_sequence"], "left_semi")


def closings(entries: DataFrame, refused: DataFrame, sound: DataFrame, found: Found) -> DataFrame:
    """
    An entry more for each that was not refused again: it closes the row that is sound now, and says of the others
    that no event makes them any more. `refused` and `sound` hold the `quarantine_id` of the rows that were judged.
    """
    left = entries.join(refused.select("quarantine_id"), "quarantine_id", "left_anti")
    judged = left.join(sound.select("quarantine_id", F.lit(True).alias("_sound")), "quarantine_id", "left")
    attempts, status = F.col("attempts") + 1, F.when(F.col("_sound"), "replayed").otherwise("open")
    nothing = F.lit(None).cast("string")
    return judged.select(
        "quarantine_id",
        entry_id(F.col("quarantine_id"), attempts, status).alias("entry_id"),
        status.alias("status"),
        F.lit(found.domain).alias("domain"),
        F.lit(found.table).alias("table"),
        *("gate", "reasons", "rules", "contract_version", "event_id"),
        nothing.alias("payload"),
        nothing.alias("sealed"),
        "source",
        nothing.alias("_producer"),
        F.lit(None).cast("long").alias("_producer_seq"),
        F.lit(found.run_id).alias("run_id"),
        attempts.alias("attempts"),
        "first_seen",
        F.lit(found.at).cast("timestamp").alias("changed_at"),
        F.when(F.col("_sound").isNull(), NOT_MADE).alias("note"),
        *("_shard", "_sequence", "_ingest_date"),
    )
