"""The Delta tables that a silver table is made of: itself, and what is remembered beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from shared.delta import ensure_table, read_table, table_exists
from shared.plan import Changes, History, RefineTask
from shared.types import quote, sql_type, statistics_columns
from transforms.events import POSITION
from transforms.history import VALIDITY

#: Beside the contract's columns.
TECHNICAL = {
    "_event_id": "string",
    "_event_time": "timestamp",
    "_sequence": "string",
    "_run_id": "string",
    "_contract_version": "string",
}
#: Who wrote a row; all other columns come from its event.
WRITTEN_BY = ("_run_id", "_contract_version")
PLACE = {"_event_time": "timestamp", "_sequence": "string", "_event_id": "string"}


@dataclass(frozen=True)
class Stored:
    """A table, what its rows are told apart by, and its columns with their types in SQL."""

    uri: str
    keys: Sequence[str]
    columns: Mapping[str, str]
    #: Value of `delta.dataSkippingStatsColumns`.
    statistics: str

    def ensure(self, spark: SparkSession) -> bool:
        """Create it, or add the columns that it lacks. Says whether it is new."""
        return ensure_table(spark, self.uri, self.columns, self.statistics)

    def content(self, spark: SparkSession) -> DataFrame:
        """
        Its rows without who wrote them; columns that the contract has gained since are empty, and there are no rows
        without a table.
        """
        types = {name: kind for name, kind in self.columns.items() if name not in WRITTEN_BY}
        if not table_exists(spark, self.uri):
            return spark.createDataFrame([], ", ".join(f"{quote(name)} {kind}" for name, kind in types.items()))
        rows = read_table(spark, self.uri)
        lacking = {name: F.lit(None).cast(kind) for name, kind in types.items() if name not in rows.columns}
        return rows.withColumns(lacking).select(*map(quote, types))


def columns_of(task: RefineTask) -> dict[str, str]:
    """The columns of what events say of rows."""
    return {**{column.name: sql_type(column) for column in task.columns}, **TECHNICAL}


def silver_table(task: RefineTask) -> Stored:
    """What readers see."""
    if task.history is None:
        return Stored(task.target.uri, task.keys, columns_of(task), statistics_columns(task.columns, POSITION))
    times = [name for name, kind in VALIDITY.items() if kind == "timestamp"]
    statistics = statistics_columns(task.columns, [*POSITION, *times])
    return Stored(task.target.uri, (*task.keys, "valid_from"), columns_of(task) | VALIDITY, statistics)


def images_table(task: RefineTask, history: History) -> Stored:
    """The rows as events said them, each event once."""
    keys = ("_event_id", *task.keys)
    return Stored(history.images_uri, keys, columns_of(task), statistics_columns(task.columns, POSITION))


def tombstone_table(task: RefineTask, changes: Changes) -> Stored:
    """Of each event that removed rows the key, as it is in silver, and the place; nothing else of it."""
    types = {column.name: sql_type(column) for column in task.columns}
    named = [task.source.key, *(name for name in task.position if name in types)]
    kept = [column for column in task.columns if column.name in named]
    columns = {name: types[name] for name in named} | PLACE
    return Stored(changes.tombstones_uri, ("_event_id",), columns, statistics_columns(kept, PLACE))
