"""Which rows of a silver table change when newer events arrive."""

from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from shared.types import quote
from transforms.events import POSITION


def newest_events(rows: DataFrame, source_key: str, position: Sequence[str] = POSITION) -> DataFrame:
    """The rows of the newest event of each source key. Events without a valid row are not among them."""
    place = F.struct(*map(quote, position))
    newest = F.max(place).over(Window.partitionBy(quote(source_key)))
    return rows.withColumn("_newest", newest).where(place == F.col("_newest")).drop("_newest")


def tied_events(rows: DataFrame, known: DataFrame, same: Sequence[str], order: str) -> DataFrame:
    """Events that have the `same` as another one that is known: `_event_id`, and what orders them."""
    shown = known.select(*map(quote, same), F.col("_event_id").alias("_shown")).distinct()
    tied = rows.join(shown, list(same)).where(F.col("_event_id") != F.col("_shown"))
    return tied.select("_event_id", F.col(quote(order)).alias("_order")).distinct()


def at_first_place(rows: DataFrame, deliveries: DataFrame) -> DataFrame:
    """Rows take the place of their event's first delivery, so that no copy is newer than another event of its time."""
    first = deliveries.groupBy("_event_id").agg(F.min("_sequence").alias("_first"))
    placed = rows.join(first, "_event_id", "left").withColumn("_sequence", F.least("_sequence", "_first"))
    return placed.select(*rows.columns)


def replace_rows(
    arriving: DataFrame,
    held: DataFrame,
    keys: Sequence[str],
    source_key: str,
    values: Sequence[str],
    position: Sequence[str] = POSITION,
    gone: DataFrame | None = None,
) -> DataFrame:
    """
    Compare arriving rows with the table: `_change` says whether to insert, update, delete or keep a row.
    A newer event replaces all rows of the older one. The event that the table shows already changes only what
    differs, and an older one nothing. With events of the same time at their first places, it does not matter how
    events are spread over runs, or how often they come. `gone` has source keys whose held rows are removed.
    """
    place = F.struct(*map(quote, position))
    held_events = held.groupBy(quote(source_key)).agg(F.max(place).alias("_held"))
    compared = arriving.join(held_events, source_key, "left")
    is_same_event = F.col("_event_id") == F.col("_held._event_id")
    current = compared.where(F.col("_held").isNull() | is_same_event | (place > F.col("_held")))
    known = current.withColumn("_is_known", F.coalesce(is_same_event, F.lit(False))).drop("_held")
    touched = known.select(quote(source_key))
    affected = held_by(held, touched if gone is None else touched.union(gone), source_key)
    return changed_rows(known, affected, keys, [*values, "_event_id"])


def changed_rows(wanted: DataFrame, held: DataFrame, keys: Sequence[str], compared: Sequence[str]) -> DataFrame:
    """What makes held rows into the wanted ones: these, of deleted rows the keys alone, each with its `_change`."""
    pairs = wanted.alias("a").join(held.alias("h"), [_of("a", key) == _of("h", key) for key in keys], "full")
    merged = [
        F.coalesce(_of("a", name), _of("h", name)).alias(name) if name in keys else _of("a", name)
        for name in wanted.columns
    ]
    return pairs.select(_change(keys, compared).alias("_change"), *merged)


def held_by(held: DataFrame, rows: DataFrame, source_key: str) -> DataFrame:
    """The held rows whose source key is among those of other rows."""
    return held.join(rows.select(quote(source_key)).distinct(), source_key, "left_semi")


def _change(keys: Sequence[str], compared: Sequence[str]) -> Expression:
    is_equal = F.lit(True)
    for name in compared:
        is_equal = is_equal & _of("a", name).eqNullSafe(_of("h", name))
    return (
        F.when(_of("h", keys[0]).isNull(), "insert")
        .when(_of("a", keys[0]).isNull(), "delete")
        .when(is_equal, "keep")
        .otherwise("update")
    )


def _of(side: str, name: str) -> Expression:
    return F.col(f"{side}.{quote(name)}")
