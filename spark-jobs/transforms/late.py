"""Rows that come too late."""

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.plan import Late


def comes_late(late: Late) -> Expression:
    """
    Whether a row does. What arrived before the watermark was known was held up on our side, and what is judged again
    comes by a person's wish: neither is late.
    """
    happened = F.col("_event_time") < F.lit(late.before).cast("timestamp")
    arrived = F.col("_ingested_at") >= F.lit(late.arrived_from).cast("timestamp")
    return happened & arrived & ~F.col("_is_replay")


def with_late(rows: DataFrame, late: Late, known: DataFrame) -> DataFrame:
    """Add `_is_late`. A copy of an event that the table has taken in changes nothing, however late it comes."""
    old = known.where(F.col("_event_time") < F.lit(late.before).cast("timestamp"))
    suspects = rows.where(comes_late(late)).select("_event_id")
    copies = old.join(suspects, "_event_id", "left_semi").select("_event_id").distinct()
    marked = rows.join(copies.withColumn("_is_copy", F.lit(True)), "_event_id", "left")
    return marked.withColumn("_is_late", comes_late(late) & F.col("_is_copy").isNull()).drop("_is_copy")
