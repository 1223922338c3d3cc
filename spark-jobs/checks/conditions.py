"""The contract's row checks as Spark expressions."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from shared.plan import Check, Column
from shared.types import quote, sql_type

ROW_CHECKS: Mapping[str, Callable[[Expression, list[Expression]], Expression]] = {
    "required": lambda value, _: value.isNotNull(),
    "minimum": lambda value, bounds: value >= bounds[0],
    "exclusiveMinimum": lambda value, bounds: value > bounds[0],
    "maximum": lambda value, bounds: value <= bounds[0],
    "exclusiveMaximum": lambda value, bounds: value < bounds[0],
    "minLength": lambda value, bounds: F.char_length(value) >= bounds[0],
    "maxLength": lambda value, bounds: F.char_length(value) <= bounds[0],
    "pattern": lambda value, bounds: F.rlike(value, bounds[0]),
    "enum": lambda value, members: value.isin(*members),
    "notIn": lambda value, members: ~value.isin(*members),
}

ALLOWED: Mapping[str, str] = {
    "required": "any value",
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "what matches {}",
    "enum": "one of {}",
    "notIn": "anything but {}",
}

LENGTHS = ("minLength", "maxLength")
MAX_SHOWN = 60  # characters of a value that a reason repeats


def condition(check: Check, columns: Mapping[str, Column]) -> Expression:
    """True when the row passes. A null is failed by `required` and ignored by all other checks."""
    column = column_of(check, columns)
    value = F.col(quote(column.name))
    passes = ROW_CHECKS[check.kind](value, [_literal(text, check, column) for text in _texts(check)])
    return passes if check.kind == "required" else value.isNull() | passes


def reason(check: Check, columns: Mapping[str, Column]) -> Expression:
    """One sentence on what was found and what is allowed. Personal data is never repeated."""
    column = column_of(check, columns)
    allowed = ALLOWED[check.kind].format(", ".join(f"'{text}'" for text in _texts(check)))
    return F.concat(F.lit(f"{column.name}: found "), shown(column), F.lit(f"; allowed: {allowed}"))


def shown(column: Column) -> Expression:
    """What a reason may say about a column's value."""
    value = F.col(quote(column.name))
    text = F.lit(f"a {column.type} that is not shown")
    if column.pii == "none":
        text = F.concat(F.lit("'"), F.substring(value.cast("string"), 1, MAX_SHOWN), F.lit("'"))
    return F.when(value.isNull(), "no value").otherwise(text)


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


def _literal(text: str, check: Check, column: Column) -> Expression:
    """Bounds travel as text, so that they stay exact on their way into the column's type."""
    if check.kind in LENGTHS:
        return F.lit(int(text))
    if column.type not in ("int", "long") and not column.type.startswith("decimal"):
        return F.lit(text).cast(sql_type(column))
    try:
        return F.lit(Decimal(text))
    except InvalidOperation as error:
        raise ValueError(f"check '{check.id}': found '{text}', allowed: a number") from error
