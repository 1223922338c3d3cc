"""Bronze → silver for all tables of a plan."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pyspark.sql import DataFrame

from checks.conditions import ROW_CHECKS
from checks.table_checks import check_table
from shared.delta import read_appends, read_table
from shared.errors import SPARK_ERRORS, brief
from shared.job import Job
from shared.plan import RefineTask
from shared.results import TableResult
from steps.around import around
from steps.refine_table import refine_table
from transforms.events import first_deliveries


def refine_tables(job: Job) -> list[TableResult]:
    """All tables at once, since small ones leave the cluster idle between their stages. A range is read once."""
    events = {_range_of(task): _events(job, task).persist() for task in job.plan.refine}
    try:
        with ThreadPoolExecutor(max_workers=4) as pool:
            refined = list(pool.map(lambda task: _refine(job, task, events[_range_of(task)]), job.plan.refine))
            return list(pool.map(lambda task, result: _judge_whole(job, task, result), job.plan.refine, refined))
    finally:
        for frame in events.values():
            frame.unpersist()


def _refine(job: Job, task: RefineTask, events: DataFrame) -> TableResult:
    try:
        return refine_table(job, task, events)
    except SPARK_ERRORS as error:
        raise RuntimeError(f"{task.table}: {brief(error)}") from error


def _judge_whole(job: Job, task: RefineTask, result: TableResult) -> TableResult:
    """Add what no single row can break. Other tables are read for it, so all of them have been merged before."""
    checks = [check for check in task.checks if check.kind not in ROW_CHECKS]
    if not checks:
        return result
    with job.timed("check_whole", task.table):
        rows = read_table(job.spark, task.target.uri)
        _, whole = check_table(rows, task.columns, checks, around(job, task.reads))
    return replace(result, checks=(*result.checks, *whole))


def _events(job: Job, task: RefineTask) -> DataFrame:
    source = task.source
    return first_deliveries(read_appends(job.spark, source.uri, source.from_version, source.to_version))


def _range_of(task: RefineTask) -> tuple[str, int, int]:
    return task.source.uri, task.source.from_version, task.source.to_version
