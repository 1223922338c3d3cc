"""A catalogue of few products with all the dirt of real ones, and what a reading of it says, product by product."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.lake import INSTANT, NOON

ENTRY = {
    "entry_no": pa.int64(),
    "product_id": pa.string(),
    "listed_at": INSTANT,
    "status": pa.string(),
    "description": pa.string(),
    "category": pa.string(),
    "list_price": pa.decimal128(18, 4),
    "currency": pa.string(),
}
Row = dict[str, Any]


def entry(entry_no: int, product_id: str, halves: int = 0, price: str | None = "2.5", **fields: Any) -> Row:
    """An entry that holds from some half days after noon on."""
    at = NOON + timedelta(hours=12 * halves)
    own = {"status": "listed", "description": "Mug", "category": "Kitchen", "currency": "GBP"}
    named = {"entry_no": entry_no, "product_id": product_id, "listed_at": at} | own
    amount = None if price is None else Decimal(price).quantize(Decimal("0.0001"))
    return named | {"list_price": amount, "_event_id": f"e{entry_no}", "_event_time": at} | fields


def random_entries(dice: random.Random, count: int) -> Iterator[Row]:
    """Several at one instant, blank ones, repeated ones, of codes that nobody bought, before and after sales."""
    for number in range(count):
        product = dice.choice(["p1", "p2", "POST", "never-sold"])
        yield entry(
            number,
            product,
            dice.randint(3 if product == "p2" else -3, 10),
            dice.choice(["2.5", "3", None]),
            status=dice.choice(["listed", "listed", "Listed ", "withdrawn"]),
            description=dice.choice([None, "  ", "?", "mug", "MUG. ", "Big  mug"]),
            category=dice.choice(["Kitchen", " KITCHEN", None]),
        )


def written(description: str | None) -> str | None:
    """The rule of the contract."""
    text = " ".join((description or "").split()).upper().rstrip(" .,")
    return text if any(sign.isascii() and sign.isalpha() for sign in text) else None


def versions(entries: Iterable[Row], lines: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Rows of the dimension, by walking through each product's times."""
    holding: dict[str, dict[Any, Row]] = defaultdict(dict)
    for row in sorted(entries, key=lambda row: row["entry_no"]):
        holding[row["product_id"]][row["listed_at"].replace(tzinfo=None)] = row
    bought: dict[str, list[Row]] = defaultdict(list)
    for row in lines:
        bought[row["product_id"]].append(row)
    found = [row for product in {*holding, *bought} for row in _walk(product, holding[product], bought[product])]
    return sorted(found, key=lambda row: row[:2])


def _walk(product: str, holding: dict[Any, Row], lines: list[Row]) -> list[tuple[Any, ...]]:
    usual, name = _usual(lines), None
    shown: list[tuple[Any, tuple[Any, ...]]] = []
    first = min((row["ordered_at"] for row in lines), default=None)
    if first is not None and all(first < at for at in holding):
        shown.append((first, ("not_listed_yet" if holding else "unlisted", usual, None, None, None)))
    for at, row in sorted(holding.items()):
        is_listed = row["status"].strip().lower() == "listed"
        name = written(row["description"]) or name
        category = (row["category"] or "").strip().lower() or None
        price = row["list_price"] if is_listed else None
        currency = None if price is None else row["currency"]
        content = ("listed" if is_listed else "withdrawn", name or usual, category, price, currency)
        if not shown or shown[-1][1] != content:
            shown.append((at, content))
    sold = [row["ordered_at"].date() for row in lines if not row["is_cancellation"]]
    days = (min(sold), max(sold)) if sold else (None, None)
    ends = [*[at for at, _ in shown[1:]], None]
    return [(product, at, end, end is None, *content, *days) for (at, content), end in zip(shown, ends, strict=True)]


def _usual(lines: list[Row]) -> str | None:
    said = [(written(row["description"]), row["ordered_at"]) for row in lines if row["unit_price"] > 0]
    counts = Counter(name for name, _ in said if name)
    ranked = [(counts[name], at, name) for name, at in said if name]
    return max(ranked)[2] if ranked else None
