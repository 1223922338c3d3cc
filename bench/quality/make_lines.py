"""Makes order lines of the real ones: python make_lines.py <folder of CSV files or an archive> <rows> <out.parquet>.

The lines are repeated with shifted order numbers, and some are spoilt, always the same ones.
"""

import csv
import io
import random
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    {
        "order_id": pa.string(),
        "line_no": pa.int32(),
        "ordered_at": pa.timestamp("us", tz="UTC"),
        "customer_id": pa.string(),
        "country": pa.string(),
        "currency": pa.string(),
        "is_cancellation": pa.bool_(),
        "product_id": pa.string(),
        "description": pa.string(),
        "quantity": pa.int32(),
        "unit_price": pa.decimal128(18, 4),
    }
)
#: A column, what a spoilt line has in it, and how many are spoilt so.
DEFECTS: list[tuple[str, Any, int]] = [
    ("country", None, 300),
    ("currency", "gbp", 200),
    ("currency", "XXX", 50),
    ("product_id", "A-CODE-THAT-IS-TOO-LONG", 70),
    ("product_id", "", 30),
    ("product_id", "bad/code", 40),
    ("description", "d" * 41, 60),
    ("unit_price", Decimal("-1.0000"), 150),
    ("quantity", 0, 120),
    ("quantity", 100_001, 10),
    ("ordered_at", None, 5),
    ("line_no", 0, 7),
]
REPEATED = 100  # lines that come a second time
WITHOUT_ORDER = 2  # lines of no order, with the same number


def texts(folder: Path) -> Iterator[str]:
    """The CSV files, in the order of their names."""
    archives = sorted(folder.glob("*.tar.xz"))
    if not archives:
        yield from (file.read_text() for file in sorted(folder.rglob("*.csv")))
    for archive in archives:
        with tarfile.open(archive) as members:
            for member in sorted(members.getmembers(), key=lambda each: each.name):
                content = members.extractfile(member) if member.name.endswith(".csv") else None
                if content:
                    yield content.read().decode()


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The real order lines."""
    numbers: dict[str, int] = {}
    for text in texts(folder):
        for row in csv.DictReader(io.StringIO(text)):
            order = row["InvoiceNo"]
            numbers[order] = numbers.get(order, 0) + 1
            yield {
                "order_id": order,
                "line_no": numbers[order],
                "ordered_at": datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=UTC),
                "customer_id": row["CustomerID"] or None,
                "country": row["Country"],
                "currency": "GBP",
                "is_cancellation": order.startswith("C"),
                "product_id": row["StockCode"],
                "description": row["Description"].strip() or None,
                "quantity": int(row["Quantity"]),
                "unit_price": Decimal(row["UnitPrice"]).quantize(Decimal("0.0001")),
            }


def spoil(rows: list[dict[str, Any]]) -> None:
    """Each defect hits lines of its own."""
    chance = random.Random(25)
    places = iter(chance.sample(range(len(rows)), sum(count for _, _, count in DEFECTS) + 2 * REPEATED + WITHOUT_ORDER))
    for name, value, count in DEFECTS:
        for _ in range(count):
            rows[next(places)][name] = value
    for _ in range(REPEATED):
        first, second = rows[next(places)], rows[next(places)]
        second |= {"order_id": first["order_id"], "line_no": first["line_no"]}
    for _ in range(WITHOUT_ORDER):
        rows[next(places)] |= {"order_id": None, "line_no": 1}


def main(folder: str, count: str, out: str) -> None:
    """Write the lines."""
    real = list(lines(Path(folder)))
    rows = [
        {**line, "order_id": f"{i // len(real)}-{line['order_id']}"}
        for i in range(int(count))
        for line in [real[i % len(real)]]
    ]
    spoil(rows)
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), out, row_group_size=125_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
