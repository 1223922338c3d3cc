"""Writing to silver: as little as the newer events ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from checks.conditions import count_where
from shared.delta import at, read_near, read_table
from shared.plan import RefineTask
from shared.types import quote, sql_type
from steps.tombstones import Removals
from transforms.removals import of_all, of_keys, with_removed
from transforms.replace_rows import at_first_place, held_by, newest_events, replace_rows, tied_events

#: In the order that MERGE asks for.
CLAUSES = {
    "update": "WHEN MATCHED AND s._change = 'update' THEN UPDATE SET {sets}",
    "delete": "WHEN MATCHED AND s._change = 'delete' THEN DELETE",
    "insert": "WHEN NOT MATCHED AND s._change = 'insert' THEN INSERT ({names}) VALUES ({values})",
}


@dataclass(frozen=True)
class Merged:
    """What merging did: rows by kind of change, and events that the table had already."""

    changes: dict[str, int] = field(default_factory=dict)
    known_events: int = 0
    #: Of the table afterwards, where they had to be counted.
    row_count: int | None = None

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
        return _append(spark, task, _newest(task, arriving), 0)
    key, (order, *_) = task.source.key, task.position
    held = held_by(read_near(spark, task.target.uri, arriving, key), arriving, key).persist()
    try:
        if not held.count():
            return _append(spark, task, _newest(task, arriving), read_table(spark, task.target.uri).count())
        placed = _placed(spark, task, arriving, held, tied_events(arriving, held, [key, order], order))
        return _replace(spark, task, _newest(task, placed), held)
    finally:
        held.unpersist()


def merge_changes(
    spark: SparkSession, task: RefineTask, arriving: DataFrame, is_new: bool, removals: Removals
) -> Merged:
    """As `merge_rows`, where events may also remove rows: what a later one removes is not written, or is taken out."""
    key = task.source.key
    touched = arriving.select(quote(key)).union(removals.arriving.select(quote(key))).distinct()
    tombstones = of_keys(removals.tombstones, touched, key).persist()
    try:
        if tombstones.isEmpty():
            return merge_rows(spark, task, arriving, is_new)
        uri = task.target.uri
        near = None if removals.truncates else held_by(read_near(spark, uri, touched, key), touched, key)
        held = (read_table(spark, uri) if near is None else near).persist()
        try:
            merged = _merge_around(spark, task, arriving, held, tombstones)
            return replace(merged, known_events=merged.known_events + removals.known_events)
        finally:
            held.unpersist()
    finally:
        tombstones.unpersist()


def _merge_around(
    spark: SparkSession, task: RefineTask, arriving: DataFrame, held: DataFrame, tombstones: DataFrame
) -> Merged:
    key, (order, *_) = task.source.key, task.position
    known = held.select(quote(key), *task.position).unionByName(tombstones.select(quote(key), *task.position))
    tied = tied_events(arriving, known, [key, order], order)
    tied = tied.union(tied_events(arriving, of_all(tombstones, key), [order], order)).distinct()
    placed = _placed(spark, task, arriving, known, tied)
    left = with_removed(placed, tombstones, key, task.position).where("NOT _is_removed").drop("_is_removed")
    gone = with_removed(held, tombstones, key, task.position).where("_is_removed").select(quote(key))
    return _replace(spark, task, _newest(task, left), held, gone)


def _newest(task: RefineTask, rows: DataFrame) -> DataFrame:
    return newest_events(rows, task.source.key, task.position)


def _placed(spark: SparkSession, task: RefineTask, arriving: DataFrame, known: DataFrame, tied: DataFrame) -> DataFrame:
    """
    Of events of the same time the one that was delivered later wins. Silver has forgotten which ones lost: whether
    one comes for the first time only bronze knows. It is asked for such events alone, between their times.
    """
    deliveries = known.select("_event_id", "_sequence")
    first, last = tied.agg(F.min("_order"), F.max("_order")).collect()[0]
    if first is not None:
        landed = read_table(spark, task.source.uri).where(_order_in_bronze(task).between(first, last))
        deliveries = deliveries.union(landed.join(tied, "_event_id", "left_semi").select("_event_id", "_sequence"))
    return at_first_place(arriving, deliveries)


def _order_in_bronze(task: RefineTask) -> Expression:
    order = task.position[0]
    types = {column.name: sql_type(column) for column in task.columns}
    return F.expr(f"try_cast({quote(order)} AS {types[order]})") if order in types else F.col(order)


def _append(spark: SparkSession, task: RefineTask, arriving: DataFrame, before: int) -> Merged:
    arriving.write.format("delta").mode("append").save(task.target.uri)
    after = read_table(spark, task.target.uri).count()
    return Merged({"insert": after - before}, row_count=after)


def _replace(
    spark: SparkSession, task: RefineTask, arriving: DataFrame, held: DataFrame, gone: DataFrame | None = None
) -> Merged:
    values, key = [column.name for column in task.columns], task.source.key
    changes = replace_rows(arriving, held, task.keys, key, values, task.position, gone)
    is_known = F.when(F.col("_is_known"), F.col(quote(key)))
    return write_changes(spark, task.target.uri, task.keys, arriving.columns, changes, key, is_known)


def write_changes(
    spark: SparkSession,
    uri: str,
    keys: Sequence[str],
    columns: Sequence[str],
    changes: DataFrame,
    near: str,
    is_known: Expression | None = None,
) -> Merged:
    """
    Carry out what `changed_rows` said. `near` is the key that is never null, by which files are left out that no row
    can be in; `is_known` names the event of a row that the table had already.
    """
    cached = changes.persist()
    try:
        known = (F.lit(0) if is_known is None else F.count_distinct(is_known)).alias("known")
        by_kind = [count_where(F.col("_change") == kind).alias(kind) for kind in CLAUSES]
        value = F.when(F.col("_change") != "keep", F.col(quote(near)))
        ends = {"least": F.min(value), "greatest": F.max(value)}
        counts = cached.agg(known, *by_kind, *(end.alias(name) for name, end in ends.items())).collect()[0]
        merged = Merged({kind: counts[kind] for kind in CLAUSES if counts[kind]}, counts["known"])
        if merged.changes:  # else not even an empty commit: those who read by version would take it for news
            between = f"t.{quote(near)} BETWEEN :least AND :greatest"
            statement = merge_statement(uri, keys, columns, list(merged.changes), between)
            spark.sql(statement, {name: counts[name] for name in ends}, changes=cached.where("_change != 'keep'"))
        return merged
    finally:
        cached.unpersist()


def merge_statement(uri: str, keys: Sequence[str], columns: Sequence[str], kinds: Sequence[str], *where: str) -> str:
    """
    Only the clauses that are needed: with inserts alone Delta rewrites no file. An insert matches nothing, so that it
    can stand beside the delete of the same key, where a table that broke has it more than once. `where` says of the
    table which rows there can be.
    """
    names = [quote(name) for name in columns]
    on = " AND ".join(["s._change != 'insert'", *where, *(f"t.{quote(key)} <=> s.{quote(key)}" for key in keys)])
    parts = {
        "names": ", ".join(names),
        "values": ", ".join(f"s.{name}" for name in names),
        "sets": ", ".join(f"{name} = s.{name}" for name in names),
    }
    clauses = " ".join(CLAUSES[kind].format(**parts) for kind in kinds)
    return f"MERGE INTO {at(uri)} AS t USING {{changes}} AS s ON {on} {clauses}"
