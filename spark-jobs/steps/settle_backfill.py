"""The end of a backfill: silver is compared with what the intervals made, and brought to it in one commit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import count_where
from checks.verdicts import refused_rows, summed
from shared.backfill_plan import BackfillPlan
from shared.backfill_results import Comparison, Entries, IntervalResult, Part, Settled
from shared.decode import decode
from shared.delta import ensure_table, latest_version, read_table, table_exists
from shared.files import exists, read_text
from shared.frames import persisted
from shared.job import Context, now
from shared.results import CheckResult, is_blocking
from shared.types import statistics_columns
from steps.fill_interval import made_columns, made_schema
from steps.judge_again import Again, judged_again
from steps.merge_table import columns_of, merge_statement
from transforms.events import POSITION, within
from transforms.settle import changes_of, differences, first_places, surplus_rows


@dataclass(frozen=True)
class Total:
    """All intervals and what was judged after them, as one."""

    events: int
    duplicates: int
    rows: int
    refused: int
    quarantine: tuple[Entries, ...]
    checks: tuple[CheckResult, ...]


def settle_backfill(job: Context, plan: BackfillPlan, consumed: int, dry_run: bool) -> Settled:
    """
    For whoever has the domain's lease. `consumed` is the version of bronze that silver has taken in. Done again, it
    finds nothing to change.
    """
    started_at = now()
    intervals = [_result_of(job, plan, interval.index) for interval in plan.intervals]
    before = _silver_version(job, plan)
    shown = _shown(job, plan)
    written = job.spark.read.schema(made_schema(plan)).parquet(*[result.rows_uri for result in intervals])
    upto = max(consumed, plan.task.source.to_version)
    with persisted(first_places(written)) as made, judged_again(job, plan, made, shown, upto) as again:
        total = _total(plan, [*intervals, *([again.part] if again else [])])
        reasons = [_reason(check) for check in total.checks if is_blocking(check)]
        comparison, is_applied = None, False
        if not reasons:
            comparison, is_applied = _bring(job, plan, _latest(plan, made, again), shown, dry_run)
    return Settled(
        version=1,
        backfill_id=plan.backfill_id,
        started_at=started_at,
        ended_at=now(),
        outcome="refused" if reasons else "applied" if is_applied else "compared" if dry_run else "unchanged",
        reasons=tuple(reasons),
        comparison=comparison,
        events=total.events,
        duplicates=total.duplicates,
        rows=total.rows,
        refused=total.refused,
        caught_up=again.part.events if again else 0,
        quarantine=total.quarantine,
        version_before=before,
        version_after=_silver_version(job, plan),
        row_count=_shown(job, plan).count(),
        checks=total.checks,
    )


def _latest(plan: BackfillPlan, made: DataFrame, again: Again | None) -> DataFrame:
    """The later judgement of an event stands for the earlier one."""
    if again is None:
        return made
    kept = made.join(again.events.select("_event_id"), "_event_id", "left_anti")
    return kept.unionByName(again.sound.select(*made_columns(plan)))


def _bring(
    job: Context, plan: BackfillPlan, made: DataFrame, shown: DataFrame, dry_run: bool
) -> tuple[Comparison, bool]:
    """Compare, and apply what differs unless it is a dry run; whether anything was applied."""
    task = plan.task
    compared = differences(made, shown, within(plan.from_, plan.to), task.keys, task.source.key)
    with persisted(compared) as found:
        with job.timed("compare", task.table):
            comparison = _compare(found)
        kinds = [] if dry_run else _kinds(comparison)
        if kinds:
            with job.timed("apply", task.table):
                _apply(job, plan, changes_of(found), kinds)
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


def _apply(job: Context, plan: BackfillPlan, changes: DataFrame, kinds: list[str]) -> None:
    task, columns = plan.task, columns_of(plan.task)
    ensure_table(job.spark, task.target.uri, columns, statistics_columns(task.columns, POSITION))
    origin = {"_run_id": F.lit(plan.backfill_id), "_contract_version": F.lit(task.contract_version)}
    statement = merge_statement(task.target.uri, task.keys, list(columns), kinds)
    job.spark.sql(statement, changes=changes.withColumns(origin))


def _shown(job: Context, plan: BackfillPlan) -> DataFrame:
    """Silver as it is; columns that the contract has gained since are empty, and there are no rows without a table."""
    types = columns_of(plan.task)
    if not table_exists(job.spark, plan.task.target.uri):
        return job.spark.createDataFrame([], made_schema(plan))
    silver = read_table(job.spark, plan.task.target.uri)
    lacking = {name: F.lit(None).cast(kind) for name, kind in types.items() if name not in silver.columns}
    return silver.withColumns(lacking).select(*made_columns(plan))


def _silver_version(job: Context, plan: BackfillPlan) -> int | None:
    uri = plan.task.target.uri
    return latest_version(job.spark, uri) if table_exists(job.spark, uri) else None


def _result_of(job: Context, plan: BackfillPlan, index: int) -> IntervalResult:
    uri = plan.interval_uri(index)
    if not exists(job.spark, uri):
        raise ValueError(f"{plan.backfill_id}: interval {index} has no result at {uri}; fill it before settling")
    return decode(IntervalResult, json.loads(read_text(job.spark, uri)), uri)


def _total(plan: BackfillPlan, parts: Sequence[Part]) -> Total:
    rows, refused = sum(part.rows for part in parts), sum(part.refused for part in parts)
    checks = summed([check for part in parts for check in part.checks], plan.task.checks)
    return Total(
        events=sum(part.events for part in parts),
        duplicates=sum(part.duplicates for part in parts),
        rows=rows,
        refused=refused,
        quarantine=tuple(Entries(part.quarantine_uri, part.refused) for part in parts if part.quarantine_uri),
        checks=(*checks, refused_rows(plan.task.limit, rows, refused)),
    )


def _reason(check: CheckResult) -> str:
    allowed = f"{check.block_above_percent or 0:g} %"
    return f"{check.id}: found {check.failed} of {check.evaluated} rows, allowed: {allowed}"
