"""Bronze → silver for one table: check the rows that new events make, quarantine bad ones, merge what is newer."""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.delta import latest_version, read_table
from shared.job import Job
from shared.plan import RefineTask
from shared.results import InputRead, TableResult, is_blocking
from shared.types import quote
from steps.judge_rows import Judged, judged_rows, write_rows
from steps.merge_history import merge_history
from steps.merge_table import NOTHING_MERGED, Merged, merge_changes, merge_rows
from steps.stored_tables import columns_of, silver_table
from steps.tombstones import bury
from transforms.quarantine import Found, quarantine_rows, row_id
from transforms.replay import closings


def refine_table(job: Job, task: RefineTask, events: DataFrame, again: DataFrame | None = None) -> TableResult:
    """
    Bring one silver table up to date. Where the gate is going to block, silver stays as it is. `again` has the entries
    of rows that are judged again: their events are among the others, and count for no limit.
    """
    with judged_rows(job, task, events) as judged:
        with job.timed("quarantine", task.table):
            kept = _write_quarantine(job, task, judged, again)
        with job.timed("merge", task.table):
            merged = _merge(job, task, judged)
        with job.timed("count", task.table):
            return _result(job, task, judged, kept, merged)


@dataclass(frozen=True)
class Kept:
    """What was written for the quarantine: all rows, and those that were judged again and are sound now."""

    entries: int
    judged_again: int = 0
    replayed: int = 0


def _write_quarantine(job: Job, task: RefineTask, judged: Judged, again: DataFrame | None) -> Kept:
    """Overwritten, not appended: a rerun must not double the quarantine."""
    plan = job.plan
    found = Found(plan.domain, task.table, task.contract_version, plan.run_id, plan.created_at)
    stopped = quarantine_rows(judged.refused, found, again)
    if again is not None:
        named = judged.sound.where("_is_replay").select(row_id(task.table).alias("quarantine_id"))
        stopped = stopped.unionByName(closings(again, stopped, named, found))
    elif judged.invalid == 0:
        return Kept(0)
    write_rows(stopped, judged.invalid, task.quarantine_uri)
    if again is None:
        return Kept(judged.invalid)
    written = job.spark.read.parquet(task.quarantine_uri)
    return Kept(written.count(), again.count(), written.where("status = 'replayed'").count())


def _merge(job: Job, task: RefineTask, judged: Judged) -> Merged:
    is_new = silver_table(task).ensure(job.spark)
    if any(is_blocking(check) for check in judged.all_checks(task.limit)):
        return NOTHING_MERGED
    origin = {"_run_id": F.lit(job.plan.run_id), "_contract_version": F.lit(task.contract_version)}
    sound = judged.sound.withColumns(origin).select(*map(quote, columns_of(task)), "_removes")
    if task.history is not None or task.removing is not None:
        sound = sound.persist()  # what is remembered beside silver asks for it several times
    try:
        return _write(job, task, sound, is_new)
    finally:
        sound.unpersist()


def _write(job: Job, task: RefineTask, sound: DataFrame, is_new: bool) -> Merged:
    arriving = sound.where("_removes IS NULL").drop("_removes")
    removals = None
    if task.removing is not None:
        removals = bury(job.spark, task, task.removing, sound.where("_removes IS NOT NULL"))
    if task.history is not None:
        return merge_history(job.spark, task, task.history, arriving, removals)
    if removals is not None:
        return merge_changes(job.spark, task, arriving, is_new, removals)
    return merge_rows(job.spark, task, arriving, is_new)


def _result(job: Job, task: RefineTask, judged: Judged, kept: Kept, merged: Merged) -> TableResult:
    source, uri = task.source, task.target.uri
    return TableResult(
        table=task.table,
        uri=uri,
        contract_version=task.contract_version,
        inputs=(InputRead(source.table, source.from_version, source.to_version),),
        rows_in=judged.deliveries,
        rows_out=merged.written,
        duplicates=judged.duplicates + merged.known_events,
        quarantined=judged.invalid,
        quarantine_uri=task.quarantine_uri if kept.entries else None,
        entries=kept.entries,
        judged_again=kept.judged_again,
        replayed=kept.replayed,
        delta_version=latest_version(job.spark, uri),
        row_count=read_table(job.spark, uri).count() if merged.row_count is None else merged.row_count,
        checks=judged.all_checks(task.limit),
    )
