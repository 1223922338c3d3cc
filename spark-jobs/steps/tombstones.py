"""The tombstones of a silver table, beside it: an event that is older must not bring back what a later one removed."""

from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from checks.conditions import count_where
from shared.delta import at, read_table, table_exists
from shared.plan import Changes, RefineTask
from shared.types import quote
from steps.stored_tables import tombstone_table
from transforms.removals import tombstones_of

#: Each event leaves one, at the place of its first delivery.
BURY = (
    "MERGE INTO {uri} AS t USING {{arriving}} AS s ON t._event_id = s._event_id "
    "WHEN MATCHED AND s._sequence < t._sequence THEN UPDATE SET _sequence = s._sequence "
    "WHEN NOT MATCHED THEN INSERT *"
)


@dataclass(frozen=True)
class Removals:
    """All tombstones of a table, and those of the events that came with a run, which may be known already."""

    tombstones: DataFrame
    arriving: DataFrame
    known_events: int = 0
    #: Whether a truncate is among those that came.
    truncates: bool = False


def bury(spark: SparkSession, task: RefineTask, changes: Changes, removing: DataFrame) -> Removals:
    """
    Remember what the rows of a run remove, before silver is written: what breaks in between is done again by the next
    run, which reads the same events.
    """
    stored = tombstone_table(task, changes)
    stored.ensure(spark)
    uri = stored.uri
    tombstones, arriving = read_table(spark, uri), tombstones_of(removing, task.source.key, list(stored.columns))
    names_none = F.col(quote(task.source.key)).isNull()
    all_events, truncates = arriving.agg(F.count("_event_id"), count_where(names_none)).collect()[0]
    if not all_events:  # not even an empty commit
        return Removals(tombstones, arriving)
    known = tombstones.join(arriving, "_event_id", "left_semi").count()
    spark.sql(BURY.format(uri=at(uri)), arriving=arriving)
    return Removals(read_table(spark, uri), arriving, known, truncates > 0)


def events_removing(spark: SparkSession, task: RefineTask) -> DataFrame:
    """The events that left tombstones: `_event_time` and `_event_id`."""
    changes, columns = task.changes, "_event_time: timestamp, _event_id: string"
    if changes is None or not table_exists(spark, changes.tombstones_uri):
        return spark.createDataFrame([], columns)
    return read_table(spark, changes.tombstones_uri).select("_event_time", "_event_id")
