"""Totals of two tables side by side."""

from collections.abc import Sequence
from fractions import Fraction

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.plan import Check
from shared.types import quote


def difference(rows: DataFrame, others: DataFrame, check: Check) -> float:
    """How far the table's number is from the other's, in the number's unit or in percent of the other's."""
    own = _total(rows, check.measure, check.columns)
    due = _total(others, check.measure, check.references.columns if check.references else ())
    distance = abs(own - due)
    if not check.expect or check.expect.unit != "percent" or distance == 0:
        return float(distance)
    return float(distance * 100 / abs(due)) if due else float("inf")


def _total(rows: DataFrame, measure: str | None, columns: Sequence[str]) -> Fraction:
    """Exact, also where an engine would round, overflow or wrap. Doubles are as exact as they are."""
    if measure != "sum":
        return Fraction(rows.count())
    value = F.col(quote(columns[0]))
    is_whole = rows.select(value).dtypes[0][1] in ("int", "bigint")
    found = rows.agg(F.sum(value.cast("decimal(38,0)") if is_whole else value), F.count(value)).collect()[0]
    if found[0] is None and found[1] > 0:
        raise ValueError(f"the sum of {columns[0]} has more digits than a decimal holds")
    return Fraction(found[0] or 0)
