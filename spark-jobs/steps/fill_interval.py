"""One interval of a backfill: what bronze holds of it, judged as in refine, beside silver and not in it."""

from uuid import uuid4

from pyspark.sql import functions as F

from shared.backfill_plan import BackfillPlan
from shared.backfill_results import IntervalResult, Part
from shared.delta import read_table
from shared.frames import persisted
from shared.job import Context, now
from shared.types import quote
from steps.judge_rows import Judged, judged_rows, write_rows
from steps.stored_tables import columns_of
from transforms.events import POSITION, first_deliveries, within
from transforms.quarantine import Found, quarantine_rows


def fill_interval(job: Context, plan: BackfillPlan, index: int) -> IntervalResult:
    """
    Drivers side by side must not commit to one Delta table, so an interval's rows are Parquet of their own. What an
    attempt leaves counts only when its result names it: one that was ended, or goes on unseen, does no harm.
    """
    started_at = now()
    interval, source = plan.interval(index), plan.task.source
    bronze = read_table(job.spark, source.uri, source.to_version).where(within(interval.from_, interval.to))
    attempt = f"{index}-{uuid4().hex}"
    rows_uri = f"{plan.shadow.uri}/{attempt}"
    deliveries = first_deliveries(bronze.withColumn("_is_replay", F.lit(False)))
    with persisted(deliveries) as events, judged_rows(job, plan.task, events) as judged:
        write_rows(judged.sound.select(*made_columns(plan)), judged.rows, rows_uri)
        part = part_of(plan, judged, attempt)
    return IntervalResult(
        version=1,
        backfill_id=plan.backfill_id,
        index=index,
        started_at=started_at,
        ended_at=now(),
        rows_uri=rows_uri,
        **vars(part),
    )


def made_columns(plan: BackfillPlan) -> list[str]:
    """What is kept of a row: the contract's columns, the place of its event, and what it removes."""
    return [quote(column.name) for column in plan.task.columns] + [*POSITION, "_removes"]


def made_schema(plan: BackfillPlan) -> str:
    """These columns with their types."""
    types = columns_of(plan.task) | {"_removes": "string"}
    names = [*(column.name for column in plan.task.columns), *POSITION, "_removes"]
    return ", ".join(f"{quote(name)} {types[name]}" for name in names)


def part_of(plan: BackfillPlan, judged: Judged, attempt: str) -> Part:
    """The numbers, once the refused rows are left as quarantine entries."""
    return Part(
        events=judged.deliveries,
        duplicates=judged.duplicates,
        rows=judged.rows,
        refused=judged.invalid,
        quarantine_uri=_write_refused(plan, judged, attempt),
        checks=judged.checks,
    )


def _write_refused(plan: BackfillPlan, judged: Judged, attempt: str) -> str | None:
    if judged.invalid == 0:
        return None
    task, uri = plan.task, f"{plan.task.quarantine_uri}/{attempt}"
    found = Found(plan.domain, task.table, task.contract_version, plan.backfill_id, plan.created_at)
    write_rows(quarantine_rows(judged.refused.where("NOT _is_replay"), found), judged.invalid, uri)
    return uri
