"""A table is brought to what a backfill made: it is compared, and only what differs is written, in one commit."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import count_where
from shared.backfill_plan import BackfillPlan
from shared.backfill_results import Comparison
from shared.frames import persisted
from shared.job import Context
from steps.merge_history import versions_wanted
from steps.merge_table import merge_statement
from steps.stored_tables import WRITTEN_BY, Stored, images_table, silver_table, tombstone_table
from steps.tombstones import Removals
from transforms.events import within
from transforms.removals import tombstones_of, with_removed
from transforms.replace_rows import newest_events
from transforms.settle import changes_of, differences, surplus_rows, whole_differences

#: What was found, and whether anything of it was applied.
Brought = tuple[Comparison, bool]


def bring_silver(job: Context, plan: BackfillPlan, made: DataFrame, dry_run: bool) -> Brought:
    """`made` has the sound rows of all events of the range."""
    if plan.is_whole:
        return _bring_all(job, plan, made, dry_run)
    task, silver = plan.task, silver_table(plan.task)
    in_range, shown = within(plan.from_, plan.to), silver.content(job.spark)
    compared = differences(made.drop("_removes"), shown, in_range, silver.keys, task.source.key)
    return _bring(job, plan, silver, compared, dry_run)


def _bring_all(job: Context, plan: BackfillPlan, made: DataFrame, dry_run: bool) -> Brought:
    """
    Where a row depends on all events of its key. What is remembered beside silver comes first, as in a run: what
    breaks in between is found again.
    """
    task, removes = plan.task, F.col("_removes").isNotNull()
    with persisted(made.where(~removes).drop("_removes")) as images, persisted(made.where(removes)) as removing:
        tombstones = images.limit(0)
        if task.removing is not None:
            beside = tombstone_table(task, task.removing)
            tombstones = tombstones_of(removing, task.source.key, list(beside.columns))
            _bring_whole(job, plan, beside, tombstones, dry_run)
        if task.history is not None:
            _bring_whole(job, plan, images_table(task, task.history), images, dry_run)
        return _bring_whole(job, plan, silver_table(task), _due(plan, images, tombstones), dry_run)


def _bring_whole(job: Context, plan: BackfillPlan, table: Stored, due: DataFrame, dry_run: bool) -> Brought:
    return _bring(job, plan, table, whole_differences(due, table.content(job.spark), table.keys), dry_run)


def _due(plan: BackfillPlan, images: DataFrame, tombstones: DataFrame) -> DataFrame:
    task, key = plan.task, plan.task.source.key
    if task.history is not None:
        return versions_wanted(task, images, images.select(key).distinct(), Removals(tombstones, tombstones))
    left = with_removed(images, tombstones, key, task.position).where("NOT _is_removed").drop("_is_removed")
    return newest_events(left, key, task.position)


def _bring(job: Context, plan: BackfillPlan, table: Stored, differing: DataFrame, dry_run: bool) -> Brought:
    with persisted(differing) as found:
        with job.timed("compare", plan.task.table):
            comparison = _compare(found)
        kinds = [] if dry_run else _kinds(comparison)
        if kinds:
            with job.timed("apply", plan.task.table):
                _apply(job, plan, table, changes_of(found), kinds)
    return comparison, bool(kinds)


def _compare(found: DataFrame) -> Comparison:
    kinds = ("same", "changed", "missing", "newer")
    counts = found.agg(
        *[count_where(F.col("_kind") == kind).alias(kind) for kind in kinds],
        F.coalesce(F.sum(surplus_rows()), F.lit(0)).alias("surplus"),
    )
    return Comparison(**counts.collect()[0].asDict())


def _kinds(found: Comparison) -> list[str]:
    """The changes that there may be, in the order of a MERGE: a key that is there twice goes, and comes anew."""
    needed = {"update": found.changed, "delete": found.surplus, "insert": found.missing + found.surplus}
    return [kind for kind, rows in needed.items() if rows]


def _apply(job: Context, plan: BackfillPlan, table: Stored, changes: DataFrame, kinds: list[str]) -> None:
    table.ensure(job.spark)
    values = (plan.backfill_id, plan.task.contract_version)
    origin = {name: F.lit(value) for name, value in zip(WRITTEN_BY, values, strict=True) if name in table.columns}
    statement = merge_statement(table.uri, table.keys, list(table.columns), kinds)
    job.spark.sql(statement, changes=changes.withColumns(origin))
