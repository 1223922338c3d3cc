"""How one schema differs from another, member by member. Types are Delta's, as in the JSON of a schema."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Fields = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A column, or a member of one: `lines[].unit_price` is the member of the structs in an array."""

    kind: Literal["missing", "extra", "type"]
    path: str
    found: str | None
    wanted: str | None


def compare_schemas(found: Fields, wanted: Fields) -> list[Difference]:
    """What is missing, extra or of another type, by path. Order, and what may be null, does not count."""
    return sorted(_members(found, wanted, ""), key=lambda each: each.path)


def _members(found: Fields, wanted: Fields, prefix: str) -> Iterator[Difference]:
    have, want = _types(found), _types(wanted)
    for name in have.keys() | want.keys():
        path = prefix + name
        if name not in have:
            yield Difference("missing", path, None, type_name(want[name]))
        elif name not in want:
            yield Difference("extra", path, type_name(have[name]), None)
        else:
            yield from _type(have[name], want[name], path)


def _type(found: Any, wanted: Any, path: str) -> Iterator[Difference]:
    kind = _kind(found)
    if kind != _kind(wanted):
        yield Difference("type", path, type_name(found), type_name(wanted))
    elif kind == "array":
        yield from _type(found["elementType"], wanted["elementType"], f"{path}[]")
    elif kind == "struct":
        yield from _members(found["fields"], wanted["fields"], f"{path}.")


def _types(fields: Fields) -> dict[str, Any]:
    return {field["name"]: field["type"] for field in fields}


def _kind(kind: Any) -> str:
    return kind if isinstance(kind, str) else str(kind["type"])


def type_name(kind: Any) -> str:
    """A type in words, without what writers differ in, such as which members may be null."""
    if isinstance(kind, str):
        return kind
    if kind["type"] == "array":
        return f"array<{type_name(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"map<{type_name(kind['keyType'])}, {type_name(kind['valueType'])}>"
    members = ", ".join(f"{field['name']}: {type_name(field['type'])}" for field in kind["fields"])
    return f"struct<{members}>"
