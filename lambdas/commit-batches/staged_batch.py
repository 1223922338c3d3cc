"""The messages that `land-records` and the gate of silver send: one for each staged Parquet file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class InvalidBatch(Exception):
    """A batch that can never be committed as it is; its message ends in the dead-letter queue."""


@dataclass(frozen=True)
class Position:
    """The first and the last sequence number that a batch holds of a shard."""

    shard: str
    first: int
    last: int


@dataclass(frozen=True)
class Txn:
    """What makes a batch without positions count once."""

    app_id: str
    version: int


@dataclass(frozen=True)
class StagedBatch:
    """A staged file that waits for its commit."""

    table: str
    staged: str
    rows: int
    events: int
    ordered: bool
    positions: tuple[Position, ...]
    txn: Txn | None


def parse_batch(body: str) -> StagedBatch:
    """Read a message. Anything but our own form is a bug of ours, and is to be seen."""
    try:
        return _batch_of(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidBatch(f"the message is no staged batch of version 1: {type(error).__name__} {error}") from error


def _batch_of(found: Mapping[str, Any]) -> StagedBatch:
    if found["version"] != 1:
        raise ValueError(f"version: found {found['version']!r}; allowed is 1")
    txn = found.get("txn")
    return StagedBatch(
        table=str(found["table"]),
        staged=str(found["staged"]),
        rows=int(found["rows"]),
        events=int(found["events"]),
        ordered=bool(found["ordered"]),
        positions=tuple(_position_of(each) for each in found["positions"]),
        txn=Txn(str(txn["appId"]), int(txn["version"])) if txn else None,
    )


def _position_of(found: Mapping[str, str]) -> Position:
    return Position(str(found["shard"]), int(found["from"]), int(found["to"]))
