"""Silver → gold: dbt builds the slot that consumers do not see, and the contracts' checks judge what came out."""

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from pyspark.sql import SparkSession

from checks.table_checks import check_columns, check_table
from shared.delta import (
    ensure_table,
    has_version,
    latest_version,
    property_of,
    read_changes,
    read_table,
    rows_written,
    table_exists,
)
from shared.files import copy_from_local
from shared.job import Job
from shared.plan import ModelInput, ModelTable, ModelTask
from shared.results import InputRead, TableResult
from shared.types import quote, sql_type, statistics_columns
from steps.around import around
from steps.choose_models import Choice, InputRange, Models, choose_models
from steps.dbt_project import assemble, build, parse, variables

EVIDENCE = ("manifest.json", "run_results.json")
#: Property of a table that tells by which contract and model it was made; `dbt/macros/table_properties.sql` sets it.
MADE_BY = "sluice.madeBy"


def build_gold(job: Job) -> list[TableResult]:
    """Build and check all gold tables of the domain; a plan without gold has nothing to build."""
    task = job.plan.model
    if task is None:
        return []
    before = {
        table.id: latest_version(job.spark, table.uri) for table in task.tables if table_exists(job.spark, table.uri)
    }
    make_missing(job.spark, task)
    ranges = {table.id: _range(job.spark, table) for table in task.inputs}
    register_tables(job.spark, task, before)
    models, choice = _build(job, task, ranges, before)
    with job.timed("check"):
        return _results(
            job, task, before, {table.id: _reads(models, task, table, ranges, choice) for table in task.tables}
        )


def _build(
    job: Job, task: ModelTask, ranges: Mapping[str, InputRange], before: Mapping[str, int]
) -> tuple[Models, Choice]:
    with tempfile.TemporaryDirectory(prefix="sluice-dbt-") as name:
        folder = Path(name)
        assemble(folder, job.plan.domain, task)
        with job.timed("parse"):
            manifest = parse(folder, variables(task, ranges, Choice()))
        models = Models(manifest)
        choice = choose_models(
            models, task, ranges, lambda *made: made[0].id in before and _is_as_made(job.spark, *made)
        )
        try:
            with job.timed("dbt"):
                outcome = build(folder, task, variables(task, ranges, choice), manifest, choice)
        finally:
            _keep_evidence(job, folder / "target")
    for result in outcome.results:
        job.log(f"step=dbt table={result.node.name} seconds={result.execution_time:.2f}")
    return models, choice


def make_missing(spark: SparkSession, task: ModelTask) -> None:
    """Optional inputs of which nothing has landed, as refine would make them: a model that reads them finds no rows."""
    for table in task.inputs:
        if table.missing is not None:
            columns = {column.name: sql_type(column) for column in table.missing}
            ensure_table(spark, table.uri, columns, statistics_columns(table.missing))


def _range(spark: SparkSession, table: ModelInput) -> InputRange:
    """All of the input where the log does not tell what changed since the slot was built."""
    latest = latest_version(spark, table.uri)
    if table.built_from_version is None:
        return InputRange(0, latest)
    first = table.built_from_version + 1
    is_known = first > latest or has_version(spark, table.uri, first)
    return InputRange(first if is_known else 0, latest)


def _is_as_made(spark: SparkSession, table: ModelTable, made_by: str) -> bool:
    if property_of(spark, table.uri, MADE_BY) != made_by:
        return False
    return check_columns(read_table(spark, table.uri), table.columns).error is None


def _reads(
    models: Models, task: ModelTask, table: ModelTable, ranges: Mapping[str, InputRange], choice: Choice
) -> list[tuple[ModelInput, InputRange]]:
    """Inputs of a table, and what was read of them: all of it where the table was made anew."""
    is_whole = table.table in choice.rebuilt
    read = [(found, ranges[found.id]) for found in models.inputs(task, table.table)]
    return [(found, InputRange(0, changed.to_version) if is_whole else changed) for found, changed in read]


def register_tables(spark: SparkSession, task: ModelTask, before: Mapping[str, int]) -> None:
    """Tell the catalogue of the slot's tables: it may start empty, and dbt builds in full what it cannot see."""
    if not spark.catalog.databaseExists(task.database):
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {quote(task.database)}")
    for table in task.tables:
        if table.id in before:
            name = f"{quote(table.database)}.{quote(table.table)}"
            spark.sql(f"CREATE TABLE IF NOT EXISTS {name} USING delta LOCATION '{table.uri}'")


def _keep_evidence(job: Job, target: Path) -> None:
    """Leave dbt's own account of the run beside the results, also when it failed. There is none if parsing failed."""
    folder = job.plan.results.model.rpartition("/")[0]
    for name in EVIDENCE:
        with suppress(FileNotFoundError):
            copy_from_local(job.spark, target / name, f"{folder}/{name}")


def _results(
    job: Job, task: ModelTask, before: Mapping[str, int], reads: Mapping[str, list[tuple[ModelInput, InputRange]]]
) -> list[TableResult]:
    spark = job.spark
    read_once = {(found.uri, read) for inputs in reads.values() for found, read in inputs}

    def result_of(table: ModelTable) -> TableResult:
        built = read_table(spark, table.uri)
        version = latest_version(spark, table.uri)
        rows_in = sum(rows[found.uri, read].result() for found, read in reads[table.id])
        others = around(job, table.table, table.reads, rows_in)
        row_count, checks = check_table(built, table.columns, table.checks, others)
        return TableResult(
            table=table.id,
            uri=table.uri,
            contract_version=table.contract_version,
            inputs=tuple(_input_read(*read) for read in reads[table.id]),
            rows_in=rows_in,
            rows_out=rows_written(spark, table.uri, before.get(table.id, -1) + 1, version),
            duplicates=0,
            quarantined=0,
            quarantine_uri=None,
            entries=0,
            judged_again=0,
            replayed=0,
            delta_version=version,
            row_count=row_count,
            checks=(check_columns(built, table.columns), *checks),
        )

    with ThreadPoolExecutor(max_workers=4) as pool:
        rows = {each: pool.submit(_rows_read, spark, *each) for each in read_once}
        return list(pool.map(result_of, task.tables))


def _input_read(table: ModelInput, read: InputRange) -> InputRead:
    return InputRead(table.id, min(read.from_version, read.to_version), read.to_version)


def _rows_read(spark: SparkSession, uri: str, read: InputRange) -> int:
    """All rows for a full build, else the changed ones; the old version of a changed row does not count."""
    if read.from_version == 0:
        return read_table(spark, uri).count()
    if read.is_empty:
        return 0
    changes = read_changes(spark, uri, read.from_version, read.to_version)
    return changes.where("_change_type != 'update_preimage'").count()
