"""A contract's columns as rules over `data`, as `lib/landing/shape-row.ts` and `read-scalar.ts` have them."""

import hmac
import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from landing.json_text import MAX_SAFE, in_key_order, is_well_formed, length, shorten, stringify, well_formed
from landing.keys import key_bytes
from shared.plan import Column, Field

Finding = tuple[str, str]  # rule and reason
Reader = Callable[[Any, str, list[Finding]], Any]
Tokenise = Callable[[str, str | None], str]

_MAX_FINDINGS = 20
_MAX_TIME_LENGTH = 40
_EPOCH = date(1970, 1, 1).toordinal()
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    rf"{_DATE.pattern}[Tt]([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}})(?:\.([0-9]{{1,9}}))?(?:[Zz]|([+-])([0-9]{{2}}):([0-9]{{2}}))"
)
_LONG = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_DECIMAL_TYPE = re.compile(r"decimal\((\d+),(\d+)\)")


def tokeniser(secret: str) -> Tokenise:
    """The same value gives the same token as each type; without the secret a token cannot be recomputed."""
    version, text = _key_of(secret)
    key = key_bytes(text, "token secret")
    prefix = "tok_" if version == 1 else f"tok_{version}_"

    def tokenise(found: str, kind: str | None) -> str:
        own = key if kind is None else hmac.digest(key, f"pii.{kind}".encode(), "sha256")
        return f"{prefix}{hmac.digest(own, well_formed(found).encode(), 'sha256').hex()[:32]}"

    return tokenise


def _key_of(secret: str) -> tuple[int, str]:
    """A key, or one that was replaced, with its version."""
    try:
        found = json.loads(secret) if secret.startswith("{") else None
    except ValueError:  # a random key may begin like JSON
        found = None
    if found is None:
        return 1, secret
    version, key = found.get("version"), found.get("key")
    if type(version) is int and version > 0 and isinstance(key, str):
        return version, key
    raise ValueError('the token secret is none; allowed are a key, or {"version": <whole number>, "key": "<key>"}')


def masked(columns: Iterable[Column], found: Any, tokenise: Tokenise) -> Any:
    """The same data, with tokens for what is masked from bronze on; a value of the wrong type is masked too."""
    if not isinstance(found, dict):
        return found
    members = dict(found)
    for column in columns:
        if column.name in members:
            members[column.name] = _masked_member(column, members[column.name], tokenise)
    return members


def _masked_member(column: Column, found: Any, tokenise: Tokenise) -> Any:
    if is_tokenised(column):
        text = found if isinstance(found, str) else stringify(found)
        return found if found is None else tokenise(text, column.pii_type)
    return _masked_field(column, found, tokenise)


def _masked_field(field: Field, found: Any, tokenise: Tokenise) -> Any:
    if field.type == "struct":
        return masked(field.fields or (), found, tokenise)
    if field.type == "array" and field.items and isinstance(found, list):
        items = field.items
        return [_masked_field(items, item, tokenise) for item in found]
    return found


def is_tokenised(column: Column) -> bool:
    """Whether a column holds tokens from bronze on. Other methods are refused at deploy."""
    masking = column.masking or {}
    return masking.get("from") == "bronze" and masking.get("method") == "tokenise" and column.type == "string"


def shaper(columns: tuple[Column, ...]) -> Callable[[Any], tuple[dict[str, Any] | None, list[Finding]]]:
    """A function that gives the row of `data`, or all the reasons why it is none."""
    read = _struct_reader(columns)

    def shape(data: Any) -> tuple[dict[str, Any] | None, list[Finding]]:
        findings: list[Finding] = []
        row = read(data, "", findings)
        if not findings:
            return row, []
        rest = findings[_MAX_FINDINGS:]
        more = [(rest[0][0], f"and {len(rest)} more")] if rest else []
        return None, findings[:_MAX_FINDINGS] + more

    return shape


def kind_of(found: Any) -> str:
    """What a value is, without telling it."""
    if found is None:
        return "none"
    if isinstance(found, list):
        return "an array"
    if isinstance(found, str):
        return f"a string of {length(found)} characters"
    if isinstance(found, dict):
        return "an object"
    return "a boolean" if isinstance(found, bool) else "a number"


def read_timestamp(found: Any) -> int | None:
    """Microseconds since 1970 UTC; None for what is no timestamp with its zone."""
    if not isinstance(found, str) or length(found) > _MAX_TIME_LENGTH or not (match := _TIME.fullmatch(found)):
        return None
    day = _day(match)
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    ahead_hours, ahead_minutes = int(match[9] or 0), int(match[10] or 0)
    if day is None or hour > 23 or minute > 59 or second > 59 or ahead_hours > 23 or ahead_minutes > 59:
        return None
    ahead = (-1 if match[8] == "-" else 1) * (ahead_hours * 60 + ahead_minutes)
    seconds = day * 86_400 + hour * 3600 + (minute - ahead) * 60 + second
    return seconds * 1_000_000 + int((match[7] or "")[:6].ljust(6, "0"))


