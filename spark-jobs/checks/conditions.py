"""The contract's row checks as Spark expressions."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from shared.plan import Check, Column
from shared.types import quote, sql_type

Condition = Callable[[Expression, list[Expression]], Expression]

ROW_CHECKS: Mapping[str, Condition] = {
    "required": lambda value, _: value.isNotNull(),
    "minimum": lambda value, bounds: value >= bounds[0],
    "exclusiveMinimum": lambda value, bounds: value > bounds[0],
    "maximum": lambda value, bounds: value <= bounds[0],
    "exclusiveMaximum": lambda value, bounds: value < bounds[0],
    "multipleOf": lambda value, bounds: value % bounds[0] == 0,
    "minLength": lambda value, bounds: F.char_length(value) >= bounds[0],
    "maxLength": lambda value, bounds: F.char_length(value) <= bounds[0],
    "pattern": lambda value, bounds: F.rlike(value, bounds[0]),
    "format": lambda value, bounds: F.rlike(value, bounds[0]),
    "enum": lambda value, members: value.isin(*members),
    "notIn": lambda value, members: ~value.isin(*members),
    "notMissing": lambda value, members: value.isNotNull() & ~value.isin(*members),
    "minItems": lambda value, bounds: F.size(value) >= bounds[0],
    "maxItems": lambda value, bounds: F.size(value) <= bounds[0],
    "uniqueItems": lambda value, _: F.size(F.array_distinct(F.array_compact(value))) == F.size(F.array_compact(value)),
}

ALLOWED: Mapping[str, str] = {
    "required": "any value",
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "what matches {}",
    "format": "what has the format {}",
    "enum": "one of {}",
    "notIn": "anything but {}",
    "notMissing": "a value that is none of {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "uniqueItems": "items that differ",
}

NULL_FAILS = ("required", "notMissing")
RANGES = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
PATTERNS = ("pattern", "format")
#: An escaped character or a class, in which a `$` is one, or a character.
PATTERN_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
MICROS_PER_MINUTE = 60e6
MAX_SHOWN = 60  # characters of a value that a reason repeats


def condition(check: Check, columns: Mapping[str, Column]) -> Expression:
    """True when the row passes. A null is failed by `required` and `notMissing`, and ignored by all other checks."""
    column = column_of(check, columns)
    value = F.col(quote(column.name))
    passes = ROW_CHECKS[check.kind](value, [literal(text, check, column) for text in _texts(check)])
    if check.kind in RANGES and column.type == "double":
        passes &= ~F.isnan(value)  # a number that is none lies in no range
    return passes if check.kind in NULL_FAILS else value.isNull() | passes


def reason(check: Check, columns: Mapping[str, Column]) -> Expression:
    """One sentence on what was found and what is allowed. Personal data is never repeated."""
    column = column_of(check, columns)
    named = _texts(check) if check.format is None else [check.format]
    allowed = ALLOWED[check.kind].format(", ".join(f"'{text}'" for text in named))
    return F.concat(F.lit(f"{column.name}: found "), shown(column), F.lit(f"; allowed: {allowed}"))


def shown(column: Column) -> Expression:
    """What a reason may say about a column's value."""
    value = F.col(quote(column.name))
    text = F.lit(f"a {column.type} that is not shown")
    if column.pii == "none":
        text = F.concat(F.lit("'"), F.substring(value.cast("string"), 1, MAX_SHOWN), F.lit("'"))
    return F.when(value.isNull(), "no value").otherwise(text)


def count_where(met: Expression) -> Expression:
    """How many rows meet it. Spark's own `count_if` works its condition out twice for each row."""
    return F.count(F.when(met, F.lit(1)))


def column_of(check: Check, columns: Mapping[str, Column]) -> Column:
    """The column that a row check judges."""
    if check.kind not in ROW_CHECKS:
        raise ValueError(f"check '{check.id}': unknown kind '{check.kind}'; allowed: {', '.join(ROW_CHECKS)}")
    [name] = check.columns
    if name not in columns:
        raise ValueError(f"check '{check.id}': unknown column '{name}'; allowed: {', '.join(columns)}")
    return columns[name]


def _texts(check: Check) -> list[str]:
    return list(check.values) if check.value is None else [check.value]


def literal(text: str, check: Check, column: Column) -> Expression:
    """A bound as a value of the column's type; it travels as text, so that it stays exact on its way there."""
    if check.kind in COUNTS:
        return F.lit(int(text))
    if check.kind in PATTERNS:
        return F.lit(java_pattern(text))
    if column.type not in ("int", "long") and not column.type.startswith("decimal"):
        return F.lit(text).cast(sql_type(column))
    try:
        return F.lit(Decimal(text))
    except InvalidOperation as error:
        raise ValueError(f"check '{check.id}': found '{text}', allowed: a number") from error


def java_pattern(pattern: str) -> str:
    """A pattern for Java: `$` is the end of the text, not also before a last line feed, which alone ends lines."""
    return "(?d)" + PATTERN_TOKEN.sub(lambda found: r"\z" if found.group() == "$" else found.group(), pattern)
