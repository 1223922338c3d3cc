"""JSON as JavaScript reads and writes it: numbers are floats, keys that are indexes come first, losses are told."""

import json
import math
import re
from decimal import Decimal
from typing import Any

MAX_DEPTH = 64
MAX_SAFE = 2**53 - 1
_MAX_LOSSES = 20
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_INDEX = re.compile("0|[1-9][0-9]{0,9}")
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_TOKEN = re.compile(r'[\s]*("(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+)')


def parse_object(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    """The object that a text holds, None when it is none, and what a parser would have lost of it without a word."""
    reader = _Reader()
    try:
        found = reader.decoder.decode(text)
    except ValueError:  # its own message quotes the text, which may be personal data
        return None, []
    if not isinstance(found, dict):
        return None, []
    return found, _losses(text) if reader.has_lost else []


def is_too_deep(text: str) -> bool:
    """Whether it nests deeper than the gate allows."""
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    depth = 0
    for match in _NESTING.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            return True
    return False


def stringify(value: Any) -> str:
    """A value as `JSON.stringify` writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else "null"
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):x}", quoted)
    if isinstance(value, list):
        return f"[{','.join(map(stringify, value))}]"
    return f"{{{','.join(f'{stringify(key)}:{stringify(member)}' for key, member in value.items())}}}"


def canonical(value: Any) -> Any:
    """The same value with sorted keys."""
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    return in_key_order({key: canonical(value[key]) for key in sorted(value, key=_units)})


def text_of(value: Any) -> str:
    """A value as `String()` makes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join("" if item is None else text_of(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, float) and not math.isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    return stringify(value)


def number_text(value: float) -> str:
    """A finite number with the fewest digits that tell it, as JavaScript writes it."""
    if value == 0:
        return "0"
    shortest = repr(value)
    if not 1e-6 <= abs(value) < 1e21:
        return re.sub(r"(e[+-])0+", r"\1", shortest)
    return format(Decimal(shortest), "f").removesuffix(".0")


def length(text: str) -> int:
    """In units of UTF-16, as JavaScript counts."""
    return len(_units(text)) // 2


def shorten(text: str, units: int) -> str:
    """The first so many units of UTF-16."""
    return _units(text)[: 2 * units].decode("utf-16-be", "surrogatepass")


def is_well_formed(text: str) -> bool:
    """Whether it has a UTF-8 form: it holds no half of a pair."""
    return _HALF_PAIR.search(text) is None


def well_formed(text: str) -> str:
    """With U+FFFD for each half of a pair."""
    return _HALF_PAIR.sub("\ufffd", text)


def in_key_order(members: dict[str, Any]) -> dict[str, Any]:
    """Keys that are indexes first, as objects keep them in JavaScript."""
    indexes = [key for key in members if key[:1] <= "9" and _INDEX.fullmatch(key) and int(key) < 2**32 - 1]
    if not indexes:
        return members
    first = {key: members[key] for key in sorted(indexes, key=int)}
    return first | {key: member for key, member in members.items() if key not in first}


def _units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


class _Reader:
    """Parses one text, and notes whether anything was lost."""

    def __init__(self) -> None:
        self.has_lost = False
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=float, parse_float=self._number, parse_constant=_no_json
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        self.has_lost |= len(members) < len(pairs)
        return in_key_order(members)

    def _number(self, text: str) -> float:
        self.has_lost |= not _keeps_number(text)
        return float(text)


def _no_json(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _keeps_number(text: str) -> bool:
    """Whether a number that becomes a whole one was one as it was sent: 1e-400 was not."""
    value = float(text)
    match = _NUMBER.fullmatch(text)
    if not match or not value.is_integer() or abs(value) > MAX_SAFE:
        return True
    whole, fraction, exponent = match[1], match[2] or "", int(match[3] or "0")
    behind_point = len(fraction) - exponent
    return behind_point <= 0 or not (whole + fraction)[-behind_point:].strip("0")


def _losses(text: str) -> list[str]:
    """Reasons in the order of the text, each once."""
    reasons: dict[str, None] = {}
    keys: list[set[str] | None] = []  # of each open object; None for an array
    is_key = False
    for match in _TOKEN.finditer(text):
        token = match[1]
        if token in "{[":
            keys.append(set() if token == "{" else None)
            is_key = token == "{"
        elif token in "}]":
            keys.pop()
        elif token == ",":
            is_key = keys[-1] is not None
        elif is_key and (seen := keys[-1]) is not None:
            key = str(json.loads(token))
            if key in seen:
                reasons[f"key '{shorten(key, 100)}' occurs twice in one object; send it once"] = None
            seen.add(key)
            is_key = False
        elif token[0] in "-0123456789" and not _keeps_number(token):
            reasons["a number has more digits than JSON numbers keep; send it as a string"] = None
    return list(reasons)[:_MAX_LOSSES]
