"""Rows of the ingest gate as data frames of their tables."""

from collections.abc import Iterable
from typing import Any

from pyspark import RDD
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from shared.load_keys import DataKey
from shared.plan import Column, Field
from shared.types import quote, sql_type
from transforms.seal import sealed

_PLAIN = {"timestamp": "long", "date": "int"}
_IV = "_iv"


def table_rows(spark: SparkSession, rows: "RDD[tuple[Any, ...]]", columns: Iterable[Column]) -> DataFrame:
    """Tuples in the order of the columns, times as microseconds and dates as days since 1970."""
    columns = tuple(columns)
    frame = spark.createDataFrame(rows, ", ".join(map(_raw_column, columns)), verifySchema=False)
    return frame.select(*(_typed(F.col(quote(column.name)), column).alias(column.name) for column in columns))


def refused_rows(
    spark: SparkSession, rows: "RDD[tuple[Any, ...]]", columns: tuple[Column, ...], key: DataKey
) -> DataFrame:
    """The same for the quarantine, whose tuples end with the random bytes that their payload is sealed with."""
    frame = table_rows(spark, rows, (*columns, Column(name=_IV, type="binary")))
    place = F.concat_ws(":", "_shard", "_sequence")
    return frame.withColumn("sealed", sealed(F.col("sealed"), F.col(_IV), place, key)).drop(_IV)


def _raw_column(column: Column) -> str:
    return f"{quote(column.name)} {sql_type(_raw(column))}"


def _raw(field: Field) -> Field:
    members = tuple(Column(name=member.name, **vars(_raw(member))) for member in field.fields or ())
    items = _raw(field.items) if field.items else None
    return Field(_PLAIN.get(field.type, field.type), items, members or None)


def _typed(value: Expression, field: Field) -> Expression:
    if field.type == "timestamp":
        return F.timestamp_micros(value)
    if field.type == "date":
        return F.date_from_unix_date(value)
    if field.type == "array" and field.items:
        items = field.items
        return F.transform(value, lambda item: _typed(item, items))
    if field.type == "struct":
        members = [_typed(value[member.name], member).alias(member.name) for member in field.fields or ()]
        return F.when(value.isNotNull(), F.struct(*members))
    return value
