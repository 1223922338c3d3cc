"""Finds rows of a Delta table by what tells them apart, and reads as little of it as statistics allow."""

from collections.abc import Callable, Set

from arro3.core import RecordBatchReader
from deltalake import DeltaTable, QueryBuilder

from commit_batches import Bounds, Key
from table_schema import PARTITION

# Above so many, a list in the query costs more than the rows that it spares.
MOST_LISTED = 1_000
MOST_SPANS = 50


def present(table: DeltaTable, bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
    """Those of the keys that the table holds rows of.

    Most searches find nothing between the bounds; then not one key of the batch is put together. The first query is
    narrowed by partition, and by files' and row groups' statistics of each shard.
    """
    if not bounds.spans or not _has(table, bounds.columns) or not _any(table, condition_of(bounds)):
        return set()
    wanted = frozenset(keys())
    condition = condition_of(bounds) + _listed(bounds, wanted)
    found: set[Key] = set()
    for batch in _rows(table, bounds.columns, condition):
        found.update(wanted.intersection(zip(*(column.to_pylist() for column in batch.columns), strict=True)))
    return found


def condition_of(bounds: Bounds) -> str:
    """The bounds as a condition of SQL: dates first, which are folders, then the spans of each shard."""
    first, last = (f"CAST({quoted(date)} AS DATE)" for date in bounds.dates)
    spans = bounds.spans
    if len(spans) > MOST_SPANS:
        spans = {(): (min(low for low, _ in spans.values()), max(high for _, high in spans.values()))}
    each = [_span(bounds.columns, before, *span) for before, span in spans.items()]
    return f"{PARTITION} BETWEEN {first} AND {last} AND ({' OR '.join(each)})"


def _span(columns: Key, before: Key, low: str, high: str) -> str:
    terms = [f"{name} = {quoted(value)}" for name, value in zip(columns, before, strict=False)]
    return " AND ".join([*terms, f"{columns[-1]} BETWEEN {quoted(low)} AND {quoted(high)}"])


def _listed(bounds: Bounds, wanted: Set[Key]) -> str:
    """A few keys, far apart, are named: between them may lie most of the table."""
    if len(wanted) > MOST_LISTED:
        return ""
    return f" AND {bounds.columns[-1]} IN ({', '.join(sorted({quoted(key[-1]) for key in wanted}))})"


def _has(table: DeltaTable, columns: Key) -> bool:
    """A table that lacks a column until it is added holds no row with a value in it."""
    return set(columns) <= {field.name for field in table.schema().fields}


def _any(table: DeltaTable, condition: str) -> bool:
    return any(batch.num_rows for batch in _rows(table, (PARTITION,), condition + " LIMIT 1"))


def _rows(table: DeltaTable, columns: Key, condition: str) -> RecordBatchReader:
    query = f"SELECT {', '.join(columns)} FROM target WHERE {condition}"
    return QueryBuilder().register("target", table).execute(query)


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
