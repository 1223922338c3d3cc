"""Values in one spelling: the standardisers that a contract may name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

WHITESPACE = r"(?U)\s+"  # (?U): no-break spaces and the like count too

BY_NAME: Mapping[str, Callable[[Expression], Expression]] = {
    "trim": lambda value: F.regexp_replace(value, r"(?U)^\s+|\s+$", ""),
    "lower": F.lower,
    "upper": F.upper,
    "collapse_whitespace": lambda value: F.regexp_replace(value, WHITESPACE, " "),
}


def standardise(value: Expression, steps: Sequence[Any]) -> Expression:
    """Apply the steps in their order."""
    for step in steps:
        value = _null_if(value, step["null_if"]) if isinstance(step, Mapping) else _named(step)(value)
    return value


def _named(name: str) -> Callable[[Expression], Expression]:
    if name not in BY_NAME:
        raise ValueError(f"unknown standardiser '{name}'; allowed: {', '.join(BY_NAME)}, null_if")
    return BY_NAME[name]


def _null_if(value: Expression, members: Sequence[str]) -> Expression:
    return F.when(~value.isin(*members), value)
