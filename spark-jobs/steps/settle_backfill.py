"""The end of a backfill: silver is compared with what the intervals made, and brought to it in one commit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame

from checks.verdicts import refused_rows, summed
from shared.backfill_plan import BackfillPlan
from shared.backfill_results import Entries, IntervalResult, Part, Settled
from shared.decode import decode
from shared.delta import latest_version, table_exists
from shared.files import exists, read_text
from shared.frames import persisted
from shared.job import Context, now
from shared.results import CheckResult, is_blocking
from steps.bring_table import bring_silver
from steps.fill_interval import made_columns, made_schema
from steps.judge_again import Again, judged_again
from steps.stored_tables import silver_table
from transforms.settle import first_places


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
    written = job.spark.read.schema(made_schema(plan)).parquet(*[result.rows_uri for result in intervals])
    upto = max(consumed, plan.task.source.to_version)
    with persisted(first_places(written)) as made, judged_again(job, plan, made, upto) as again:
        total = _total(plan, [*intervals, *([again.part] if again else [])])
        reasons = [_reason(check) for check in total.checks if is_blocking(check)]
        comparison, is_applied = None, False
        if not reasons:
            comparison, is_applied = bring_silver(job, plan, _latest(plan, made, again), dry_run)
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
        row_count=silver_table(plan.task).content(job.spark).count(),
        checks=total.checks,
    )


def _latest(plan: BackfillPlan, made: DataFrame, again: Again | None) -> DataFrame:
    """The later judgement of an event stands for the earlier one."""
    if again is None:
        return made
    kept = made.join(again.events.select("_event_id"), "_event_id", "left_anti")
    return kept.unionByName(again.sound.select(*made_columns(plan)))


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
