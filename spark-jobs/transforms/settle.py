"""What has to change in a silver table, so that it holds what a backfill has made of a range of events."""

from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from shared.types import quote
from transforms.events import POSITION
from transforms.replace_rows import newest_events


def first_places(made: DataFrame) -> DataFrame:
    """An event that was delivered with several times was made in several intervals: its first delivery counts."""
    first = F.min("_sequence").over(Window.partitionBy("_event_id"))
    return made.withColumn("_first", first).where("_sequence = _first").drop("_first")


def is_shown_of(in_range: Expression) -> Expression:
    """Whether a row of silver is of the range; one without a time is of no other."""
    return F.coalesce(in_range, F.lit(True))


def not_made(shown: DataFrame, made: DataFrame, keys: Sequence[str]) -> DataFrame:
    """Rows of silver that are not made of the event that they say they are of."""
    return _joined(shown, made, [*keys, "_event_id"], "left_anti")


def emptied(doubtful: DataFrame, made: DataFrame, source_key: str) -> DataFrame:
    """Source keys of such rows for which the range has no event: what silver is to show instead is of before it."""
    keys = doubtful.select(quote(source_key)).distinct()
    return keys.join(made.select(quote(source_key)).distinct(), source_key, "left_anti")


def differences(
    made: DataFrame, shown: DataFrame, in_range: Expression, keys: Sequence[str], source_key: str
) -> DataFrame:
    """
    One row per key of all source keys that are made of, or shown of, the range: the row as it should be, `_kind` and
    `_held`, how often the table has the key. What silver shows of other times competes with what was made, by the rule
    by which events replace each other in `replace_rows`; what it shows of the range has no say.
    """
    shown = shown.withColumn("_is_outside", ~is_shown_of(in_range))
    touched = made.select(quote(source_key)).union(shown.where("NOT _is_outside").select(quote(source_key))).distinct()
    held = _joined(shown, touched, [source_key], "left_semi")
    outside = held.where("_is_outside").join(made.select("_event_id").distinct(), "_event_id", "left_anti")
    once = outside.dropDuplicates([*keys, "_event_id"])
    due = newest_events(made.withColumn("_is_outside", F.lit(False)).unionByName(once), source_key)
    return _compared(due, _counted(held, keys), keys)


def whole_differences(due: DataFrame, shown: DataFrame, keys: Sequence[str]) -> DataFrame:
    """As `differences`, where all that a table should hold is known."""
    return _compared(due.withColumn("_is_outside", F.lit(False)), _counted(shown, keys), keys)


def changes_of(differing: DataFrame) -> DataFrame:
    """`_change` for each row that differs. A key that the table has more than once is taken out, and put in anew."""
    is_single = F.col("_held") == 1
    changes = (
        F.when(F.col("_kind") == "missing", _array("insert"))
        .when(F.col("_kind") == "surplus", _array("delete"))
        .when((F.col("_kind") == "changed") & is_single, _array("update"))
        .when(F.col("_kind") == "changed", _array("delete", "insert"))
    )
    return differing.withColumn("_change", F.explode(changes)).drop("_kind", "_held")


def surplus_rows() -> Expression:
    """How many rows of the table have to go, per row of `differences`."""
    return F.when(F.col("_kind") == "surplus", F.col("_held")).when(F.col("_kind") == "changed", F.col("_held") - 1)


def _counted(held: DataFrame, keys: Sequence[str]) -> DataFrame:
    """One row per key, and how often it is there: once, unless the table broke."""
    same_key = Window.partitionBy(*map(quote, keys))
    counted = held.withColumn("_held", F.count(F.lit(1)).over(same_key))
    return counted.withColumn("_nth", F.row_number().over(same_key.orderBy(*POSITION))).where("_nth = 1")


def _compared(due: DataFrame, held: DataFrame, keys: Sequence[str]) -> DataFrame:
    names = [name for name in due.columns if name != "_is_outside"]
    pairs = due.alias("a").join(held.alias("h"), [_of("a", key).eqNullSafe(_of("h", key)) for key in keys], "full")
    is_equal = F.col("h._held") == 1
    for name in names:
        is_equal = is_equal & _of("a", name).eqNullSafe(_of("h", name))
    kind = (
        F.when(F.col("h._held").isNull(), "missing")
        .when(F.col("a._is_outside").isNull(), "surplus")
        .when(~is_equal, "changed")
        .otherwise(F.when(F.col("a._is_outside"), "newer").otherwise("same"))
    )
    row = [F.coalesce(_of("a", name), _of("h", name)).alias(name) if name in keys else _of("a", name) for name in names]
    return pairs.select(kind.alias("_kind"), F.coalesce("h._held", F.lit(0)).alias("_held"), *row)


def _joined(rows: DataFrame, others: DataFrame, columns: Sequence[str], how: str) -> DataFrame:
    """Where nulls equal each other: a table that broke may have some in its keys."""
    known = others.select(*map(quote, columns)).distinct().alias("o")
    pairs = [_of("r", name).eqNullSafe(_of("o", name)) for name in columns]
    return rows.alias("r").join(known, pairs, how)


def _array(*values: str) -> Expression:
    return F.array(*map(F.lit, values))


def _of(side: str, name: str) -> Expression:
    return F.col(f"{side}.{quote(name)}")
