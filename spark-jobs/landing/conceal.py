"""What a refused event may show of itself; the same rule as in `lib/landing/conceal-undeclared.ts`."""

from collections.abc import Iterable
from typing import Any

from shared.plan import Column, Field

UNDECLARED = "(undeclared)"


def concealed(columns: Iterable[Column], found: Any) -> Any:
    """Masked data, to be shown: of what its columns do not declare, only that it was there."""
    if found is None:
        return found
    if not isinstance(found, dict):
        return UNDECLARED
    by_name = {column.name: column for column in columns}
    return {
        name: _concealed_field(by_name[name], value) if name in by_name else UNDECLARED for name, value in found.items()
    }


def _concealed_field(field: Field, found: Any) -> Any:
    if found is None:
        return found
    if field.type == "struct":
        return concealed(field.fields or (), found)
    if field.type == "array" and field.items and isinstance(found, list):
        items = field.items
        return [_concealed_field(items, item) for item in found]
    return UNDECLARED if field.type == "array" or isinstance(found, (dict, list)) else found
