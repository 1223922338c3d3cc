"""Every rule that a single row can break: the contract's, and those that merging by a key needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from checks.conditions import MICROS_PER_MINUTE, ROW_CHECKS, condition, count_where, reason, shown
from checks.references import leads_somewhere
from checks.verdicts import failed_rows
from shared.plan import Ahead, Changes, Check, Column, Expectation, Late, Reference, RefineTask
from shared.results import CheckResult
from shared.types import quote
from transforms.events import cast_original, needs_cast


@dataclass(frozen=True)
class RowRule:
    """A condition, and the sentence for a row that does not meet it."""

    id: str
    name: str
    passes: Expression
    reason: Expression
    columns: tuple[str, ...] = ()
    on_failure: str = "quarantine"
    block_above_percent: float | None = None
    expect: Expectation | None = None


def rules_of(task: RefineTask, rows: DataFrame) -> list[RowRule]:
    """All rules for a silver table's typed rows, which say of their references whether there is a parent."""
    rules = [
        *_structural_rules(task, rows),
        *contract_rules(task.checks, task.columns),
        *reference_rules(task.checks, task.columns),
    ]
    if task.source.explode is not None:
        # An event without items is a row without content: it breaks the one rule that speaks of it, and no other.
        has_item = F.col("_ordinal").isNotNull()
        rules = [_has_items(task.source.explode), *[replace(rule, passes=~has_item | rule.passes) for rule in rules]]
    if task.changes is None:
        return rules
    return [*_change_rules(task, task.changes), *[_unless_removal(rule) for rule in rules]]


def contract_rules(checks: Iterable[Check], columns: Sequence[Column]) -> list[RowRule]:
    """The contract's row checks."""
    by_name = {column.name: column for column in columns}
    return [_contract_rule(check, by_name) for check in checks if check.kind in ROW_CHECKS]


def reference_rules(checks: Iterable[Check], columns: Sequence[Column]) -> list[RowRule]:
    """The contract's references that refuse rows."""
    by_name = {column.name: column for column in columns}
    return [
        _rule(check, is_followed, _orphaned([by_name[name] for name in check.columns], references))
        for check, references, is_followed in leads_somewhere(checks)
    ]


def is_broken(rule: RowRule) -> Expression:
    """An unknown condition counts as broken: a null must not pass as good data."""
    return ~F.coalesce(rule.passes, F.lit(False))


def is_valid(rules: Sequence[RowRule], refusing: Sequence[str] = ("quarantine",)) -> Expression:
    """Whether a row breaks no rule that quarantines."""
    broken = [is_broken(rule) for rule in rules if rule.on_failure in refusing]
    return ~reduce(or_, broken, F.lit(False))


def is_sound(rules: Sequence[RowRule]) -> Expression:
    """Whether a row that is judged again may go on: what would block counts as well, since it must block no run."""
    return is_valid(rules, ("quarantine", "block"))


def failed_rules(rules: Sequence[RowRule]) -> Expression:
    """Ids and sentences of all rules that a row breaks, as an array."""
    broken = [
        F.when(is_broken(rule), F.struct(F.lit(rule.id).alias("id"), rule.reason.alias("reason"))) for rule in rules
    ]
    return F.array_compact(F.array(*broken))


def failures(rules: Sequence[RowRule]) -> list[Expression]:
    """Aggregates: how many rows break each rule, in the order of the rules."""
    return [count_where(is_broken(rule)).alias(f"failed_{i}") for i, rule in enumerate(rules)]


def check_results(rules: Sequence[RowRule], evaluated: int, counts: Row) -> list[CheckResult]:
    """What `failures` counted."""
    return [_result(rule, evaluated, counts[f"failed_{i}"]) for i, rule in enumerate(rules)]


def _result(rule: RowRule, evaluated: int, broken: int) -> CheckResult:
    failed = failed_rows(rule.expect, evaluated, broken)
    limit = rule.block_above_percent
    return CheckResult(rule.id, rule.name, rule.on_failure, limit, evaluated, failed, actual=broken)


def _contract_rule(check: Check, columns: Mapping[str, Column]) -> RowRule:
    return _rule(check, condition(check, columns), reason(check, columns))


def _rule(check: Check, passes: Expression, sentence: Expression) -> RowRule:
    outcome = (check.on_failure, check.block_above_percent, check.expect)
    return RowRule(check.id, check.name, passes, sentence, check.columns, *outcome)


