"""From events as they landed to the rows that a silver table makes of them."""

from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StructType

from shared.plan import Changes, Column
from shared.types import is_nested, quote, sql_type
from transforms.standardise import standardise

#: What orders the events of one key, unless the source says it: later ones replace earlier ones. The id makes the
#: order total.
POSITION = ("_event_time", "_sequence", "_event_id")
#: What a row keeps of the event that it came from, for merging and for quarantine.
ORIGIN = (*POSITION, "_shard", "_source", "_ingested_at", "_ingest_date")


def within(from_: str, to: str) -> Expression:
    """Whether something happened from one instant up to another, which is not in it; ISO 8601."""
    time = F.col("_event_time")
    return (time >= F.lit(from_).cast("timestamp")) & (time < F.lit(to).cast("timestamp"))


def first_deliveries(events: DataFrame) -> DataFrame:
    """
    One row per event id: the delivery that came first. `_copies` says how many there were, and `_is_replay` whether
    the event is judged again, by a person's wish.
    """
    same_event = Window.partitionBy("_event_id")
    order = same_event.orderBy("_sequence", "_shard", F.xxhash64(*events.columns))
    counted = events.withColumn("_copies", F.count(F.lit(1)).over(same_event))
    return counted.withColumn("_delivery", F.row_number().over(order)).where("_delivery = 1").drop("_delivery")


def rows_of(
    events: DataFrame, explode: str | None, columns: Sequence[Column], changes: Changes | None = None
) -> DataFrame:
    """
    One row per event, or per item of its nested rows; the contract's columns are still as received, under `_raw`.
    An event without any item gives one row without `_ordinal`, so that it can be accounted for. So does one that
    `_removes` rows, whatever items it has.
    """
    events = events.withColumn("_removes", _removes(changes, events.columns))
    if explode is None:
        rows, item_fields = events.withColumn("_ordinal", F.lit(0)), set[str]()
    else:
        item_fields = _item_fields(events, explode)
        exploded = events.select("*", F.posexplode_outer(quote(explode)).alias("_ordinal", "_item"))
        rows = exploded.where(F.col("_removes").isNull() | (F.coalesce("_ordinal", F.lit(0)) == 0))
    raw = [_original(column, item_fields, set(events.columns)).alias(column.name) for column in columns]
    return rows.select(F.struct(*raw).alias("_raw"), "_ordinal", "_copies", "_is_replay", "_removes", *ORIGIN)


def typed(rows: DataFrame, columns: Sequence[Column], keys: Sequence[str]) -> DataFrame:
    """
    Add the contract's columns, cast and standardised; nested values are carried as they are. `_occurrence` counts
    the rows of an event that have the same key.
    """
    values = [standardise(cast_original(column), column.standardise).alias(column.name) for column in columns]
    same_key = Window.partitionBy("_event_id", *[quote(key) for key in keys]).orderBy("_ordinal")
    return rows.select("*", *values).withColumn("_occurrence", F.row_number().over(same_key))


def cast_original(column: Column) -> Expression:
    """The received value as the contract's type, or null when it does not fit."""
    return _cast(f"_raw.{quote(column.name)}", column)


def source_key(columns: Sequence[Column], name: str) -> Expression:
    """The key of an event as silver has it."""
    [column] = [column for column in columns if column.name == name]
    return standardise(_cast(quote(name), column), column.standardise)


def _cast(name: str, column: Column) -> Expression:
    return F.col(name) if is_nested(column) else F.expr(f"try_cast({name} AS {sql_type(column)})")


def needs_cast(rows: DataFrame, column: Column) -> bool:
    """Whether the received type is another than the contract's."""
    raw = rows.schema["_raw"].dataType
    assert isinstance(raw, StructType)
    return not is_nested(column) and raw[column.name].dataType.simpleString() != sql_type(column)


def _removes(changes: Changes | None, columns: Sequence[str]) -> Expression:
    """What an event takes away: the rows of its `key`, or `all`. Null for one that writes rows."""
    if changes is None or changes.operation is None or changes.operation not in columns:
        return F.lit(None).cast("string")
    operation = F.col(quote(changes.operation)).cast("string")
    return F.when(operation.isin(*changes.truncates), "all").when(operation.isin(*changes.deletes), "key")


def _item_fields(events: DataFrame, explode: str) -> set[str]:
    array = events.schema[explode].dataType
    if not isinstance(array, ArrayType) or not isinstance(array.elementType, StructType):
        raise ValueError(f"column '{explode}' cannot be exploded: found {array.simpleString()}, allowed: array<struct>")
    return set(array.elementType.names)


def _original(column: Column, item_fields: set[str], event_columns: set[str]) -> Expression:
    if column.name in item_fields:
        return F.col(f"_item.{quote(column.name)}")
    if column.name in event_columns:
        return F.col(quote(column.name))
    # The contract says that bronze has it: these rows landed before it was added.
    return F.lit(None).cast("string" if is_nested(column) else sql_type(column))
