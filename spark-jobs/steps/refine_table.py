"""Bronze → silver for one table: read a version range, check, quarantine, and merge what is newer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from checks.conditions import ROW_CHECKS
from checks.row_rules import check_results, failures, flag, rules_of
from checks.table_checks import check_whole
from shared.delta import at, ensure_table, latest_version, read_appends, read_table
from shared.job import Job
from shared.plan import Plan, RefineTask
from shared.results import CheckResult, InputRead, TableResult, is_blocking
from shared.types import quote, sql_type, statistics_columns
from transforms.events import POSITION, first_deliveries, rows_of, typed
from transforms.quarantine import Found, quarantine_rows
from transforms.replace_rows import newest_events, replace_rows

TECHNICAL = {**dict.fromkeys(POSITION, "string"), "_event_time": "timestamp", "_run_id": "string", "_contract_version": "string"}
ROWS_PER_FILE = 500_000


@dataclass(frozen=True)
class Arrived:
    """What the version range holds, and how it fared in the checks."""

    events: int
    duplicates: int
    rows: int
    invalid: int
    checks: list[CheckResult]


@dataclass(frozen=True)
class Merged:
    """What merging did: rows by kind of change, and source keys whose event the table had already."""

    changes: dict[str, int]
    known_events: int

    @property
    def written(self) -> int:
        """Rows that are new or have a new content."""
        return self.changes.get("insert", 0) + self.changes.get("update", 0)

    @property
    def deleted(self) -> int:
        """Rows that the newer event no longer has."""
        return self.changes.get("delete", 0)


NOTHING_MERGED = Merged({}, 0)


def refine_table(job: Job, task: RefineTask) -> TableResult:
    """Bring one silver table up to date. Where the gate is going to block, silver stays as it is."""
    spark, source, target = job.spark, task.source, task.target
    events = read_appends(spark, source.uri, source.from_version, source.to_version)
    rows = typed(rows_of(first_deliveries(events), source.explode, task.columns), task.columns)
    rules = rules_of(task, rows)
    checked = flag(rows, rules).persist()
    try:
        with job.timed("check", task.table):
            counts = checked.agg(*_counts(), *failures(rules)).collect()[0]
            arrived = _arrived(counts, check_results(rules, counts["rows"], counts))
        with job.timed("quarantine", task.table):
            _write_quarantine(job.plan, task, checked, arrived.invalid)
        ensure_table(spark, target.uri, _silver_columns(task), statistics_columns(task.columns, POSITION))
        arriving = _arriving(checked, task, job.plan)
        is_withheld = any(is_blocking(check) for check in arrived.checks)
        with job.timed("merge", task.table):
            merged = NOTHING_MERGED if is_withheld else _merge(spark, task, arriving)
        with job.timed("count", task.table):
            return _result(spark, task, arrived, merged, arriving)
    finally:
        checked.unpersist()


def _counts() -> list[Column]:
    is_first_row = F.coalesce("_ordinal", F.lit(0)) == 0
    return [
        F.coalesce(F.sum(F.when(is_first_row, F.col("_copies"))), F.lit(0)).alias("deliveries"),
        F.count_if(is_first_row).alias("events"),
        F.count(F.lit(1)).alias("rows"),
        F.count_if(~F.col("_is_valid")).alias("invalid"),
    ]


def _arrived(counts: Row, checks: list[CheckResult]) -> Arrived:
    duplicates = counts["deliveries"] - counts["events"]
    return Arrived(counts["deliveries"], duplicates, counts["rows"], counts["invalid"], checks)


def _write_quarantine(plan: Plan, task: RefineTask, checked: DataFrame, invalid: int) -> None:
    """Overwritten, not appended: a rerun must not double the quarantine."""
    if invalid == 0:
        return
    found = Found(plan.domain, task.table, task.contract_version, plan.run_id, plan.created_at)
    rows = quarantine_rows(checked.where(~F.col("_is_valid")), found)
    rows.coalesce(math.ceil(invalid / ROWS_PER_FILE)).write.mode("overwrite").parquet(task.quarantine_uri)


def _arriving(checked: DataFrame, task: RefineTask, plan: Plan) -> DataFrame:
    stamped = newest_events(checked.where("_is_valid"), task.source.key).withColumns(
        {"_run_id": F.lit(plan.run_id), "_contract_version": F.lit(task.contract_version)}
    )
    return stamped.select(*[quote(name) for name in _silver_columns(task)])


def _merge(spark: SparkSession, task: RefineTask, arriving: DataFrame) -> Merged:
    values = [column.name for column in task.columns]
    held = read_table(spark, task.target.uri)
    changes = replace_rows(arriving, held, task.keys, task.source.key, values).persist()
    try:
        known = F.count_distinct(F.when(F.col("_is_known"), F.col(quote(task.source.key))))
        by_kind = {kind: F.count_if(F.col("_change") == kind).alias(kind) for kind in CLAUSES}
        counts = changes.agg(known.alias("known"), *by_kind.values()).collect()[0]
        merged = Merged({kind: counts[kind] for kind in CLAUSES if counts[kind] > 0}, counts["known"])
        if merged.written or merged.deleted:  # else not even an empty commit: readers by version would take it for news
            _write(spark, task, changes, list(merged.changes))
        return merged
    finally:
        changes.unpersist()


def _write(spark: SparkSession, task: RefineTask, changes: DataFrame, kinds: Sequence[str]) -> None:
    if kinds == ["insert"]:  # the usual case, and several times as fast: MERGE would look for matches that cannot be
        rows = changes.where("_change = 'insert'").select(*[quote(name) for name in _silver_columns(task)])
        rows.write.format("delta").mode("append").save(task.target.uri)
    else:
        spark.sql(_merge_statement(task, kinds), changes=changes.where("_change != 'keep'"))


CLAUSES = {
    "update": "WHEN MATCHED AND s._change = 'update' THEN UPDATE SET {sets}",
    "delete": "WHEN MATCHED AND s._change = 'delete' THEN DELETE",
    "insert": "WHEN NOT MATCHED AND s._change = 'insert' THEN INSERT ({names}) VALUES ({values})",
}


def _merge_statement(task: RefineTask, kinds: Sequence[str]) -> str:
    """Only the clauses that are needed: with inserts alone Delta rewrites no file."""
    names = [quote(name) for name in _silver_columns(task)]
    on = " AND ".join(f"t.{quote(key)} = s.{quote(key)}" for key in task.keys)
    parts = {
        "names": ", ".join(names),
        "values": ", ".join(f"s.{name}" for name in names),
        "sets": ", ".join(f"{name} = s.{name}" for name in names),
    }
    clauses = " ".join(CLAUSES[kind].format(**parts) for kind in kinds)
    return f"MERGE INTO {at(task.target.uri)} AS t USING {{changes}} AS s ON {on} {clauses}"


def _silver_columns(task: RefineTask) -> dict[str, str]:
    return {**{column.name: sql_type(column) for column in task.columns}, **TECHNICAL}


def _whole_checks(task: RefineTask, silver: DataFrame, row_count: int, arriving: DataFrame) -> list[CheckResult]:
    """Merging keeps the key of what is there unique, so the key is checked on what arrives: silver may be large."""
    checks = [check for check in task.checks if check.kind not in ROW_CHECKS]
    is_merge_key = {check.id: check.kind == "unique" and set(check.columns) == set(task.keys) for check in checks}
    return [
        check_whole(arriving, arriving.count(), check) if is_merge_key[check.id] else check_whole(silver, row_count, check)
        for check in checks
    ]


def _result(
    spark: SparkSession, task: RefineTask, arrived: Arrived, merged: Merged, arriving: DataFrame
) -> TableResult:
    source, silver = task.source, read_table(spark, task.target.uri)
    row_count = silver.count()
    return TableResult(
        table=task.table,
        uri=task.target.uri,
        contract_version=task.contract_version,
        inputs=(InputRead(source.table, source.from_version, source.to_version),),
        rows_in=arrived.events,
        rows_out=merged.written,
        duplicates=arrived.duplicates + merged.known_events,
        quarantined=arrived.invalid,
        quarantine_uri=task.quarantine_uri if arrived.invalid else None,
        delta_version=latest_version(spark, task.target.uri),
        row_count=row_count,
        checks=(*arrived.checks, *_whole_checks(task, silver, row_count, arriving)),
    )