def _orphaned(columns: Sequence[Column], references: Reference) -> Expression:
    found = F.concat_ws(", ", *[shown(column) for column in columns])
    allowed = f"one in {references.table} ({', '.join(references.columns)})"
    names = ", ".join(column.name for column in columns)
    return F.concat(F.lit(f"{names}: found "), found, F.lit(f"; allowed: {allowed}"))


def _structural_rules(task: RefineTask, rows: DataFrame) -> list[RowRule]:
    rules = [_type_rule(column) for column in task.columns if needs_cast(rows, column)]
    stated = {check.columns[0] for check in task.checks if check.kind == "required" and check.on_failure != "warn"}
    rules += [_key_rule(key) for key in task.keys if key not in stated]
    if task.source.explode is not None:
        rules.append(_is_first_of_key(task.keys))
    if task.late is not None:
        rules.append(_in_time(task.late, task.source.table))
    by_name = {column.name: column for column in task.columns}
    rules += [_not_ahead(ahead, by_name[ahead.column]) for ahead in task.ahead]
    return rules


LATE = "late:_event_time"


def _unless_removal(rule: RowRule) -> RowRule:
    """What removes rows has no content to judge. It can come too late, as all that comes."""
    return rule if rule.id == LATE else replace(rule, passes=F.col("_removes").isNotNull() | rule.passes)


def _change_rules(task: RefineTask, changes: Changes) -> list[RowRule]:
    key, rules = task.source.key, []
    if changes.operation is not None:
        names_key = ~F.col("_removes").eqNullSafe("key") | F.col(quote(key)).isNotNull()
        sentence = F.lit(f"{key}: found no value; allowed: any value, since a delete names the key of its rows")
        rules.append(RowRule(f"delete:{key}", f"{key}_delete", names_key, sentence))
    if changes.order_by is not None:
        order = changes.order_by
        sentence = F.lit(f"{order}: found no value; allowed: any value, since it orders the events of a key")
        rules.append(RowRule(f"order:{order}", f"{order}_order", F.col(quote(order)).isNotNull(), sentence))
    return rules


def _type_rule(column: Column) -> RowRule:
    fits = F.col(f"_raw.{quote(column.name)}").isNull() | cast_original(column).isNotNull()
    sentence = F.lit(f"{column.name}: found a value that does not fit; allowed: {column.type}")
    return RowRule(f"type:{column.name}", f"{column.name}_type", fits, sentence, (column.name,))


def _key_rule(key: str) -> RowRule:
    sentence = F.lit(f"{key}: found no value; allowed: any value, since it is part of the key")
    return RowRule(f"key:{key}", f"{key}_key", F.col(quote(key)).isNotNull(), sentence)


def _in_time(late: Late, source: str) -> RowRule:
    found = F.date_format("_event_time", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
    allowed = f"; allowed: not before {late.before}, {late.horizon} before the latest event of {source}"
    sentence = F.concat(F.lit("_event_time: found "), found, F.lit(allowed))
    return RowRule(LATE, "event_time_late", ~F.col("_is_late"), sentence)


def _not_ahead(ahead: Ahead, column: Column) -> RowRule:
    """A row that is judged again may have waited until its time came."""
    judged = F.greatest("_ingested_at", F.lit(ahead.now).cast("timestamp"))
    arrived = F.when(F.col("_is_replay"), judged).otherwise(F.col("_ingested_at"))
    value = F.col(quote(column.name))
    passes = value.isNull() | (F.unix_micros(value) <= F.unix_micros(arrived) + int(ahead.minutes * MICROS_PER_MINUTE))
    allowed = F.lit(f"; allowed: at most {ahead.horizon} after the event's arrival")
    sentence = F.concat(F.lit(f"{column.name}: found "), shown(column), allowed)
    return RowRule(f"ahead:{column.name}", f"{column.name}_ahead", passes, sentence, (column.name,))


def _has_items(explode: str) -> RowRule:
    sentence = F.lit(f"{explode}: found no item; allowed: at least 1")
    return RowRule(f"items:{explode}", f"{explode}_items", F.col("_ordinal").isNotNull(), sentence)


def _is_first_of_key(keys: Sequence[str]) -> RowRule:
    sentence = F.lit(f"{', '.join(keys)}: found again in the same event; allowed: once, and the first one counts")
    return RowRule("key:repeated", "key_not_repeated", F.col("_occurrence") == 1, sentence)
