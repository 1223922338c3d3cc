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
    rows_written_since,
    table_exists,
)
from shared.files import copy_from_local
from shared.job import Job
from shared.plan import ModelInput, ModelTable, ModelTask
from shared.results import InputRead, TableResult
from shared.types import quote, sql_type, statistics_columns
from steps.around import around
from steps.dbt_project import InputRange, assemble, build, fingerprints, inputs_of, variables

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
    _make_missing(job.spark, task)
    is_full = _is_full(job.spark, task, before)
    ranges = {table.id: _range(job.spark, table, is_full) for table in task.inputs}
    with tempfile.TemporaryDirectory(prefix="sluice-dbt-") as name:
        folder = Path(name)
        assemble(folder, job.plan.domain, task)
        _register(job.spark, task, before)
        made_by = fingerprints(folder, job.plan.domain, task)
        kept = [] if is_full else _kept(job.spark, task, before, made_by)
        try:
            with job.timed("dbt"):
                outcome = build(folder, variables(task, ranges, made_by), is_full, kept)
        finally:
            _keep_evidence(job, folder / "target")
        for result in outcome.results:
            job.log(f"step=dbt table={result.node.name} seconds={result.execution_time:.2f}")
        reads = {table.table: inputs_of(folder, table.table) for table in task.tables}
    with job.timed("check"):
        return _results(job, task, ranges, reads, before)


def _make_missing(spark: SparkSession, task: ModelTask) -> None:
    """Optional inputs of which nothing has landed, as refine would make them: a model that reads them finds no rows."""
    for table in task.inputs:
        if table.missing is not None:
            columns = {column.name: sql_type(column) for column in table.missing}
            ensure_table(spark, table.uri, columns, statistics_columns(table.missing))


def _is_full(spark: SparkSession, task: ModelTask, before: Mapping[str, int]) -> bool:
    """Whether to build from all of silver: where changes are not known, or a table has not the contract's columns."""
    if not all(_knows_changes(spark, table) for table in task.inputs):
        return True
    built = [table for table in task.tables if table.id in before]
    return any(check_columns(read_table(spark, table.uri), table.columns).error for table in built)


def _knows_changes(spark: SparkSession, table: ModelInput) -> bool:
    if table.built_from_version is None:
        return False
    first, last = table.built_from_version + 1, latest_version(spark, table.uri)
    return first > last or has_version(spark, table.uri, first)


def _range(spark: SparkSession, table: ModelInput, is_full: bool) -> InputRange:
    built_from = -1 if is_full or table.built_from_version is None else table.built_from_version
    return InputRange(built_from + 1, latest_version(spark, table.uri))


def _kept(spark: SparkSession, task: ModelTask, before: Mapping[str, int], made_by: Mapping[str, str]) -> list[str]:
    """Tables without inputs that the slot holds as their contract and model would make them again."""
    built = [table for table in task.tables if table.id in before and table.table in made_by]
    return [table.table for table in built if property_of(spark, table.uri, MADE_BY) == made_by[table.table]]


def _register(spark: SparkSession, task: ModelTask, before: Mapping[str, int]) -> None:
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
    job: Job,
    task: ModelTask,
    ranges: Mapping[str, InputRange],
    reads: Mapping[str, set[tuple[str, str]]],
    before: Mapping[str, int],
) -> list[TableResult]:
    spark = job.spark
    rows = {table.id: _rows_read(spark, table, ranges[table.id]) for table in task.inputs}

    def result_of(table: ModelTable) -> TableResult:
        built = read_table(spark, table.uri)
        inputs = [
            table_input for table_input in task.inputs if (table_input.source, table_input.table) in reads[table.table]
        ]
        rows_in = sum(rows[table_input.id] for table_input in inputs)
        others = around(job, table.table, table.reads, rows_in)
        row_count, checks = check_table(built, table.columns, table.checks, others)
        return TableResult(
            table=table.id,
            uri=table.uri,
            contract_version=table.contract_version,
            inputs=tuple(_input_read(table_input, ranges[table_input.id]) for table_input in inputs),
            rows_in=rows_in,
            rows_out=rows_written_since(spark, table.uri, before.get(table.id, -1)),
            duplicates=0,
            quarantined=0,
            quarantine_uri=None,
            entries=0,
            judged_again=0,
            replayed=0,
            delta_version=latest_version(spark, table.uri),
            row_count=row_count,
            checks=(check_columns(built, table.columns), *checks),
        )

    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(result_of, task.tables))


def _input_read(table: ModelInput, read: InputRange) -> InputRead:
    return InputRead(table.id, min(read.from_version, read.to_version), read.to_version)


def _rows_read(spark: SparkSession, table: ModelInput, read: InputRange) -> int:
    """All rows for a full build, else the changed ones; the old version of a changed row does not count."""
    if read.from_version == 0:
        return read_table(spark, table.uri).count()
    if read.from_version > read.to_version:
        return 0
    changes = read_changes(spark, table.uri, read.from_version, read.to_version)
    return changes.where("_change_type != 'update_preimage'").count()
