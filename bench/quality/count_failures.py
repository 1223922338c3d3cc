"""Counts what breaks each rule, one row after the other in plain Python: python count_failures.py <lines.parquet>."""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq

REQUIRED = (
    *("order_id", "line_no", "ordered_at", "country", "currency", "is_cancellation", "product_id", "quantity"),
    "unit_price",
)
BREAKS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "currency.pattern": ("currency", lambda value: not re.fullmatch(r"[A-Z]{3}", value)),
    "currency.enum": ("currency", lambda value: value not in ("GBP", "EUR", "USD")),
    "product_id.minLength": ("product_id", lambda value: len(value) < 1),
    "product_id.maxLength": ("product_id", lambda value: len(value) > 12),
    "product_id.pattern": ("product_id", lambda value: not re.fullmatch(r"[A-Za-z0-9 ._-]+", value)),
    "description.maxLength": ("description", lambda value: len(value) > 40),
    "country.maxLength": ("country", lambda value: len(value) > 30),
    "unit_price.minimum": ("unit_price", lambda value: value < 0),
    "unit_price.maximum": ("unit_price", lambda value: value > 50_000),
    "line_no.minimum": ("line_no", lambda value: value < 1),
    "quantity.minimum": ("quantity", lambda value: value < -100_000),
    "quantity.maximum": ("quantity", lambda value: value > 100_000),
    "quantity.notIn": ("quantity", lambda value: value == 0),
}


def main(file: str) -> None:
    """Print the number of failed rows by rule."""
    failed: Counter[str] = Counter({**{f"{name}.required": 0 for name in REQUIRED}, **dict.fromkeys(BREAKS, 0)})
    keys: Counter[tuple[str, int]] = Counter()
    guests = rows = 0
    for batch in pq.ParquetFile(file).iter_batches():
        for row in batch.to_pylist():
            rows += 1
            guests += row["customer_id"] is None
            failed.update(f"{name}.required" for name in REQUIRED if row[name] is None)
            failed.update(
                rule for rule, (name, is_bad) in BREAKS.items() if row[name] is not None and is_bad(row[name])
            )
            if row["order_id"] is not None and row["line_no"] is not None:
                keys[row["order_id"], row["line_no"]] += 1
    failed["order_id+line_no.unique"] = sum(count - 1 for count in keys.values())
    failed["customer_id.required"] = 0 if guests / rows < 0.4 else guests
    failed["table.rowCount"] = 0 if 1 <= rows <= 10_000_000 else 1
    print(json.dumps(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
