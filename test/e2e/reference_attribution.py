"""Which campaigns orders are credited to, and what was spent on these, straight from the files that were sent.

Usage: python reference_attribution.py SPEND.csv VIEWS.jsonl FILE.csv... ; prints one JSON object. The arithmetic is
that of the tests of the model, which shares no code with it.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark-jobs"))

from tests.attribution import attribution_of  # after the path above

CENTS = Decimal("0.0001")


def lines_of(files: list[str]) -> Iterator[dict[str, Any]]:
    """Lines that are not for the quarantine; an order is of the time of its first line. The shop sells in pounds."""
    for file in files:
        placed: dict[str, datetime] = {}
        for row in csv.DictReader(Path(file).read_text().splitlines()):
            order = row["InvoiceNo"]
            at = placed.setdefault(order, datetime.fromisoformat(row["InvoiceDate"]))
            quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
            if quantity != 0 and price >= 0:
                yield {
                    "order_id": order,
                    "customer_id": row["CustomerID"].removesuffix(".0") or None,
                    "ordered_at": at,
                    "is_cancellation": order.startswith("C"),
                    "net_amount_gbp": (quantity * price).quantize(CENTS),
                }


def views_of(file: str) -> list[dict[str, Any]]:
    """Views with their times."""
    views = [json.loads(line) for line in Path(file).read_text().splitlines()]
    return [view | {"viewed_at": datetime.fromisoformat(view["viewed_at"])} for view in views]


def spend_of(file: str) -> dict[str, Decimal]:
    """Pounds by campaign; what was refunded is for the quarantine."""
    spend: dict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(Path(file).read_text().splitlines()):
        pounds = Decimal(row["Spend GBP"])
        spend[row["Campaign"].strip().lower()] += pounds if pounds >= 0 else 0
    return spend


def main() -> None:
    """Print the rows of orders, and the spend by campaign."""
    spend_file, views_file, *files = sys.argv[1:]
    views = views_of(views_file)
    rows = attribution_of(lines_of(files), views)
    ways = ("order_net", "first_touch", "last_touch", "linear", "position_based", "time_decay")
    told = [
        {"order_id": order, "campaign": campaign, "touch_count": touches}
        | {way: str(value.quantize(CENTS)) for way, value in zip(ways, values, strict=True)}
        for order, campaign, touches, *values in rows
    ]
    spend = {campaign: str(pounds.quantize(CENTS)) for campaign, pounds in sorted(spend_of(spend_file).items())}
    days = {row["Date"] for row in csv.DictReader(Path(spend_file).read_text().splitlines())}
    counts = {"spend_days": len(days), "views": len({view["view_id"] for view in views}), "sent_views": len(views)}
    print(json.dumps({**counts, "attribution": told, "spend": spend}))


if __name__ == "__main__":
    main()
