"""The contract's types as Spark SQL's."""

from collections.abc import Iterable

from shared.plan import Column, Field


def sql_type(field: Field) -> str:
    """A type as in a CREATE TABLE statement."""
    if field.type == "array" and field.items:
        return f"array<{sql_type(field.items)}>"
    if field.type == "struct":
        return f"struct<{','.join(f'{quote(member.name)}:{sql_type(member)}' for member in field.fields or ())}>"
    return "bigint" if field.type == "long" else field.type


def quote(name: str) -> str:
    """A name that may hold any character."""
    return f"`{name.replace('`', '``')}`"


def is_nested(field: Field) -> bool:
    """Whether a field holds more than one value."""
    return field.type in ("array", "struct")


def has_statistics(column: Column) -> bool:
    """Whether the Delta log may hold a column's least and greatest value. Delta refuses them for booleans."""
    return column.pii == "none" and column.type != "boolean" and not is_nested(column)


def statistics_columns(columns: Iterable[Column], technical: Iterable[str] = ()) -> str:
    """Value of `delta.dataSkippingStatsColumns`: minimum and maximum of personal data would leak through the log."""
    harmless = [column.name for column in columns if has_statistics(column)]
    return ",".join(quote(name) for name in [*harmless, *technical])
