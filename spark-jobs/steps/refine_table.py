"""Bronze → silver for one table: check the rows that new events make, quarantine bad ones, merge what is newer."""

import math
from dataclasses import dataclass, replace
from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import count_where
from checks.references import refusing, with_parents
from checks.row_rules import RowRule, check_results, failed_rules, failures, is_sound, is_valid, rules_of
from checks.samples import sample_rows
from shared.delta import ensure_table, latest_version, read_table, table_exists
from shared.job import Job
from shared.plan import Late, Reference, RefineTask, RowLimit
from shared.results import CheckResult, InputRead, TableResult, is_blocking
from shared.types import quote, sql_type, statistics_columns
from steps.around import uri_of
from steps.merge_table import NOTHING_MERGED, Merged, merge_rows
from transforms.events import POSITION, rows_of, typed
from transforms.late import comes_late, with_late
from transforms.quarantine import Found, quarantine_rows, row_id
from transforms.replay import closings

ROWS_PER_FILE = 500_000


@dataclass(frozen=True)
class Arrived:
    """What the version range holds, and how it fared in the checks."""

    events: int
    duplicates: int
    invalid: int
    checks: list[CheckResult]


def refine_table(job: Job, task: RefineTask, events: DataFrame, again: DataFrame | None = None) -> TableResult:
    """
    Bring one silver table up to date. Where the gate is going to block, silver stays as it is. `again` has the entries
    of rows that are judged again: their events are among the others, and count for no limit.
    """
    rows = typed(rows_of(events, task.source.explode, task.columns), task.columns, task.keys)
    if task.late is not None:
        rows = _with_late(job, task, task.late, rows)
    if not refusing(task.checks):
        return _refine_rows(job, task, rows, again)
    referring = with_parents(rows, task.checks, partial(_parents, job, task)).persist()  # else joined for each count
    try:
        return _refine_rows(job, task, referring, again)
    finally:
        referring.unpersist()


def _parents(job: Job, task: RefineTask, references: Reference) -> DataFrame | None:
    """The table as it is now. None where nothing has come to it yet, or nothing since its contract has the columns."""
    uri = uri_of(task.reads, references.table)
    if not table_exists(job.spark, uri):
        return None
    parents = read_table(job.spark, uri)
    return parents if set(references.columns) <= set(parents.columns) else None


def _refine_rows(job: Job, task: RefineTask, rows: DataFrame, again: DataFrame | None) -> TableResult:
    rules = rules_of(task, rows)
    with job.timed("check", task.table):
        arrived = _check(task, rows.where("NOT _is_replay"), rules)
    may_go_on = F.when(F.col("_is_replay"), is_sound(rules)).otherwise(is_valid(rules))
    with job.timed("quarantine", task.table):
        refused = rows.where(~may_go_on).withColumn("_failed", failed_rules(rules))
        kept = _write_quarantine(
            job, task, refused, rows.where(F.col("_is_replay") & may_go_on), arrived.invalid, again
        )
    with job.timed("merge", task.table):
        merged = _merge(job, task, rows.where(may_go_on), arrived)
    with job.timed("count", task.table):
        return _result(job, task, arrived, kept, merged)


def _with_late(job: Job, task: RefineTask, late: Late, rows: DataFrame) -> DataFrame:
    """Silver is asked for copies only if something comes late, which is rare."""
    if rows.where(comes_late(late)).isEmpty():
        return rows.withColumn("_is_late", F.lit(False))
    return with_late(rows, late, read_table(job.spark, task.target.uri))


def _check(task: RefineTask, rows: DataFrame, rules: list[RowRule]) -> Arrived:
    is_first_row = F.coalesce("_ordinal", F.lit(0)) == 0
    counts = rows.agg(
        F.coalesce(F.sum(F.when(is_first_row, F.col("_copies"))), F.lit(0)).alias("deliveries"),
        count_where(is_first_row).alias("events"),
        F.count(F.lit(1)).alias("rows"),
        count_where(~is_valid(rules)).alias("invalid"),
        *failures(rules),
    ).collect()[0]
    duplicates = counts["deliveries"] - counts["events"]
    results = check_results(rules, counts["rows"], counts)
    samples = sample_rows(rows, rules, results, task.columns, task.keys)
    sampled = [replace(result, sample=samples.get(result.id, ())) for result in results]
    checks = [*sampled, _refused(task.limit, counts["rows"], counts["invalid"])]
    return Arrived(counts["deliveries"], duplicates, counts["invalid"], checks)


def _refused(limit: RowLimit, rows: int, invalid: int) -> CheckResult:
    """All rows that some rule refused, each once. The gate knows this check by its name."""
    percent = limit.percent if rows >= limit.from_rows else None
    return CheckResult("rows:refused", "refused_rows", "quarantine", percent, rows, invalid)


@dataclass(frozen=True)
class Kept:
    """What was written for the quarantine: all rows, and those that were judged again and are sound now."""

    entries: int
    judged_again: int = 0
    replayed: int = 0


def _write_quarantine(
    job: Job, task: RefineTask, refused: DataFrame, sound: DataFrame, invalid: int, again: DataFrame | None
) -> Kept:
    """Overwritten, not appended: a rerun must not double the quarantine."""
    plan = job.plan
    found = Found(plan.domain, task.table, task.contract_version, plan.run_id, plan.created_at)
    stopped = quarantine_rows(refused, found, again)
    if again is not None:
        named = sound.select(row_id(task.table).alias("quarantine_id"))
        stopped = stopped.unionByName(closings(again, stopped, named, found))
    elif invalid == 0:
        return Kept(0)
    files = math.ceil(invalid / ROWS_PER_FILE) or 1
    stopped.coalesce(files).write.mode("overwrite").parquet(task.quarantine_uri)
    if again is None:
        return Kept(invalid)
    written = job.spark.read.parquet(task.quarantine_uri)
    return Kept(written.count(), again.count(), written.where("status = 'replayed'").count())


def _merge(job: Job, task: RefineTask, valid: DataFrame, arrived: Arrived) -> Merged:
    columns = {**{column.name: sql_type(column) for column in task.columns}, **TECHNICAL}
    is_new = ensure_table(job.spark, task.target.uri, columns, statistics_columns(task.columns, POSITION))
    if any(is_blocking(check) for check in arrived.checks):
        return NOTHING_MERGED
    origin = {"_run_id": F.lit(job.plan.run_id), "_contract_version": F.lit(task.contract_version)}
    arriving = valid.withColumns(origin).select(*map(quote, columns))
    return merge_rows(job.spark, task, arriving, is_new)


TECHNICAL = {
    "_event_id": "string",
    "_event_time": "timestamp",
    "_sequence": "string",
    "_run_id": "string",
    "_contract_version": "string",
}


def _result(job: Job, task: RefineTask, arrived: Arrived, kept: Kept, merged: Merged) -> TableResult:
    source, uri = task.source, task.target.uri
    return TableResult(
        table=task.table,
        uri=uri,
        contract_version=task.contract_version,
        inputs=(InputRead(source.table, source.from_version, source.to_version),),
        rows_in=arrived.events,
        rows_out=merged.written,
        duplicates=arrived.duplicates + merged.known_events,
        quarantined=arrived.invalid,
        quarantine_uri=task.quarantine_uri if kept.entries else None,
        entries=kept.entries,
        judged_again=kept.judged_again,
        replayed=kept.replayed,
        delta_version=latest_version(job.spark, uri),
        row_count=read_table(job.spark, uri).count(),
        checks=tuple(arrived.checks),
    )
