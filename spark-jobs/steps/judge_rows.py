"""The rows that events make for a silver table, and how they fare by its contract."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import count_where
from checks.references import refusing, with_parents
from checks.row_rules import RowRule, check_results, failed_rules, failures, is_sound, is_valid, rules_of
from checks.samples import sample_rows
from checks.verdicts import refused_rows
from shared.delta import read_table, table_exists
from shared.frames import persisted
from shared.job import Context
from shared.plan import Late, Reference, RefineTask, RowLimit
from shared.results import CheckResult
from steps.around import uri_of
from steps.tombstones import events_removing
from transforms.events import rows_of, typed
from transforms.late import comes_late, with_late

ROWS_PER_FILE = 500_000


@dataclass(frozen=True)
class Judged:
    """Typed rows, apart by whether they may go on. Rows that are judged again are among them, and not counted."""

    sound: DataFrame
    #: With what they `_failed`.
    refused: DataFrame
    deliveries: int
    duplicates: int
    rows: int
    invalid: int
    #: Of all rules that a row can break.
    checks: tuple[CheckResult, ...]

    def all_checks(self, limit: RowLimit) -> tuple[CheckResult, ...]:
        """With the one of how many rows may be refused."""
        return (*self.checks, refused_rows(limit, self.rows, self.invalid))


@contextmanager
def judged_rows(job: Context, task: RefineTask, events: DataFrame) -> Iterator[Judged]:
    """Type and check what events make. The frames are for use inside."""
    rows = typed(rows_of(events, task.source.explode, task.columns, task.changes), task.columns, task.keys)
    if task.late is not None:
        rows = _with_late(job, task, task.late, rows)
    if not refusing(task.checks):
        yield _judge(job, task, rows)
        return
    with persisted(with_parents(rows, task.checks, partial(_parents, job, task))) as referring:  # else joined each time
        yield _judge(job, task, referring)


def write_rows(frame: DataFrame, rows: int, uri: str) -> None:
    """Leave Parquet, in place of what is there, in as many files as about so many rows need."""
    frame.coalesce(math.ceil(rows / ROWS_PER_FILE) or 1).write.mode("overwrite").parquet(uri)


def _parents(job: Context, task: RefineTask, references: Reference) -> DataFrame | None:
    """The table as it is now. None where nothing has come to it yet, or nothing since its contract has the columns."""
    uri = uri_of(task.reads, references.table)
    if not table_exists(job.spark, uri):
        return None
    parents = read_table(job.spark, uri)
    return parents if set(references.columns) <= set(parents.columns) else None


def _with_late(job: Context, task: RefineTask, late: Late, rows: DataFrame) -> DataFrame:
    """Silver is asked for copies only if something comes late, which is rare."""
    if rows.where(comes_late(late)).isEmpty():
        return rows.withColumn("_is_late", F.lit(False))
    written = read_table(job.spark, task.history.images_uri if task.history else task.target.uri)
    known = written.select("_event_time", "_event_id").union(events_removing(job.spark, task))
    return with_late(rows, late, known)


def _judge(job: Context, task: RefineTask, rows: DataFrame) -> Judged:
    rules = rules_of(task, rows)
    may_go_on = F.when(F.col("_is_replay"), is_sound(rules)).otherwise(is_valid(rules))
    refused = rows.where(~may_go_on).withColumn("_failed", failed_rules(rules))
    with job.timed("check", task.table):
        return _count(task, rows.where("NOT _is_replay"), rules, rows.where(may_go_on), refused)


def _count(task: RefineTask, rows: DataFrame, rules: list[RowRule], sound: DataFrame, refused: DataFrame) -> Judged:
    is_first_row = F.coalesce("_ordinal", F.lit(0)) == 0
    counts = rows.agg(
        F.coalesce(F.sum(F.when(is_first_row, F.col("_copies"))), F.lit(0)).alias("deliveries"),
        count_where(is_first_row).alias("events"),
        F.count(F.lit(1)).alias("rows"),
        count_where(~is_valid(rules)).alias("invalid"),
        *failures(rules),
    ).collect()[0]
    results = check_results(rules, counts["rows"], counts)
    samples = sample_rows(rows, rules, results, task.columns, task.keys)
    sampled = tuple(replace(result, sample=samples.get(result.id, ())) for result in results)
    deliveries = counts["deliveries"]
    duplicates = deliveries - counts["events"]
    return Judged(sound, refused, deliveries, duplicates, counts["rows"], counts["invalid"], sampled)
