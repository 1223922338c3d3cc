"""What an auditor finds in a record of the stream. Shares nothing with the code that lands it: two have to agree."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

# Events by table and hour.
Counts = Counter[tuple[str, str]]

HOUR = "%Y-%m-%dT%H"
MAX_DEPTH = 64
# So many bytes an event has at least; a record with more items than that holds none, unless they are few.
MIN_EVENT_BYTES = 64
FEW_ITEMS = 16
SPACE = " \t\r\n"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
KPL_MAGIC = bytes.fromhex("f3899ac2")
# What counts move in one transaction of DynamoDB, which takes 100 items; one is the checkpoint.
MAX_ITEMS = 90
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True)
class Record:
    """A record of the stream."""

    sequence: str
    arrived_at: datetime
    data: bytes


@dataclass
class Tally:
    """What was counted of a shard, up to a record."""

    counts: Counts = field(default_factory=Counter)
    last: str = ""


@dataclass(frozen=True)
class Tables:
    """The tables of a domain by the type of their events. What names no table that takes it counts as unknown."""

    domain: str
    by_type: Mapping[str, str]

    @property
    def unknown(self) -> str:
        return f"{self.domain}.unknown"

    @property
    def bronze(self) -> list[str]:
        return sorted(set(self.by_type.values()))

    def of(self, event: Any) -> str:
        kind = event.get("type") if isinstance(event, dict) else None
        return self.by_type.get(kind, self.unknown) if isinstance(kind, str) else self.unknown


def read_tables(domain: str, contracts: Path) -> Tables:
    """The bronze tables that take events, as the domain's contracts say."""
    return tables_of(domain, json.loads(contracts.read_text()))


def tables_of(domain: str, contracts: Iterable[Mapping[str, Any]]) -> Tables:
    """The bronze tables that take events."""
    taking = [each for each in contracts if each["layer"] == "bronze" and each.get("ingest")]
    return Tables(domain, {each["ingest"]["event"]: f"{domain}.bronze.{each['table']}" for each in taking})


def tallies(records: Sequence[Record], tables: Tables) -> Iterator[Tally]:
    """Count records in their order, in parts that fit a transaction."""
    tally = Tally()
    for record in records:
        counts = count_record(record, tables)
        if tally.last and len(tally.counts | counts) > MAX_ITEMS:
            yield tally
            tally = Tally()
        tally.counts.update(counts)
        tally.last = record.sequence
    if tally.last:
        yield tally


def count_record(record: Record, tables: Tables) -> Counts:
    """The events of a record by table, in the hour in which it arrived."""
    hour = hour_of(record.arrived_at)
    return Counter((tables.of(event), hour) for event in events_of(record.data))


def events_of(data: bytes) -> list[Any]:
    """The events of a record: the members of an array, else one. What cannot be read counts as one, None."""
    content = data.removeprefix(BYTE_ORDER_MARK)
    try:
        events = [] if content.startswith(KPL_MAGIC) else _read(content.decode())
    except ValueError:
        return [None]
    return events if 0 < len(events) <= max(FEW_ITEMS, len(content) / MIN_EVENT_BYTES) else [None]


def _read(text: str) -> list[Any]:
    """An event that nests too deep is not looked at, and does not stop those beside it."""
    if is_deeper(text, MAX_DEPTH):
        return [None if is_deeper(member, MAX_DEPTH) else _parse(member) for member in members_of(text)]
    found = _parse(text)
    return found if isinstance(found, list) else [found]


def members_of(text: str) -> list[str]:
    """The texts of a batch's members, told by brackets alone; the whole text where it is no batch."""
    batch = text.strip(SPACE)
    if not batch.startswith("["):
        return [batch]
    depth, start, members = 0, 1, []
    for token in _TOKENS.finditer(batch):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == 0 or (depth == 1 and token[0] == ","):
            members.append(batch[start : token.start()])
            start = token.end()
        if depth == 0:
            break
    if depth > 0 or batch[start:]:
        raise ValueError("the batch does not end where its brackets do")
    return members


def is_deeper(text: str, levels: int) -> bool:
    """Whether JSON nests deeper: each round takes the innermost pairs of brackets away."""
    if text.count("{") + text.count("[") <= levels:
        return False
    outside_strings = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    brackets = outside_strings.encode().translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(levels):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"")
    return bool(brackets)


def _parse(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse, parse_int=float)


def hour_of(moment: datetime) -> str:
    """The hour, as it names an account."""
    return moment.astimezone(UTC).strftime(HOUR)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
