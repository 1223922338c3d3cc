"""Makes events of what rows of a file hold, as `lib/source/map-rows.ts` does."""

import hmac
import re
from collections.abc import Callable
from typing import Any

from landing.json_text import MAX_SAFE, canonical, stringify, text_of
from landing.keys import key_bytes
from shared.load_plan import SourceFile

Values = dict[str, str]
Digest = Callable[[str], str]
_DIGITS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{2})",
    "d": "(?P<day>[0-9]{1,2})",
    "HH": "(?P<hour>[0-9]{2})",
    "H": "(?P<hour>[0-9]{1,2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})",
}


def digester(key: str) -> Digest:
    """Tells the data of events apart, as `lib/source/event-digest.ts` does; nobody finds them without the key."""
    own = key_bytes(key, "key of event ids")
    return lambda text: hmac.digest(own, text.encode(), "sha256").hex()[:12]


def event_maker(source: SourceFile | None, uri: str, digest: Digest) -> Callable[[dict[str, Any]], Any]:
    """A function from what a row holds to its event. Without a source, rows are events."""
    if source is None:
        return lambda data: data
    if source.files.format != "csv" or source.csv is None:
        return lambda data: data if "specversion" in data else _event_of(source, uri, data, digest)
    readers = [(name, _reader_of(recipe)) for name, recipe in source.csv["data"].items()]
    return lambda row: _event_of(source, uri, {name: read(row) for name, read in readers}, digest)


def columns_read(source: SourceFile) -> list[str]:
    """The columns of a CSV file that its mapping reads."""
    recipes = [
        recipe
        for own in (source.csv or {"data": {}})["data"].values()
        for recipe in (own, *own.get("eachRow", {}).values())
    ]
    return list(dict.fromkeys(recipe["from"] for recipe in recipes if "from" in recipe))


def _event_of(source: SourceFile, uri: str, data: dict[str, Any], digest: Digest) -> dict[str, Any]:
    """The same data gives the same event, id included."""
    name, time = data.get(source.id), data.get(source.time)
    return {
        "specversion": "1.0",
        "id": f"{'unknown' if name is None else text_of(name)}-{digest(stringify(canonical(data)))}",
        "source": uri,
        "type": source.event,
        "time": "" if time is None else text_of(time),
        "datacontenttype": "application/json",
        "producerid": source.source,
        "data": data,
    }


def _reader_of(recipe: dict[str, Any]) -> Callable[[Values], Any]:
    if "eachRow" in recipe:
        members = [(name, _reader_of(own)) for name, own in recipe["eachRow"].items()]
        return lambda row: [{name: read(row) for name, read in members}]
    if "const" in recipe:
        constant = recipe["const"]
        value = float(constant) if isinstance(constant, int) and not isinstance(constant, bool) else constant
        return lambda _: value
    if recipe.get("rowNumber") or "from" not in recipe:
        return lambda _: 1.0
    return _column_reader(recipe, recipe["from"])


def _column_reader(recipe: dict[str, Any], column: str) -> Callable[[Values], Any]:
    if "startsWith" in recipe:
        return lambda row: row.get(column, "").startswith(recipe["startsWith"])
    convert = _converter_of(recipe)
    suffix = recipe.get("stripSuffix", "")

    def read(row: Values) -> Any:
        text = row.get(column, "").removesuffix(suffix)
        return None if text == "" else convert(text)

    return read


def _converter_of(recipe: dict[str, Any]) -> Callable[[str], Any]:
    """What is not of its type stays the text it was: the gate then says so."""
    kind = recipe.get("as", "text")
    if kind == "integer":
        return _integer
    if kind == "boolean":
        return lambda text: {"true": True, "false": False}.get(text.lower(), text)
    if kind == "timestamp":
        return _timestamp_reader(recipe.get("format", ""), recipe.get("timeZone", "UTC"))
    return lambda text: text


def _integer(text: str) -> Any:
    if not re.fullmatch(r"[+-]?[0-9]+", text) or abs(float(text)) > MAX_SAFE:
        return text
    return float(text)


def _timestamp_reader(layout: str, time_zone: str) -> Callable[[str], str]:
    pieces = [match[0] for match in re.finditer(r"([a-zA-Z])\1*|[^a-zA-Z]+", layout)]
    pattern = re.compile("".join(_DIGITS.get(piece, re.escape(piece)) for piece in pieces))
    zone = "Z" if time_zone == "UTC" else time_zone

    def read(text: str) -> str:
        match = pattern.fullmatch(text)
        if not match:
            return text
        at = {"hour": "00", "minute": "00", "second": "00", **match.groupdict()}
        day = f"{at['year']}-{at['month'].zfill(2)}-{at['day'].zfill(2)}"
        return f"{day}T{at['hour'].zfill(2)}:{at['minute']}:{at['second']}{zone}"

    return read
