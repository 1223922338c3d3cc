"""JSON documents with camelCase keys, read into and written from dataclasses with snake_case fields."""

import json
import re
from dataclasses import MISSING, asdict, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def decode(kind: type[T], value: object, path: str = "$") -> T:
    """Read a JSON value as a type; what does not fit is named by its path. Unknown keys are left to newer readers."""
    return _decode(kind, value, path)  # type: ignore[no-any-return] # the type comes from the annotation at run time


def encode(value: Any) -> str:
    """Write a dataclass as JSON."""
    return json.dumps(_camel(asdict(value)), indent=2)


def _decode(kind: Any, value: Any, path: str) -> Any:
    if kind is Any:
        return value
    if get_origin(kind) is UnionType:
        return None if value is None else _decode(get_args(kind)[0], value, path)
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item, f"{path}[{i}]") for i, item in enumerate(_is(list, value, path)))
    if is_dataclass(kind):
        return _decode_object(kind, _is(dict, value, path), path)
    return _is(kind, value, path)


def _decode_object(kind: Any, value: dict[str, Any], path: str) -> Any:
    types = get_type_hints(kind)
    found = {field.name: _to_camel(field.name) for field in fields(kind)}
    optional = {field.name for field in fields(kind) if field.default is not MISSING}
    missing = [key for name, key in found.items() if key not in value and name not in optional]
    if missing:
        raise ValueError(f"{path}: '{missing[0]}' is missing")
    known = {name: key for name, key in found.items() if key in value}
    return kind(**{name: _decode(types[name], value[key], f"{path}.{key}") for name, key in known.items()})


def _is(kind: Any, value: Any, path: str) -> Any:
    plain = get_origin(kind) or kind
    fits = isinstance(value, int | float) if kind is float else isinstance(value, plain)
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{path}: found {type(value).__name__}, allowed: {plain.__name__}")
    return value


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_to_camel(key): _camel(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_camel(item) for item in value]
    return value


def _to_camel(name: str) -> str:
    """A name that is a word of Python ends with `_` there, which the document does without."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name).rstrip("_")
