"""Rows that a person wants judged again, as `replay-records` hands them over: `lib/plan/replay.ts`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from shared.decode import decode
from shared.files import read_text


@dataclass(frozen=True)
class ReplayEntry:
    """The latest entry of a refused row. `first_seen` in microseconds since 1970, `ingest_date` ISO 8601."""

    quarantine_id: str
    attempts: int
    first_seen: int
    gate: str
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    contract_version: str | None
    event_id: str | None
    source: str | None
    run_id: str | None
    shard: str
    sequence: str
    ingest_date: str


@dataclass(frozen=True)
class ReplayDocument:
    """What was asked for at once, of one table."""

    version: int
    table: str
    entries: tuple[ReplayEntry, ...]


def read_entries(spark: SparkSession, uris: Iterable[str]) -> tuple[ReplayEntry, ...]:
    """All rows to judge again; one that was asked for twice comes once, as it was judged last."""
    found: dict[str, ReplayEntry] = {}
    for uri in uris:
        for entry in decode(ReplayDocument, json.loads(read_text(spark, uri)), uri).entries:
            known = found.get(entry.quarantine_id)
            if known is None or known.attempts < entry.attempts:
                found[entry.quarantine_id] = entry
    return tuple(found.values())


_TYPES = """quarantine_id string, attempts int, first_seen long, gate string, reasons array<string>,
    rules array<string>, contract_version string, event_id string, source string, run_id string,
    _shard string, _sequence string, _ingest_date date"""


def entries_frame(spark: SparkSession, entries: Sequence[ReplayEntry]) -> DataFrame:
    """The entries with the quarantine's own columns, as far as an entry keeps them."""
    rows = [
        (
            *(entry.quarantine_id, entry.attempts, entry.first_seen, entry.gate, list(entry.reasons)),
            *(list(entry.rules), entry.contract_version, entry.event_id, entry.source, entry.run_id),
            *(entry.shard, entry.sequence, date.fromisoformat(entry.ingest_date)),
        )
        for entry in entries
    ]
    frame = spark.createDataFrame(rows, _TYPES)
    return frame.withColumn("first_seen", F.timestamp_micros("first_seen"))
