"""What rules watch from run to run, as aggregates: a number, or how many rows fall into each bucket."""

from collections.abc import Mapping

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from checks.conditions import count_where, literal
from shared.plan import Check, Column
from shared.types import quote


def watched(check: Check, rows_in: int) -> Expression:
    """The number of `anomaly`; of no rows there is no share."""
    if check.measure == "rowsIn":
        return F.lit(rows_in)
    rows = F.count(F.lit(1))
    if check.measure == "rowCount":
        return rows
    [name] = check.columns
    return F.when(rows > 0, count_where(F.col(quote(name)).isNull()) * F.lit(100.0) / rows)


def spread(check: Check, columns: Mapping[str, Column]) -> Expression:
    """The rows in each bucket of `drift`: of each value and all others, or of each range; then those of no value."""
    [name] = check.columns
    value = F.col(quote(name))
    if check.values:
        members = [literal(text, check, columns[name]) for text in check.values]
        buckets = [*[value == member for member in members], ~value.isin(*members)]
    else:
        edges = [literal(text, check, columns[name]) for text in check.edges]
        starts = [value.isNotNull(), *[value >= edge for edge in edges]]
        buckets = [start & ~end for start, end in zip(starts, [*starts[1:], F.lit(False)], strict=True)]
    return F.array(*[count_where(bucket) for bucket in (*buckets, value.isNull())])
