"""Checks on a whole table: one shared aggregation for all rows, and one group-by for each unique key."""

from collections.abc import Sequence
from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import ROW_CHECKS
from checks.row_rules import RowRule, check_results, contract_rules, failures
from checks.samples import sample_keys, sample_rows
from shared.errors import SPARK_ERRORS, brief
from shared.plan import Check, Column
from shared.results import CheckResult
from shared.types import quote, sql_type


def check_table(rows: DataFrame, columns: Sequence[Column], checks: Sequence[Check]) -> tuple[int, list[CheckResult]]:
    """The table's row count and its checks' results. A check that cannot run is reported, and stops no other."""
    rules, unusable = _usable_rules(columns, [check for check in checks if check.kind in ROW_CHECKS])
    row_count, results = _judge_rows(rows, rules)
    samples = sample_rows(rows, rules, results, columns, _key_of(checks))
    results = [replace(result, sample=samples.get(result.id, ())) for result in results]
    others = [check_whole(rows, row_count, check, columns) for check in checks if check.kind not in ROW_CHECKS]
    return row_count, [*results, *unusable, *others]


def check_whole(rows: DataFrame, row_count: int, check: Check, columns: Sequence[Column]) -> CheckResult:
    """A check that no single row can break."""
    try:
        if check.kind == "unique":
            return _unique(rows, row_count, check, columns)
        if check.kind == "rowCount":
            is_within = (check.min is None or row_count >= check.min) and (check.max is None or row_count <= check.max)
            return _result(check, row_count, 0 if is_within else 1)
        return _result(check, 0, 0, f"unknown kind '{check.kind}'")
    except SPARK_ERRORS as error:
        return _result(check, 0, 0, brief(error))


def check_columns(rows: DataFrame, columns: Sequence[Column]) -> CheckResult:
    """Whether the table has the contract's columns, in its order and of its types."""
    wanted = [f"{column.name} {sql_type(column).replace('`', '')}" for column in columns]
    found = [f"{field.name} {field.dataType.simpleString()}" for field in rows.schema]
    wrong = [item for item in found if item not in wanted] + [item for item in wanted if item not in found]
    error = None if found == wanted else _difference(wrong, wanted)
    return CheckResult("columns", "columns_as_in_contract", "block", None, len(wanted), len(wrong), error)


def _difference(wrong: Sequence[str], wanted: Sequence[str]) -> str:
    if not wrong:
        return f"columns are in another order than in the contract; allowed: {', '.join(wanted)}"
    return f"columns differ from the contract in {', '.join(wrong)}; allowed: {', '.join(wanted)}"


def _usable_rules(columns: Sequence[Column], checks: Sequence[Check]) -> tuple[list[RowRule], list[CheckResult]]:
    rules: list[RowRule] = []
    unusable: list[CheckResult] = []
    for check in checks:
        try:
            rules += contract_rules([check], columns)
        except ValueError as error:
            unusable.append(_result(check, 0, 0, str(error)))
    return rules, unusable


def _judge_rows(rows: DataFrame, rules: Sequence[RowRule]) -> tuple[int, list[CheckResult]]:
    try:
        return _shared_pass(rows, rules)
    except SPARK_ERRORS:
        # Rare: one rule is at fault, such as a pattern that Java does not know. A pass for each finds it.
        return rows.count(), [_alone(rows, rule) for rule in rules]


def _shared_pass(rows: DataFrame, rules: Sequence[RowRule]) -> tuple[int, list[CheckResult]]:
    counts = rows.agg(F.count(F.lit(1)).alias("rows"), *failures(rules)).collect()[0]
    return counts["rows"], check_results(rules, counts["rows"], counts)


def _alone(rows: DataFrame, rule: RowRule) -> CheckResult:
    try:
        return _shared_pass(rows, [rule])[1][0]
    except SPARK_ERRORS as error:
        return CheckResult(rule.id, rule.name, rule.on_failure, rule.block_above_percent, 0, 0, brief(error))


def _unique(rows: DataFrame, row_count: int, check: Check, columns: Sequence[Column]) -> CheckResult:
    """Rows beyond the first of their key fail."""
    repeated = rows.groupBy(*[quote(name) for name in check.columns]).count().where(F.col("count") > 1)
    beyond = F.coalesce(F.sum(F.col("count") - 1), F.lit(0)).alias("beyond")
    failed = int(repeated.agg(beyond).collect()[0]["beyond"])
    sample = sample_keys(repeated, check, columns) if failed else ()
    return replace(_result(check, row_count, failed), sample=sample)


def _key_of(checks: Sequence[Check]) -> tuple[str, ...]:
    """What tells rows of the table apart: the primary key comes first of what is unique."""
    return next((check.columns for check in checks if check.kind == "unique"), ())


def _result(check: Check, evaluated: int, failed: int, error: str | None = None) -> CheckResult:
    return CheckResult(check.id, check.name, check.on_failure, check.block_above_percent, evaluated, failed, error)
