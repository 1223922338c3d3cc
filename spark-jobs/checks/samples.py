"""A few of the rows that break a rule, for people: which rows they are, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from checks.conditions import MAX_SHOWN
from checks.row_rules import RowRule, is_broken
from shared.plan import Check, Column
from shared.results import CheckResult, Sample, Shown
from shared.types import is_nested, quote

MOST_ROWS = 3
#: Of so many rules at once; of a table that breaks more, the first ones tell enough.
MOST_RULES = 50
#: Rows among which samples are sought at a time: reading ends with them.
MANY_SUSPECTS = 2000
#: Repeated keys are spread over so many groups, each of which tells its first alone: few to sort, and seldom shared.
KEY_GROUPS = 64

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
    unseen = [rule for rule in rules if rule.id in failed][:MOST_RULES]
    by_name = {column.name: column for column in columns}
    samples: dict[str, tuple[Sample, ...]] = {}
    while unseen:
        suspects = _first_suspects(rows, unseen, [name for name in key if name in by_name], by_name)
        samples |= _samples_among(suspects)
        unseen = [rule for rule in unseen if rule.id not in samples]
        if len(suspects) < MANY_SUSPECTS:
            break  # these were all of them
    return samples


#: A row that breaks rules: the ids of these, each with what of the row it is about.
Suspect = Mapping[str, Sample]


def _first_suspects(
    rows: DataFrame, rules: Sequence[RowRule], key: Sequence[str], columns: Mapping[str, Column]
) -> list[Suspect]:
    names = {rule.id: [*dict.fromkeys([*key, *(name for name in rule.columns if name in columns)])] for rule in rules}
    wanted = sorted({name for judged in names.values() for name in judged})
    suspects = rows.where(reduce(or_, [is_broken(rule) for rule in rules]))  # few, while arrays of all rows cost much
    ids = F.array_compact(F.array(*[F.when(is_broken(rule), F.lit(rule.id)) for rule in rules]))
    # Values are taken out of `_raw` before: above a limit Spark loses some of them.
    few = suspects.select(ids.alias("_rules"), *[_shown(rows, columns[name]) for name in wanted]).limit(MANY_SUSPECTS)
    # As one value: what is limited and then collected is read part by part, one core at a time.
    [[found]] = few.agg(F.collect_list(F.struct("_rules", *map(quote, wanted)))).collect()
    return [{rule: tuple(Shown(name, row[name]) for name in names[rule]) for rule in row["_rules"]} for row in found]


def _samples_among(suspects: Sequence[Suspect]) -> Samples:
    rules = sorted({rule for suspect in suspects for rule in suspect})
    broken = {rule: [suspect[rule] for suspect in suspects if rule in suspect] for rule in rules}
    return {rule: tuple(sorted(found, key=_order)[:MOST_ROWS]) for rule, found in broken.items()}


def _order(sample: Sample) -> list[tuple[bool, str]]:
    """Nulls first, as Spark sorts."""
    return [(shown.value is not None, shown.value or "") for shown in sample]


def count_repeated(repeated: DataFrame, check: Check, columns: Sequence[Column]) -> tuple[int, tuple[Sample, ...]]:
    """
    Rows beyond the first of their key, and some of these keys with how often they come; `repeated` has the columns of
    the key and `count`. In one pass, since it costs a sort of the whole table.
    """
    by_name = {column.name: column for column in columns}
    shown = F.struct(*[_shown(repeated, by_name[name]) for name in check.columns], F.col("count").cast("string"))
    key = [quote(name) for name in check.columns]
    groups = repeated.groupBy(F.pmod(F.xxhash64(*key), F.lit(KEY_GROUPS))).agg(
        F.sum(F.col("count") - 1).alias("beyond"), F.min(F.struct(*key, shown.alias("_shown"))).alias("first")
    )
    firsts = F.slice(F.sort_array(F.collect_list("first")), 1, MOST_ROWS)
    beyond, few = groups.agg(F.coalesce(F.sum("beyond"), F.lit(0)), firsts).collect()[0]
    names = [*check.columns, "rows"]
    return beyond, tuple(tuple(map(Shown, names, row["_shown"])) for row in few)


def is_public(column: Column) -> bool:
    """Whether a sample may hold a column's values: it goes further than the table does."""
    return column.pii == "none" and column.classification in ("public", "internal") and not is_nested(column)


def _shown(rows: DataFrame, column: Column) -> Expression:
    """The value as it came, where that is still known."""
    name = f"_raw.{quote(column.name)}" if "_raw" in rows.columns else quote(column.name)
    value = F.col(name)
    text = value.cast("string") if is_public(column) else F.lit(f"a {column.type} that is not shown")
    return F.when(value.isNotNull(), F.substring(text, 1, MAX_SHOWN)).alias(column.name)
