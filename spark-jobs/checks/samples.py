"""A few of the rows that break a rule, for people: which rows they are, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from checks.conditions import MAX_SHOWN
from checks.row_rules import RowRule, is_broken
from shared.plan import Check, Column
from shared.results import CheckResult, Sample, Shown
from shared.types import is_nested, quote

MOST_ROWS = 3
#: Of so many rules at once; of a table that breaks more, the first ones tell enough.
MOST_RULES = 50

#: Rows among which samples are sought first: reading ends with them.
MANY_SUSPECTS = 2000

Samples = Mapping[str, tuple[Sample, ...]]


def sample_rows(
    rows: DataFrame,
    rules: Sequence[RowRule],
    results: Sequence[CheckResult],
    columns: Sequence[Column],
    key: Sequence[str],
) -> Samples:
    """
    Rows by the id of each rule that failed: their key, and what was judged. None are read if all passed, and few of a
    table of which much is broken: the whole of it only for rules that seldom are.
    """
    failed = {result.id for result in results if result.failed}
    broken = [rule for rule in rules if rule.id in failed][:MOST_RULES]
    samples = _samples(rows, broken, columns, key, MANY_SUSPECTS) if broken else {}
    unseen = [rule for rule in broken if rule.id not in samples]
    return {**samples, **_samples(rows, unseen, columns, key)} if unseen else samples


def _samples(
    rows: DataFrame,
    broken: Sequence[RowRule],
    columns: Sequence[Column],
    key: Sequence[str],
    most_suspects: int | None = None,
) -> Samples:
    by_name = {column.name: column for column in columns}
    names = {rule.id: _judged(key, rule.columns, by_name) for rule in broken}
    wanted = sorted({name for judged in names.values() for name in judged})
    suspects = rows.where(reduce(or_, [is_broken(rule) for rule in broken]))  # few, while arrays of all rows cost much
    ids = F.array_compact(F.array(*[F.when(is_broken(rule), F.lit(rule.id)) for rule in broken]))
    named = suspects.select(ids.alias("_rules"), *[_shown(rows, by_name[name]) for name in wanted])
    if most_suspects is not None:  # values are taken out of `_raw` before: above a limit Spark loses some of them
        named = named.limit(most_suspects)
    found = named.select(F.explode("_rules").alias("_rule"), *map(quote, wanted))
    order = Window.partitionBy("_rule").orderBy(*[quote(name) for name in wanted])
    few = found.withColumn("_nth", F.row_number().over(order)).where(F.col("_nth") <= MOST_ROWS)
    samples: dict[str, tuple[Sample, ...]] = {}
    for row in sorted(few.collect(), key=lambda row: row["_nth"]):
        sample = tuple(Shown(name, row[name]) for name in names[row["_rule"]])
        samples[row["_rule"]] = (*samples.get(row["_rule"], ()), sample)
    return samples


def sample_keys(repeated: DataFrame, check: Check, columns: Sequence[Column]) -> tuple[Sample, ...]:
    """Keys that come more than once, and how often; `repeated` has their columns and `count`."""
    by_name = {column.name: column for column in columns}
    shown = [_shown(repeated, by_name[name]) for name in check.columns]
    few = repeated.orderBy(*[quote(name) for name in check.columns]).limit(MOST_ROWS)
    found = few.select(*shown, F.col("count").cast("string").alias("_count")).collect()
    return tuple((*(Shown(name, row[name]) for name in check.columns), Shown("rows", row["_count"])) for row in found)


def is_public(column: Column) -> bool:
    """Whether a sample may hold a column's values: it goes further than the table does."""
    return column.pii == "none" and column.classification in ("public", "internal") and not is_nested(column)


def _judged(key: Sequence[str], judged: Sequence[str], known: Mapping[str, Column]) -> list[str]:
    return [name for name in dict.fromkeys([*key, *judged]) if name in known]


def _shown(rows: DataFrame, column: Column) -> Expression:
    """The value as it came, where that is still known."""
    name = f"_raw.{quote(column.name)}" if "_raw" in rows.columns else quote(column.name)
    value = F.col(name)
    text = value.cast("string") if is_public(column) else F.lit(f"a {column.type} that is not shown")
    return F.when(value.isNotNull(), F.substring(text, 1, MAX_SHOWN)).alias(column.name)
