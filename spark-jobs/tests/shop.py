"""A small shop that tests start from, and what comes to correct it."""

from tests.lake import Lake, line, order


def open_shop(lake: Lake) -> Lake:
    lake.land(
        order("A", line(1, 2, "0.10"), line(2, 3, "1.2345")),
        order("B", line(1, 1, "0.10", product_id="p1"), line(2, 4, "0.10", product_id="p1"), customer_id="tok-secret"),
        order("C1", line(1, -2, "0.10", product_id="p1"), is_cancellation=True),
    )
    lake.refine(0, 1)
    return lake


def correct(shop: Lake) -> None:
    """Another product, a line less, a new order in another month, and a cancellation."""
    shop.land(
        order("A", line(1, 2, "0.10", product_id="p9"), event="A-2", minute=1),
        order("D", line(1, 7, "3"), minute=40 * 24 * 60),
        order("C2", line(1, -4, "0.10"), is_cancellation=True, minute=2),
    )
    shop.refine(2, 2)
