"""Writing a history to silver: the keys that events speak of are put together anew, from all that was ever said."""

from dataclasses import replace

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from shared.delta import read_near, read_table
from shared.plan import History, RefineTask
from shared.types import quote
from steps.merge_table import Merged, write_changes
from steps.stored_tables import images_table
from steps.tombstones import Removals
from transforms.events import POSITION
from transforms.history import versions_of
from transforms.removals import of_all
from transforms.replace_rows import at_first_place, changed_rows, held_by, replace_rows


def merge_history(
    spark: SparkSession, task: RefineTask, history: History, arriving: DataFrame, removals: Removals | None
) -> Merged:
    """
    Images, which are the rows as events said them, are kept beside the table: a version that repeats another, or that
    a delete hides, counts as soon as an event comes between. They are written first; what breaks in between is done
    again by the next run, which reads the same events.
    """
    known = _keep(spark, task, history, arriving) + (removals.known_events if removals else 0)
    images, key = read_table(spark, history.images_uri), task.source.key
    touched = _touched(images, arriving, removals, key).persist()
    try:
        near = read_near(spark, history.images_uri, touched, key)
        wanted = versions_wanted(task, held_by(near, touched, key), touched, removals)
        held = held_by(read_near(spark, task.target.uri, touched, key), touched, key)
        names = [column.name for column in task.columns]
        compared = [*names, "valid_to", "is_current", *POSITION]
        by_version = [*task.keys, "valid_from"]
        changes = changed_rows(wanted, held, by_version, compared)
        merged = write_changes(spark, task.target.uri, by_version, wanted.columns, changes, key)
        return replace(merged, known_events=known)
    finally:
        touched.unpersist()


def _keep(spark: SparkSession, task: RefineTask, history: History, arriving: DataFrame) -> int:
    """The images of each event are there once, at the place of its first delivery. How many events were known."""
    stored = images_table(task, history)
    stored.ensure(spark)
    held = held_by(read_near(spark, history.images_uri, arriving, "_event_id"), arriving, "_event_id")
    placed = at_first_place(arriving, held.select("_event_id", "_sequence"))
    values = [column.name for column in task.columns]
    changes = replace_rows(placed, held, stored.keys, "_event_id", [*values, "_sequence"], task.position)
    is_known = F.when(F.col("_is_known"), F.col("_event_id"))
    return write_changes(spark, stored.uri, stored.keys, arriving.columns, changes, "_event_id", is_known).known_events


def _touched(images: DataFrame, arriving: DataFrame, removals: Removals | None, key: str) -> DataFrame:
    """The source keys whose history may change."""
    own = arriving.select(quote(key))
    if removals is None:
        return own.distinct()
    removed = images if removals.truncates else removals.arriving  # a truncate concerns all that there ever was
    return own.union(removed.select(quote(key))).where(F.col(quote(key)).isNotNull()).distinct()


def versions_wanted(task: RefineTask, images: DataFrame, touched: DataFrame, removals: Removals | None) -> DataFrame:
    """The history of the touched source keys, from all their images and all that was ever removed."""
    key, values = task.source.key, [column.name for column in task.columns]
    removing = images.limit(0)
    if removals is not None:
        own = removals.tombstones.join(touched, key, "left_semi")
        removing = own.unionByName(of_all(removals.tombstones, key).drop(key).crossJoin(touched))
    compared = [name for name in values if name not in (*task.keys, *task.position)]
    return versions_of(images, removing, task.keys, key, task.position, compared)
