"""Sales and cancellations at random, and what they take back of one another by queues."""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.lake import line, order

#: Minutes of a day.
DAY = 24 * 60
PRODUCTS = ("p1", "p2", "p3", "POST", "D", "gift_0001_20")


def returns_of_a_shop(dice: random.Random) -> Iterator[dict[str, Any]]:
    """
    Sales and cancellations of few buyers, so that they meet, also at the same time, and before their sale. Some more
    buy in the months after, in their own ways.
    """
    for number in range(60):
        is_return = dice.random() < 0.4
        lines = [
            line(
                n,
                dice.randint(1, 5) * (-1 if is_return else 1),
                dice.choice(["0.3333", "2"]),
                product_id=product,
                description=(None, "?", "Big mug", "Mug, big .", "mug,  BIG")[(number + n) % 5],
            )
            for n, product in enumerate(dice.sample(PRODUCTS, 2), 1)
        ]
        yield order(
            f"{'C' if is_return else ''}R{number}",
            *lines,
            minute=dice.randint(0, 6) * DAY,
            is_cancellation=is_return,
            customer_id=dice.choice(["tok-1", "tok-2", None]),
            currency=dice.choice(["EUR", "EUR", "GBP", "NOK", "USD"]),
        )
    for number in range(40):  # so many that segments of some months are large enough to be shown
        at = number % 3 * 31 * DAY
        price = "9" if number % 7 else "300"
        yield order(f"many/{number}", line(1, 2, price), minute=at, customer_id=f"many-{number}", currency="GBP")
    found = [line(n, 1, "0", product_id="p3", description="damaged") for n in range(1, 40)]
    yield order("N", *found, customer_id=None)
    for customer, (orders, every, price) in {
        "tok-4": (9, 40, "900"),
        "tok-5": (4, 20, "9"),
        "tok-6": (2, 90, "0.5"),
    }.items():
        for number in range(orders):
            at = (number * every + dice.randint(0, 9)) * DAY
            yield order(f"{customer}/{number}", line(1, 1, price), minute=at, customer_id=customer, currency="GBP")


def taken_back(rows: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[int, int]]:
    """Units returned of each sale, and unmatched of each cancellation, by queues of what was sold."""
    sold: dict[Any, list[list[Any]]] = defaultdict(list)
    found = {(row["order_id"], row["line_no"]): [0, 0] for row in rows}
    for row in sorted(
        rows, key=lambda row: (row["ordered_at"], row["is_cancellation"], row["order_id"], row["line_no"])
    ):
        key, units = (row["order_id"], row["line_no"]), abs(row["quantity"])
        queue = sold[row["customer_id"], row["product_id"], row["currency"]]
        if row["product_id"] == "D":
            continue
        if not row["is_cancellation"]:
            queue.append([key, units if row["customer_id"] else 0])
            continue
        for sale in queue:
            taken = min(sale[1], units)
            found[sale[0]][0] += taken
            sale[1] -= taken
            units -= taken
        found[key][1] = units
    return {key: (returned, unmatched) for key, (returned, unmatched) in found.items()}
