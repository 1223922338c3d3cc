"""Events of a backfill that are judged at its end, whatever its intervals said of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from uuid import uuid4

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.backfill_plan import BackfillPlan
from shared.backfill_results import Part
from shared.delta import read_appends, read_table
from shared.frames import persisted
from shared.job import Context
from steps.fill_interval import part_of
from steps.judge_rows import judged_rows
from steps.stored_tables import images_table, silver_table
from transforms.events import first_deliveries, source_key, within
from transforms.settle import emptied, is_shown_of, not_made


@dataclass(frozen=True)
class Again:
    """The events, and the rows of them that are sound now."""

    events: DataFrame
    sound: DataFrame
    part: Part


@contextmanager
def judged_again(job: Context, plan: BackfillPlan, made: DataFrame, upto: int) -> Iterator[Again | None]:
    """
    Up to a version of bronze: what came since the planning; what silver holds and no interval made, since its parent
    may have come meanwhile; and where that is all that there is of a key, what had been there before the range. Only
    the first count for the limit. None when there is nothing of all this.
    """
    task = plan.task
    bronze = read_table(job.spark, task.source.uri, upto)
    held = (silver_table(task) if task.history is None else images_table(task, task.history)).content(job.spark)
    doubtful_rows = not_made(held.where(is_shown_of(within(plan.from_, plan.to))), made, task.keys)
    with persisted(_arrived(job, plan, bronze, upto)) as arrived, persisted(doubtful_rows) as doubtful:
        if doubtful.isEmpty() and arrived.isEmpty():
            yield None
            return
        found = first_deliveries(_events(plan, bronze, made, doubtful, arrived))
        with persisted(found) as events, judged_rows(job, task, events) as judged:
            yield Again(events, judged.sound, part_of(plan, judged, f"caught-up-{uuid4().hex}"))


def _arrived(job: Context, plan: BackfillPlan, bronze: DataFrame, upto: int) -> DataFrame:
    """Ids of the range's events that came after the planning."""
    source = plan.task.source
    if upto == source.to_version:
        return bronze.select("_event_id").limit(0)
    new = read_appends(job.spark, source.uri, source.to_version + 1, upto)
    return new.where(within(plan.from_, plan.to)).select("_event_id").distinct()


def _events(
    plan: BackfillPlan, bronze: DataFrame, made: DataFrame, doubtful: DataFrame, arrived: DataFrame
) -> DataFrame:
    """With all of their deliveries, so that they take the place of the first one."""
    key, in_range = plan.task.source.key, within(plan.from_, plan.to)
    named = doubtful.select("_event_id").union(arrived).distinct()
    parts = [bronze.where(in_range).join(named, "_event_id", "left_semi")]
    gone = emptied(doubtful, made, key)
    if not gone.isEmpty():  # else all of bronze would be read in vain
        before = bronze.where(F.col("_event_time") < F.lit(plan.from_).cast("timestamp"))
        is_gone = source_key(plan.task.columns, key) == F.col("_gone")
        parts.append(before.join(gone.withColumnRenamed(key, "_gone"), is_gone, "left_semi"))
    found = reduce(lambda a, b: a.unionByName(b), parts)
    marked = found.join(arrived.withColumn("_is_new", F.lit(True)), "_event_id", "left")
    return marked.withColumn("_is_replay", F.col("_is_new").isNull()).drop("_is_new")
