"""A domain with one table, orders, and ports that a test can break."""

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from commit_batches import Outcome, record_number
from committer import Committer
from delta_table import DeltaLakeTable, OpenTables
from messages import Failure, Message
from staged_batch import StagedBatch
from staging import S3Staging
from table_schema import TableContract, read_contracts

ORDERS = "commerce.bronze.orders"
QUARANTINE = "commerce.ops.quarantine"
SHARD = "shardId-000000000000"


def column(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "required": False, "pii": "none", **more}


LINE = [column("line_no", "int"), column("unit_price", "decimal(18,4)")]
COLUMNS = [
    column("order_id", "string", required=True),
    column("customer_id", "string", pii="direct"),
    column("lines", "array", items={"type": "struct", "fields": LINE}),
]
CONTRACT = {"domain": "commerce", "layer": "bronze", "table": "orders", "version": "1.0.0", "columns": COLUMNS}

LINES = pa.list_(pa.struct([("line_no", pa.int32()), ("unit_price", pa.decimal128(18, 4))]))
UTC_TIME = pa.timestamp("us", "UTC")
ORDER_SCHEMA = pa.schema(
    {
        "order_id": pa.string(),
        "customer_id": pa.string(),
        "lines": LINES,
        "_event_id": pa.string(),
        "_event_time": UTC_TIME,
        "_ingested_at": UTC_TIME,
        "_source": pa.string(),
        "_shard": pa.string(),
        "_sequence": pa.string(),
        "_contract_version": pa.string(),
        "_ingest_date": pa.date32(),
    }
)


def order(sequence: int, shard: str = SHARD, event: str = "") -> dict[str, Any]:
    at = datetime(2011, 1, 4, 10, 0, sequence % 60, tzinfo=UTC)
    return {
        "order_id": f"o{sequence}",
        "customer_id": None if sequence % 3 == 0 else f"tok_{sequence}",
        "lines": [{"line_no": 1, "unit_price": Decimal("2.5500")}],
        "_event_id": event or f"e{sequence}",
        "_event_time": at,
        "_ingested_at": at,
        "_source": "/commerce/shop",
        "_shard": shard,
        "_sequence": f"{sequence:064}.000000",
        "_contract_version": "1.0.0",
        "_ingest_date": date(2011, 1, 4),
    }


NAMES = ["quarantine_id", "entry_id", "status", "domain", "table", "gate", "contract_version", "event_id"]
TEXTS = [*NAMES, "payload", "sealed", "source", "_producer", "run_id", "note"]
QUARANTINE_SCHEMA = pa.schema(
    {
        **dict.fromkeys(TEXTS, pa.string()),
        "reasons": pa.list_(pa.string()),
        "rules": pa.list_(pa.string()),
        "_producer_seq": pa.int64(),
        "attempts": pa.int32(),
        "first_seen": UTC_TIME,
        "changed_at": UTC_TIME,
        "_shard": pa.string(),
        "_sequence": pa.string(),
        "_ingest_date": pa.date32(),
    }
)


def refused(identity: str, attempts: int = 1, status: str = "open", sequence: int = 1) -> dict[str, Any]:
    row = dict.fromkeys(QUARANTINE_SCHEMA.names) | order(sequence)
    row |= {"quarantine_id": identity, "gate": "G1", "reasons": ["quantity is 0"], "rules": ["quantity"]}
    row |= {"entry_id": f"{identity}:{attempts}:{status}", "attempts": attempts, "status": status}
    return {name: row[name] for name in QUARANTINE_SCHEMA.names}


def parquet(rows: Sequence[dict[str, Any]], schema: pa.Schema = ORDER_SCHEMA) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema), sink, compression="zstd")
    return sink.getvalue()


class S3:
    """As much of boto3's client as staging uses, over a dictionary."""

    class exceptions:
        class NoSuchKey(Exception):
            pass

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.is_down = False

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if self.is_down:
            raise ConnectionError("S3 is down")
        if f"{Bucket}/{Key}" not in self.objects:
            raise self.exceptions.NoSuchKey
        content = self.objects[f"{Bucket}/{Key}"]
        return {"Body": io.BytesIO(content), "ContentLength": len(content)}

    def get_paginator(self, _operation: str) -> "S3":
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        found = {name.removeprefix(f"{Bucket}/"): len(content) for name, content in sorted(self.objects.items())}
        yield {"Contents": [{"Key": key, "Size": size} for key, size in found.items() if key.startswith(Prefix)]}


class Ledger:
    """Keeps what is recorded; it may be broken."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Outcome, str | None]] = []
        self.forgotten: list[str] = []
        self.is_down = False

    def record(self, table: str, outcome: Outcome, now: str, last_event_time: str | None) -> None:
        if self.is_down:
            raise ConnectionError("DynamoDB is down")
        assert now.endswith("Z")
        self.records.append((table, outcome, last_event_time))

    def forget(self, batches: Sequence[StagedBatch]) -> None:
        self.forgotten += [batch.staged for batch in batches]


class Events:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def table_committed(self, table: str, outcome: Outcome) -> None:
        self.told.append((table, outcome.version))


class Domain:
    """A committer over local Delta tables, with messages as `land-records` sends them."""

    def __init__(self, folder: Path, sources: Path) -> None:
        self.folder = folder
        self.s3, self.ledger, self.events = S3(), Ledger(), Events()
        (folder / "contracts.json").write_text(json.dumps([CONTRACT]))
        (folder / "system-columns.json").write_bytes((sources / "system-columns.json").read_bytes())
        self.open_table: Callable[[TableContract], Any] = lambda contract: DeltaLakeTable(
            str(folder / contract.table), contract
        )

    def commit(self, *messages: Message) -> list[str]:
        """The ids of the messages that are to come again."""
        return [failure.message.id for failure in self.failures(*messages)]

    def contracts(self) -> dict[str, TableContract]:
        return read_contracts(self.folder)

    def failures(self, *messages: Message) -> list[Failure]:
        tables = OpenTables(lambda contract: self.open_table(contract))
        return Committer(self.contracts(), tables, S3Staging(self.s3), self.ledger, self.events).commit(messages)

    def stage(self, name: str, staged_rows: Sequence[dict[str, Any]], **more: Any) -> Message:
        """A file of orders and its message; `more` overrides what the message says."""
        schema = more.pop("schema", ORDER_SCHEMA)
        self.s3.objects[f"landing/{name}.parquet"] = parquet(staged_rows, schema)
        sequences = sorted(record_number(row["_sequence"]) for row in staged_rows)
        says = {
            "version": 1,
            "table": ORDERS,
            "staged": f"s3://landing/{name}.parquet",
            "rows": len(staged_rows),
            "events": len(staged_rows),
            "contractVersion": "1.0.0",
            "ordered": True,
            "positions": [{"shard": SHARD, "from": str(sequences[0]), "to": str(sequences[-1])}],
            **more,
        }
        return Message(name, str(says["table"]), json.dumps(says), sent=time.time())

    def rows(self, table: str = ORDERS) -> list[dict[str, Any]]:
        """The rows of the table's active files, read by pyarrow."""
        files = DeltaTable(str(self.folder / table)).file_uris()
        return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]

    def sequences(self) -> list[int]:
        return sorted(record_number(row["_sequence"]) for row in self.rows())


def quarantined(domain: Domain, name: str, version: int, *ids: str) -> Message:
    txn = {"appId": "refine:commerce.silver.order_lines", "version": version}
    more = {"events": 0, "ordered": False, "positions": [], "txn": txn, "schema": QUARANTINE_SCHEMA}
    return domain.stage(name, [refused(each) for each in ids], table=QUARANTINE, **more)
