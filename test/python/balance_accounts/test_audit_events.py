"""What an auditor counts in a record, against vectors that the ingest gate is held to as well."""

import base64
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit_events import MAX_ITEMS, Record, Tables, count_record, tables_of, tallies

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "events-of-records.json").read_text())
ORDERS = {"layer": "bronze", "table": "orders", "ingest": {"event": "shop.orders.v1"}}
SILVER = {"layer": "silver", "table": "order_lines"}
TABLES = tables_of("shop", [ORDERS, SILVER])
COMMERCE = Tables("commerce", {"commerce.orders.v1": "commerce.bronze.orders"})
AT = datetime(2026, 3, 1, 10, 59, 59, 999000, tzinfo=UTC)


def record_of(content: Any, sequence: int = 1, at: datetime = AT) -> Record:
    return Record(str(sequence), at, json.dumps(content).encode())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_ingest_gate_and_the_auditor_count_the_same(vector: dict[str, Any]) -> None:
    text = "".join(part * times for part, times in vector.get("parts", []))
    data = base64.b64decode(vector["base64"]) if "base64" in vector else text.encode()
    counts = count_record(Record("1", AT, data), COMMERCE)
    assert {table: events for (table, _), events in counts.items()} == vector["tables"]


@pytest.mark.parametrize(
    ("event", "table"),
    [
        ({"type": "shop.orders.v1"}, "shop.bronze.orders"),
        ({"type": "shop.orders.v1", "id": 17}, "shop.bronze.orders"),
        ({"type": "shop.wishes.v1"}, "shop.unknown"),
        ({"type": ["shop.orders.v1"]}, "shop.unknown"),
        ({"type": {"a": 1}}, "shop.unknown"),
        ({}, "shop.unknown"),
        ("shop.orders.v1", "shop.unknown"),
    ],
)
def test_an_event_counts_for_the_table_of_its_type_and_for_no_table_without_one(event: Any, table: str) -> None:
    assert count_record(record_of(event), TABLES) == Counter({(table, "2026-03-01T10"): 1})


def test_counts_come_in_parts_that_fit_a_transaction_and_lose_no_record() -> None:
    records = [
        record_of([{"type": "shop.orders.v1"}, 1], each, datetime.fromtimestamp(each * 3600, UTC))
        for each in range(200)
    ]
    parts = list(tallies(records, TABLES))
    assert max(len(part.counts) for part in parts) <= MAX_ITEMS
    assert sum((part.counts for part in parts), Counter()) == sum(
        (count_record(record, TABLES) for record in records), Counter()
    )
    assert parts[-1].last == "199"
    assert list(tallies([], TABLES)) == []
