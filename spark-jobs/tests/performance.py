"""How products sell by day, week and month, computed from lines of sales by loops alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: First days of the periods in which a day is.
STARTS: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(day.weekday()),
    "month": lambda day: day.replace(day=1),
}


def periods_of(day: date) -> list[tuple[str, date]]:
    """The three periods of a day."""
    return [(period, start(day)) for period, start in STARTS.items()]


def performance_of(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """By product, period, start and currency what else the table tells, of rows of sales."""
    held = defaultdict(list)
    for line in lines:
        for period, start in periods_of(line["order_date"]):
            held[line["product_id"], period, start, line["currency"]].append(line)
    net = {key: sum((line["net_amount"] for line in found), Decimal(0)) for key, found in held.items()}
    is_product = {key: found[0]["is_product"] for key, found in held.items()}
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    years: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for key in sorted(held, key=lambda key: key[2]):
        product, period, start, currency = key
        sums = _sums(held[key])
        units, price = sums[2], sums[-1]
        so_far = years[product, period, start.year, currency]
        so_far.append((units, net[key], price))
        base = next((each for *_, each in so_far if each), None)
        index = None if price is None or base is None else _rounded(price * 100 / base, "0.01")
        rivals = [other for other in net if other[1:] == key[1:] and is_product[other] == is_product[key]]
        place = 1 + sum(net[other] > net[key] for other in rivals)
        totals = (sum(each[0] for each in so_far), sum((each[1] for each in so_far), Decimal(0)))
        rows[key] = (is_product[key], *sums[:4], net[key], *sums[4:], index, place, *totals)
    return rows


def _sums(lines: list[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Counts of orders, lines, units net, cancelled, sold and returned, the rate of return, and the price."""
    orders = {line["order_id"] for line in lines if not line["is_cancellation"]}
    sold = [line for line in lines if not line["is_cancellation"] and line["quantity"] > 0]
    units, returned = sum(line["quantity"] for line in sold), sum(line["returned_units"] for line in lines)
    gross = sum((line["gross_amount"] for line in sold), Decimal(0))
    return (
        len(orders),
        len(lines),
        sum(line["quantity"] for line in lines),
        -sum(line["quantity"] for line in lines if line["is_cancellation"]),
        units,
        returned,
        _rounded(Decimal(returned) / units, "0.0001") if units else None,
        _rounded(gross / units, "0.0001") if units else None,
    )


def _rounded(value: Decimal, unit: str) -> Decimal:
    return value.quantize(Decimal(unit), ROUND_HALF_UP)
