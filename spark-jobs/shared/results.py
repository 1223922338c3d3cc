"""What a job reports: `StepResults` of `lib/plan/plan.ts`, for the gate, the ledger and lineage."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """A value of a row that failed, as text; what is personal or confidential is only said to be there."""

    column: str
    value: str | None


Sample = tuple[Shown, ...]


@dataclass(frozen=True)
class CheckResult:
    """How often a check failed. `error` is set when it could not run: that is not a pass. See `lib/plan/plan.ts`."""

    id: str
    name: str
    on_failure: str
    block_above_percent: float | None
    evaluated: int
    failed: int
    error: str | None = None
    sample: tuple[Sample, ...] = ()
    actual: float | None = None
    #: Of `drift`: the rows in each of its buckets.
    sketch: tuple[int, ...] | None = None


@dataclass(frozen=True)
class InputRead:
    """The versions of an input that were read, both inclusive."""

    table: str
    from_version: int
    to_version: int


@dataclass(frozen=True)
class TableResult:
    """What a job did to one table."""

    table: str
    uri: str
    contract_version: str
    inputs: tuple[InputRead, ...]
    rows_in: int
    rows_out: int
    duplicates: int
    quarantined: int
    quarantine_uri: str | None
    #: Rows at `quarantine_uri`: what was refused, and what closes rows that were refused before.
    entries: int
    #: Rows judged again by a person's wish, and how many of them are sound now.
    judged_again: int
    replayed: int
    delta_version: int
    row_count: int
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True)
class StepResults:
    """What a job did."""

    version: int
    run_id: str
    step: str
    started_at: str
    ended_at: str
    #: Of files, by all tasks of the job; Delta's log, which the driver reads, is not in it.
    bytes_read: int
    tables: tuple[TableResult, ...]


def is_blocking(check: CheckResult) -> bool:
    """Whether the gate will block for this check; the same rule as in `lib/plan/judge-checks.ts`."""
    if check.on_failure in ("warn", "record"):
        return False
    if check.error is not None:
        return True
    if check.failed == 0:
        return False
    limit = check.block_above_percent
    return check.on_failure == "block" or (limit is not None and check.failed * 100 > limit * check.evaluated)
