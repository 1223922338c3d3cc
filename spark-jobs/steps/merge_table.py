"""Writing to silver: as little as the newer events ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from checks.conditions import count_where
from shared.delta import at, read_table
from shared.plan import RefineTask
from shared.types import quote, sql_type
from transforms.replace_rows import at_first_place, held_by, newest_events, replace_rows, tied_events

#: Beside the contract's columns.
TECHNICAL = {
    "_event_id": "string",
    "_event_time": "timestamp",
    "_sequence": "string",
    "_run_id": "string",
    "_contract_version": "string",
}
#: In the order that MERGE asks for.
CLAUSES = {
    "update": "WHEN MATCHED AND s._change = 'update' THEN UPDATE SET {sets}",
    "delete": "WHEN MATCHED AND s._change = 'delete' THEN DELETE",
    "insert": "WHEN NOT MATCHED AND s._change = 'insert' THEN INSERT ({names}) VALUES ({values})",
}


def columns_of(task: RefineTask) -> dict[str, str]:
    """The columns of a silver table, with their types in SQL."""
    return {**{column.name: sql_type(column) for column in task.columns}, **TECHNICAL}


@dataclass(frozen=True)
class Merged:
    """What merging did: rows by kind of change, and events that the table had already."""

    changes: dict[str, int] = field(default_factory=dict)
    known_events: int = 0

    @property
    def written(self) -> int:
        """Rows that are new or have new content."""
        return self.changes.get("insert", 0) + self.changes.get("update", 0)


NOTHING_MERGED = Merged()


def merge_rows(spark: SparkSession, task: RefineTask, arriving: DataFrame, is_new: bool) -> Merged:
    """
    Usually all events are new to the table: then their rows are appended, several times as fast as a MERGE, which
    would look for matches that cannot be.
    """
    if is_new:
        return _append(spark, task, newest_events(arriving, task.source.key))
    held = held_by(read_table(spark, task.target.uri), arriving, task.source.key).persist()
    try:
        if not held.count():
            return _append(spark, task, newest_events(arriving, task.source.key))
        placed = _placed(spark, task, arriving, held)
        return _replace(spark, task, newest_events(placed, task.source.key), held)
    finally:
        held.unpersist()


def _placed(spark: SparkSession, task: RefineTask, arriving: DataFrame, held: DataFrame) -> DataFrame:
    """
    Of events of the same time the one that was delivered later wins. Silver has forgotten which ones lost: whether
    one comes for the first time only bronze knows. It is asked for such events alone, between their times.
    """
    deliveries = held.select("_event_id", "_sequence")
    tied = tied_events(arriving, held, task.source.key)
    first, last = tied.agg(F.min("_event_time"), F.max("_event_time")).collect()[0]
    if first is not None:
        landed = read_table(spark, task.source.uri).where(F.col("_event_time").between(first, last))
        deliveries = deliveries.union(landed.join(tied, "_event_id", "left_semi").select("_event_id", "_sequence"))
    return at_first_place(arriving, deliveries)


def _append(spark: SparkSession, task: RefineTask, arriving: DataFrame) -> Merged:
    before = read_table(spark, task.target.uri).count()
    arriving.write.format("delta").mode("append").save(task.target.uri)
    return Merged({"insert": read_table(spark, task.target.uri).count() - before})


def _replace(spark: SparkSession, task: RefineTask, arriving: DataFrame, held: DataFrame) -> Merged:
    values = [column.name for column in task.columns]
    changes = replace_rows(arriving, held, task.keys, task.source.key, values).persist()
    try:
        known = F.count_distinct(F.when(F.col("_is_known"), F.col(quote(task.source.key)))).alias("known")
        by_kind = [count_where(F.col("_change") == kind).alias(kind) for kind in CLAUSES]
        counts = changes.agg(known, *by_kind).collect()[0]
        merged = Merged({kind: counts[kind] for kind in CLAUSES if counts[kind]}, counts["known"])
        if merged.changes:  # else not even an empty commit: those who read by version would take it for news
            statement = merge_statement(task, arriving.columns, list(merged.changes))
            spark.sql(statement, changes=changes.where("_change != 'keep'"))
        return merged
    finally:
        changes.unpersist()


def merge_statement(task: RefineTask, columns: Sequence[str], kinds: Sequence[str]) -> str:
    """
    Only the clauses that are needed: with inserts alone Delta rewrites no file. An insert matches nothing, so that it
    can stand beside the delete of the same key, where a table that broke has it more than once.
    """
    names = [quote(name) for name in columns]
    on = " AND ".join(["s._change != 'insert'", *(f"t.{quote(key)} <=> s.{quote(key)}" for key in task.keys)])
    parts = {
        "names": ", ".join(names),
        "values": ", ".join(f"s.{name}" for name in names),
        "sets": ", ".join(f"{name} = s.{name}" for name in names),
    }
    clauses = " ".join(CLAUSES[kind].format(**parts) for kind in kinds)
    return f"MERGE INTO {at(task.target.uri)} AS t USING {{changes}} AS s ON {on} {clauses}"
