"""Bronze → silver for all tables of a plan."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from graphlib import TopologicalSorter

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import ROW_CHECKS
from checks.references import refuses_orphans, refusing
from checks.table_checks import check_table
from shared.delta import read_appends, read_table
from shared.errors import SPARK_ERRORS, brief
from shared.job import Job
from shared.plan import RefineTask
from shared.replay import entries_frame, read_entries
from shared.results import TableResult
from steps.around import around
from steps.refine_table import refine_table
from transforms.events import first_deliveries
from transforms.history import VALIDITY_COLUMNS
from transforms.replay import events_of


def refine_tables(job: Job) -> list[TableResult]:
    """
    All tables at once, but for those that wait for others: small ones leave the cluster idle between their stages.
    A range is read once.
    """
    waves = [[Work(task, _entries(job, task)) for task in wave] for wave in waves_of(job.plan.refine)]
    events = {work.reads: _events(job, work).persist() for wave in waves for work in wave}
    try:
        with ThreadPoolExecutor(max_workers=4) as pool:
            refined: dict[str, TableResult] = {}
            for wave in waves:
                results = pool.map(lambda work: _refine(job, work, events[work.reads]), wave)
                refined |= {result.table: result for result in results}
            return list(pool.map(lambda task: _judge_whole(job, task, refined[task.table]), job.plan.refine))
    finally:
        for frame in events.values():
            frame.unpersist()


def waves_of(tasks: Iterable[RefineTask]) -> list[list[RefineTask]]:
    """Tables come after those in which their rows must find what they refer to; the lint lets none go in a circle."""
    by_table = {task.table: task for task in tasks}
    referred = {task.table: {references.table for _, references in refusing(task.checks)} for task in by_table.values()}
    sorter = TopologicalSorter({table: parents & by_table.keys() for table, parents in referred.items()})
    sorter.prepare()
    waves = []
    while tables := sorter.get_ready():
        waves.append([by_table[table] for table in tables])
        sorter.done(*tables)
    return waves


@dataclass(frozen=True)
class Work:
    """A table's task, and the entries of its rows that are judged again; None when there are none."""

    task: RefineTask
    again: DataFrame | None

    @property
    def reads(self) -> tuple[str, int, int, tuple[str, ...]]:
        """What of bronze: tables that read the same share it."""
        source = self.task.source
        return source.uri, source.from_version, source.to_version, self.task.replays


def _refine(job: Job, work: Work, events: DataFrame) -> TableResult:
    try:
        return refine_table(job, work.task, events, work.again)
    except SPARK_ERRORS as error:
        raise RuntimeError(f"{work.task.table}: {brief(error)}") from error


def _judge_whole(job: Job, task: RefineTask, result: TableResult) -> TableResult:
    """Add what no single row can break. Other tables are read for it, so all of them have been merged before."""
    checks = [check for check in task.checks if check.kind not in ROW_CHECKS and not refuses_orphans(check)]
    if not checks:
        return result
    with job.timed("check_whole", task.table):
        rows = read_table(job.spark, task.target.uri)
        others = around(job, task.target.table, task.reads, result.rows_in)
        columns = task.columns if task.history is None else (*task.columns, *VALIDITY_COLUMNS)
        _, whole = check_table(rows, columns, checks, others)
    return replace(result, checks=(*result.checks, *whole))


def _entries(job: Job, task: RefineTask) -> DataFrame | None:
    return entries_frame(job.spark, read_entries(job.spark, task.replays)) if task.replays else None


def _events(job: Job, work: Work) -> DataFrame:
    """New events, and those behind rows that are judged again. A range that ends before it begins has none."""
    source, parts = work.task.source, []
    if source.from_version <= source.to_version:
        new = read_appends(job.spark, source.uri, source.from_version, source.to_version)
        parts.append(new.withColumn("_is_replay", F.lit(False)))
    if work.again is not None:
        again = events_of(read_table(job.spark, source.uri), work.again)
        parts.append(again.withColumn("_is_replay", F.lit(True)))
    return first_deliveries(reduce(lambda a, b: a.unionByName(b, allowMissingColumns=True), parts))
