"""What deletes and truncates leave of rows. A tombstone names the key whose rows it removes, or none: all rows."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.types import quote


def tombstones_of(rows: DataFrame, source_key: str, columns: Sequence[str]) -> DataFrame:
    """The tombstones of rows that remove some. The key that a truncate happens to bear means nothing."""
    key = F.when(F.col("_removes") == "key", F.col(quote(source_key))).alias(source_key)
    return rows.select(*[key if name == source_key else F.col(quote(name)) for name in columns])


def of_keys(tombstones: DataFrame, keys: DataFrame, source_key: str) -> DataFrame:
    """Those that concern some keys: their own, and those of all."""
    own = tombstones.join(keys, source_key, "left_semi")
    return own.unionByName(of_all(tombstones, source_key))


def of_all(tombstones: DataFrame, source_key: str) -> DataFrame:
    """What truncates left."""
    return tombstones.where(F.col(quote(source_key)).isNull())


def with_removed(rows: DataFrame, tombstones: DataFrame, source_key: str, position: Sequence[str]) -> DataFrame:
    """Add `_is_removed`: whether a later event took the row away. What comes first does not matter."""
    place = F.struct(*map(quote, position))
    newest = tombstones.groupBy(quote(source_key)).agg(F.max(place).alias("_removed_at"))
    own = newest.where(F.col(quote(source_key)).isNotNull())
    everywhere = of_all(newest, source_key).select(F.col("_removed_at").alias("_all_removed_at"))
    placed = rows.join(own, source_key, "left").join(F.broadcast(everywhere), how="left")
    is_before = [F.coalesce(place < F.col(name), F.lit(False)) for name in ("_removed_at", "_all_removed_at")]
    return placed.select(*map(quote, rows.columns), (is_before[0] | is_before[1]).alias("_is_removed"))