def _struct_reader(columns: tuple[Column, ...]) -> Reader:
    readers = [(column, _reader_of(column)) for column in columns]
    declared = {column.name for column in columns}

    def read(found: Any, path: str, findings: list[Finding]) -> Any:
        if not isinstance(found, dict):
            findings.append(_mistyped(path, found, "an object"))
            return None
        for name in in_key_order(found):
            if name not in declared:
                where = _join(path, shorten(name, 100))
                reason = f"undeclared column '{where}'; declare it in the contract or leave it out"
                findings.append(("g0.undeclared", reason))
        return {column.name: _read_member(column, own, found, path, findings) for column, own in readers}

    return read


def _read_member(column: Column, read: Reader, parent: dict[str, Any], path: str, findings: list[Finding]) -> Any:
    found = parent.get(column.name)
    where = _join(path, column.name)
    if found is not None:
        return read(found, where, findings)
    if column.required:
        findings.append(("g0.required", f"column '{where}' is required; found none"))
    return None


def _reader_of(field: Field) -> Reader:
    if field.type == "struct":
        return _struct_reader(field.fields or ())
    if field.type == "array":
        return _array_reader(_reader_of(field.items or Field("string")))
    read, allowed = _scalar(field.type)

    def read_scalar(found: Any, path: str, findings: list[Finding]) -> Any:
        value = read(found)
        if value is None:
            findings.append(_mistyped(path, found, allowed))
        return value

    return read_scalar


def _array_reader(read: Reader) -> Reader:
    def read_array(found: Any, path: str, findings: list[Finding]) -> Any:
        if isinstance(found, list):
            return [read(item, f"{path}[{i}]", findings) for i, item in enumerate(found)]
        findings.append(_mistyped(path, found, "an array"))
        return None

    return read_array


def _scalar(kind: str) -> tuple[Callable[[Any], Any], str]:
    if match := _DECIMAL_TYPE.fullmatch(kind):
        return _decimal_reader(int(match[1]), int(match[2])), f'{kind} as a string like "2.55"; send it as a string'
    if kind not in _SCALARS:
        raise ValueError(f"unknown column type '{kind}'; deploy the jobs and the functions together")
    return _SCALARS[kind]


def _decimal_reader(precision: int, scale: int) -> Callable[[Any], Decimal | None]:
    def read(found: Any) -> Decimal | None:
        match = _DECIMAL.fullmatch(found) if isinstance(found, str) else None
        if not match:
            return None
        digits, fraction = match[2].lstrip("0"), match[3] or ""
        if len(digits) > precision - scale or fraction[scale:].strip("0"):
            return None
        unscaled = tuple(map(int, f"0{digits}{fraction[:scale].ljust(scale, '0')}"))
        return Decimal((1 if match[1] and any(unscaled) else 0, unscaled, -scale))

    return read


def _read_int(found: Any) -> int | None:
    return int(found) if _is_whole(found) and -(2**31) <= found < 2**31 else None


def _read_long(found: Any) -> int | None:
    if _is_whole(found):
        return int(found) if abs(found) <= MAX_SAFE else None
    value = int(found) if isinstance(found, str) and _LONG.fullmatch(found) else None
    return value if value is not None and -(2**63) <= value < 2**63 else None


def _is_whole(found: Any) -> bool:
    return isinstance(found, float) and found.is_integer()


def _read_date(found: Any) -> int | None:
    match = _DATE.fullmatch(found) if isinstance(found, str) else None
    return _day(match) if match else None


def _day(match: re.Match[str]) -> int | None:
    """Days since 1970."""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).toordinal() - _EPOCH
    except ValueError:
        return None


_SCALARS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "string": (
        lambda found: found if isinstance(found, str) and is_well_formed(found) else None,
        "a string of valid Unicode",
    ),
    "int": (_read_int, "a whole number of 32 bits"),
    "long": (_read_long, "a whole number of 64 bits, as a string when beyond 2^53"),
    "double": (lambda found: found if isinstance(found, float) and math.isfinite(found) else None, "a finite number"),
    "boolean": (lambda found: found if isinstance(found, bool) else None, "true or false"),
    "date": (_read_date, 'a date as "2011-01-04"'),
    "timestamp": (read_timestamp, 'a timestamp with its zone as "2011-01-04T10:00:00Z"'),
}


def _mistyped(path: str, found: Any, allowed: str) -> Finding:
    where = f"column '{path}'" if path else "data"
    return "g0.type", f"{where}: found {kind_of(found)}; allowed is {allowed}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
