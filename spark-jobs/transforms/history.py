"""Every version of a row, with the time from which and until which it was valid."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from shared.plan import Column
from shared.types import quote

#: Versions of a row never overlap; the one that is valid still has no `valid_to`.
VALIDITY = {"valid_from": "timestamp", "valid_to": "timestamp", "is_current": "boolean"}
VALIDITY_COLUMNS = tuple(Column(name=name, type=kind) for name, kind in VALIDITY.items())


def versions_of(
    images: DataFrame,
    removals: DataFrame,
    keys: Sequence[str],
    source_key: str,
    position: Sequence[str],
    values: Sequence[str],
) -> DataFrame:
    """
    The history of some source keys: `images` has all rows that their events ever said, and `removals` all events that
    took them away. An event says all rows of its key, until the next one. One that repeats the `values` of a row
    makes no new version of it.
    """
    timed = images.join(_timeline(images, removals, source_key, position), [source_key, "_event_id"])
    same_row = Window.partitionBy(*map(quote, keys)).orderBy("valid_from")
    content = F.struct(F.lit(0), *map(quote, values))
    goes_on = (F.lag("_until").over(same_row) == F.col("valid_from")) & F.lag(content).over(same_row).eqNullSafe(
        content
    )
    begins = F.when(goes_on, 0).otherwise(1)
    counted = timed.withColumn("_begins", begins).withColumn("_version", F.sum("_begins").over(same_row))
    first = F.min_by(F.struct(*map(quote, images.columns), "valid_from"), "valid_from").alias("_first")
    versions = counted.groupBy(*map(quote, keys), "_version").agg(
        first, F.max_by("_until", "valid_from").alias("valid_to")
    )
    is_current = F.col("valid_to").isNull().alias("is_current")
    return versions.select("_first.*", "valid_to", is_current)


def _timeline(images: DataFrame, removals: DataFrame, source_key: str, position: Sequence[str]) -> DataFrame:
    """
    From when and `_until` when each event holds. Where the source's order goes against the times, an event begins
    when the latest one before it does; of events that begin at once the last one holds.
    """
    columns = dict.fromkeys([source_key, *position, "_event_time"])
    events = images.select(*map(quote, columns)).distinct().unionByName(removals.select(*map(quote, columns)))
    in_order = Window.partitionBy(quote(source_key)).orderBy(*map(quote, position))
    begun = events.withColumn("valid_from", F.max("_event_time").over(in_order))
    following = begun.withColumn("_until", F.lead("valid_from").over(in_order))
    holding = following.where(F.col("_until").isNull() | (F.col("_until") > F.col("valid_from")))
    return holding.select(quote(source_key), "_event_id", "valid_from", "_until")
