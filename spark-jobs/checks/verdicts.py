"""What comes of a check's number: the same as in `lib/quality/judge-check.ts`; test/vectors holds them together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from shared.plan import Check, Expectation, RowLimit
from shared.results import CheckResult

REFUSED_ROWS = "rows:refused"
OPERATORS: Mapping[str, Callable[[float, Sequence[float]], bool]] = {
    "mustBe": lambda value, bounds: value == bounds[0],
    "mustNotBe": lambda value, bounds: value != bounds[0],
    "mustBeGreaterThan": lambda value, bounds: value > bounds[0],
    "mustBeGreaterOrEqualTo": lambda value, bounds: value >= bounds[0],
    "mustBeLessThan": lambda value, bounds: value < bounds[0],
    "mustBeLessOrEqualTo": lambda value, bounds: value <= bounds[0],
    "mustBeBetween": lambda value, bounds: bounds[0] <= value <= bounds[1],
    "mustNotBeBetween": lambda value, bounds: value < bounds[0] or value > bounds[1],
}


def failed_rows(expect: Expectation | None, rows: int, broken: int) -> int:
    """How many rows count against a check that `broken` of all rows break; 0 when so many may."""
    if expect is None:
        return broken
    if expect.unit != "percent":
        return 0 if meets(expect, broken) else max(broken, 1)
    # Multiplied instead of divided: no share is rounded. Of no rows there is no share.
    shares = [float(bound) * rows for bound in expect.bounds]
    return 0 if rows == 0 or OPERATORS[expect.operator](broken * 100, shares) else max(broken, 1)


def meets(expect: Expectation, value: float) -> bool:
    """Whether a number is as expected."""
    return OPERATORS[expect.operator](value, expect.bounds)


def counted(check: Check, rows: int, broken: int) -> CheckResult:
    """The result of a check that counts rows."""
    return _result(check, rows, failed_rows(check.expect, rows, broken), actual=broken)


def measured(check: Check, rows: int, actual: float | None) -> CheckResult:
    """The result of a check that measures the table. With nothing to measure, a table with rows fails."""
    if actual is None and check.kind == "sql":
        return could_not_run(check, "found no number, allowed: one")
    is_met = rows == 0 if actual is None else check.expect is None or meets(check.expect, actual)
    return _result(check, rows, 0 if is_met else 1, actual=actual if actual is not None and isfinite(actual) else None)


def sketched(check: Check, rows: int, sketch: Sequence[int]) -> CheckResult:
    """The result of a check that counts rows in buckets: how they were spread before only the gate knows."""
    return replace(_result(check, rows, 0), sketch=tuple(sketch))


def refused_rows(limit: RowLimit, rows: int, refused: int) -> CheckResult:
    """All rows that some rule refused, each once. The gate knows this check by its name."""
    percent = limit.percent if rows >= limit.from_rows else None
    return CheckResult(REFUSED_ROWS, "refused_rows", "quarantine", percent, rows, refused)


def summed(parts: Iterable[CheckResult], checks: Iterable[Check]) -> tuple[CheckResult, ...]:
    """Results of rules that were counted part by part, as if all rows had been judged at once."""
    expected = {check.id: check.expect for check in checks}
    by_rule: dict[str, list[CheckResult]] = {}
    for part in parts:
        by_rule.setdefault(part.id, []).append(part)
    return tuple(_sum(results, expected.get(rule)) for rule, results in by_rule.items())


def _sum(parts: Sequence[CheckResult], expect: Expectation | None) -> CheckResult:
    evaluated = sum(part.evaluated for part in parts)
    broken = sum(int(part.actual or 0) for part in parts)
    sample = next((part.sample for part in parts if part.sample), ())
    failed = failed_rows(expect, evaluated, broken)
    return replace(parts[0], evaluated=evaluated, failed=failed, actual=broken, sample=sample)


def could_not_run(check: Check, error: str) -> CheckResult:
    """The result of a check of which nothing is known."""
    return _result(check, 0, 0, error)


def _result(
    check: Check, evaluated: int, failed: int, error: str | None = None, actual: float | None = None
) -> CheckResult:
    limit = check.block_above_percent
    return CheckResult(check.id, check.name, check.on_failure, limit, evaluated, failed, error, actual=actual)
