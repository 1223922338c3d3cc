"""Writes a Parquet file with pyarrow to the path given, in row groups of 100, and prints its rows as JSON."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("big", pa.int64()),
        ("units", pa.int32()),
        ("ratio", pa.float64()),
        ("cost", pa.decimal128(18, 4)),
        ("tiny", pa.decimal128(5, 2)),
        ("at", pa.timestamp("us", "UTC")),
        ("local_at", pa.timestamp("ms")),
        ("day", pa.date32()),
        ("is_new", pa.bool_()),
        ("tags", pa.list_(pa.string())),
        ("lines", pa.list_(pa.struct([("no", pa.int32()), ("price", pa.decimal128(10, 2))]))),
        ("place", pa.struct([("city", pa.string())])),
    ]
)


def row(number: int) -> dict[str, Any]:
    return {
        "id": f"P{number} ü",
        "big": 2**60 + number if number % 2 else -number,
        "units": number if number % 3 else None,
        "ratio": number / 8,
        "cost": Decimal(number) / 10000 - 1,
        "tiny": Decimal("-0.05") if number % 5 == 0 else None,
        "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=number * 1_000_001),
        "local_at": datetime(1969, 12, 31, 23, 59, 59, 999000),
        "day": date(1960, 1, 1) + timedelta(days=number),
        "is_new": number % 2 == 0,
        "tags": None if number % 7 == 0 else [f"t{each}" for each in range(number % 4)],
        "lines": [{"no": each, "price": Decimal("1.50")} for each in range(number % 3)],
        "place": {"city": "Ōsaka"} if number % 2 else None,
    }


def as_json(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: as_json(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, Decimal):
        places = {"cost": 4}.get(name, 2)
        return format(value.quantize(Decimal(1).scaleb(-places)), "f")
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat(timespec="microseconds") + "000"
        return text + ("Z" if value.tzinfo else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


if __name__ == "__main__":
    path, codec, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rows = [row(number) for number in range(count)]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path, compression=codec, row_group_size=100)
    print(json.dumps([as_json(each) for each in rows]))
