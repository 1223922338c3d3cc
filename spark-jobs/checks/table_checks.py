"""Checks on a whole table: one shared aggregation, and one pass for each key, reference and comparison."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import MICROS_PER_MINUTE, ROW_CHECKS, condition, count_where
from checks.references import count_orphans, present
from checks.row_rules import contract_rules
from checks.samples import count_repeated, sample_rows
from checks.totals import difference
from checks.verdicts import could_not_run, counted, measured, sketched
from checks.watched import spread, watched
from shared.errors import SPARK_ERRORS, brief
from shared.plan import Check, Column
from shared.results import CheckResult
from shared.types import quote, sql_type

#: What a scan counts along with all else.
SHARED = (*ROW_CHECKS, "rowCount", "freshness", "anomaly", "drift")
#: A pass seldom has work for all cores from its beginning to its end.
PASSES_AT_ONCE = 2


@dataclass(frozen=True)
class Around:
    """What a table is judged by, beside itself: the plan's time, and other tables by their ids."""

    #: What its own rules in SQL call it.
    name: str
    now: str
    read: Callable[[str], DataFrame]
    #: The number that a statement over tables, by their names in it, answers with.
    ask: Callable[[str, Mapping[str, DataFrame]], float | None]
    #: Rows that came in with the run.
    rows_in: int = 0


def check_table(
    rows: DataFrame, columns: Sequence[Column], checks: Sequence[Check], around: Around
) -> tuple[int, list[CheckResult]]:
    """The table's row count and its checks' results. A check that cannot run is reported, and stops no other."""
    shared, unusable = _measures(columns, [check for check in checks if check.kind in SHARED], around)
    with ThreadPoolExecutor(PASSES_AT_ONCE) as pool:
        scan = pool.submit(_judge_shared, rows, shared)
        alone = [check for check in checks if check.kind not in SHARED]
        others = pool.map(lambda check: _judge_alone(rows, columns, lambda: scan.result()[0], check, around), alone)
        row_count, results = scan.result()
        results = _with_samples(rows, columns, checks, results)
        found = {result.id: result for result in (*results, *unusable, *others)}
    return row_count, [found[check.id] for check in checks]


def check_columns(rows: DataFrame, columns: Sequence[Column]) -> CheckResult:
    """Whether the table has the contract's columns, in its order and of its types."""
    wanted = [f"{column.name} {sql_type(column).replace('`', '')}" for column in columns]
    found = [f"{field.name} {field.dataType.simpleString()}" for field in rows.schema]
    wrong = [item for item in found if item not in wanted] + [item for item in wanted if item not in found]
    error = None if found == wanted else _wrong_columns(wrong, wanted)
    return CheckResult("columns", "columns_as_in_contract", "block", None, len(wanted), len(wrong), error)


def _wrong_columns(wrong: Sequence[str], wanted: Sequence[str]) -> str:
    if not wrong:
        return f"columns are in another order than in the contract; allowed: {', '.join(wanted)}"
    return f"columns differ from the contract in {', '.join(wrong)}; allowed: {', '.join(wanted)}"


Measure = tuple[Check, Expression]


def _measures(
    columns: Sequence[Column], checks: Sequence[Check], around: Around
) -> tuple[list[Measure], list[CheckResult]]:
    by_name = {column.name: column for column in columns}
    measures: list[Measure] = []
    unusable: list[CheckResult] = []
    for check in checks:
        try:
            measures.append((check, _measure(check, by_name, around)))
        except ValueError as error:
            unusable.append(could_not_run(check, str(error)))
    return measures, unusable


def _measure(check: Check, columns: Mapping[str, Column], around: Around) -> Expression:
    if check.kind == "rowCount":
        return F.count(F.lit(1))
    if check.kind == "freshness":
        newest = F.unix_micros(F.max(quote(check.columns[0])).cast("timestamp"))
        return (F.unix_micros(F.lit(around.now).cast("timestamp")) - newest) / MICROS_PER_MINUTE
    if check.kind == "anomaly":
        return watched(check, around.rows_in)
    if check.kind == "drift":
        return spread(check, columns)
    return count_where(~F.coalesce(condition(check, columns), F.lit(False)))


def _judge_shared(rows: DataFrame, measures: Sequence[Measure]) -> tuple[int, list[CheckResult]]:
    try:
        return _shared_pass(rows, measures)
    except SPARK_ERRORS:
        # Rare: one check is at fault, such as one on a column that is missing. A pass for each finds it.
        return rows.count(), [_pass_of_one(rows, measure) for measure in measures]


def _shared_pass(rows: DataFrame, measures: Sequence[Measure]) -> tuple[int, list[CheckResult]]:
    found = rows.agg(F.count(F.lit(1)), *[measure.alias(f"m{i}") for i, (_, measure) in enumerate(measures)]).collect()[
        0
    ]
    row_count: int = found[0]
    return row_count, [_verdict(check, row_count, found[i + 1]) for i, (check, _) in enumerate(measures)]


def _pass_of_one(rows: DataFrame, measure: Measure) -> CheckResult:
    try:
        return _shared_pass(rows, [measure])[1][0]
    except SPARK_ERRORS as error:
        return could_not_run(measure[0], brief(error))


def _verdict(check: Check, row_count: int, value: Any) -> CheckResult:
    if check.kind == "drift":
        return sketched(check, row_count, value)
    return counted(check, row_count, value) if check.kind in ROW_CHECKS else measured(check, row_count, value)


def _with_samples(
    rows: DataFrame, columns: Sequence[Column], checks: Sequence[Check], results: Sequence[CheckResult]
) -> list[CheckResult]:
    failed = {result.id for result in results if result.failed}
    rules = contract_rules([check for check in checks if check.id in failed], columns)
    samples = sample_rows(rows, rules, results, columns, _key_of(checks))
    return [replace(result, sample=samples.get(result.id, ())) for result in results]


def _key_of(checks: Sequence[Check]) -> tuple[str, ...]:
    """What tells rows of the table apart: the primary key comes first of what is unique."""
    return next((check.columns for check in checks if check.kind == "unique"), ())


def _judge_alone(
    rows: DataFrame, columns: Sequence[Column], row_count: Callable[[], int], check: Check, around: Around
) -> CheckResult:
    """One more pass; the row count may come later than its end."""
    try:
        if check.kind == "unique":
            return _unique(rows, columns, row_count, check)
        if check.kind == "foreignKey" and check.references:
            references = check.references
            orphans = count_orphans(rows, check.columns, around.read(references.table), references.columns)
            return counted(check, row_count(), orphans)
        if check.kind == "reconcile" and check.references:
            distance = difference(rows, around.read(check.references.table), check)
            return measured(check, row_count(), distance)
        if check.kind == "sql" and check.query:
            tables = {around.name: rows, **{read.name: around.read(read.table) for read in check.reads}}
            answer = around.ask(check.query, tables)
            return measured(check, row_count(), answer)
        return could_not_run(check, f"unknown kind '{check.kind}'")
    except SPARK_ERRORS as error:
        return could_not_run(check, brief(error))
    except ValueError as error:
        return could_not_run(check, str(error))


def _unique(rows: DataFrame, columns: Sequence[Column], row_count: Callable[[], int], check: Check) -> CheckResult:
    """Rows beyond the first of their key fail; a key with a null in it equals no other."""
    keyed = rows.where(present(check.columns))
    per_key = keyed.groupBy(*[quote(name) for name in check.columns]).count()
    failed, sample = count_repeated(per_key.where(F.col("count") > 1), check, columns)
    return replace(counted(check, row_count(), failed), sample=sample)
