"""What rows refer to: whether a reference leads somewhere, row by row or counted of a whole table."""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from shared.plan import Check, Reference
from shared.types import quote


def refuses_orphans(check: Check) -> bool:
    """Whether rows are judged by the reference before they are merged, so that one of them alone can be refused."""
    return check.kind == "foreignKey" and check.on_failure == "quarantine"


def refusing(checks: Iterable[Check]) -> list[tuple[Check, Reference]]:
    """The references that refuse rows. All others are judged of the table that came out."""
    return [(check, check.references) for check in checks if refuses_orphans(check) and check.references]


def with_parents(
    rows: DataFrame, checks: Iterable[Check], parents_of: Callable[[Reference], DataFrame | None]
) -> DataFrame:
    """The rows, and for each such reference whether there is a parent. Where there is no table, there is none."""
    for number, (check, references) in enumerate(refusing(checks)):
        parents = parents_of(references)
        if parents is None:
            rows = rows.withColumn(_found(number), F.lit(False))
        else:
            rows = _joined(rows, check.columns, parents, references.columns, _found(number))
    return rows


def leads_somewhere(checks: Iterable[Check]) -> list[tuple[Check, Reference, Expression]]:
    """Such references, and what holds for a row of `with_parents` that is no orphan by them."""
    return [
        (check, references, ~present(check.columns) | F.col(_found(number)))
        for number, (check, references) in enumerate(refusing(checks))
    ]


def count_orphans(rows: DataFrame, columns: Sequence[str], parents: DataFrame, keys: Sequence[str]) -> int:
    """Rows whose reference is complete and leads nowhere."""
    names = _names(columns)
    children = rows.where(present(columns)).select(*_renamed(columns, names))
    return children.join(parents.select(*_renamed(keys, names)), names, "left_anti").count()


def present(columns: Sequence[str]) -> Expression:
    """Whether a key is complete: with a null in it, it refers to nothing and equals no other."""
    return reduce(and_, [F.col(quote(name)).isNotNull() for name in columns])


def _joined(rows: DataFrame, columns: Sequence[str], parents: DataFrame, keys: Sequence[str], found: str) -> DataFrame:
    """Each parent once, so that no row comes twice."""
    names = _names(columns)
    known = parents.select(*_renamed(keys, names)).distinct().withColumn(found, F.lit(True))
    pairs = [F.col(quote(column)) == F.col(name) for column, name in zip(columns, names, strict=True)]
    return rows.join(known, pairs, "left").drop(*names).withColumn(found, F.coalesce(found, F.lit(False)))


def _renamed(columns: Sequence[str], names: Sequence[str]) -> list[Expression]:
    return [F.col(quote(column)).alias(name) for column, name in zip(columns, names, strict=True)]


def _names(columns: Sequence[str]) -> list[str]:
    return [f"_key_{i}" for i in range(len(columns))]


def _found(number: int) -> str:
    return f"_found_{number}"
