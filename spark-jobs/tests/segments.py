"""What segments customers are in, month by month, computed from lines of sales by loops alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: The least of each score from 5 down to 2; of recency, the most.
RECENCY, FREQUENCY, MONETARY = (30, 60, 90, 180), (10, 5, 3, 2), (5000, 2000, 750, 250)


def score(value: Decimal | int, bounds: tuple[int, ...]) -> int:
    """5 when the first bound is reached, 1 when none is."""
    return next((5 - place for place, bound in enumerate(bounds) if value >= bound), 1)


def segment_of(recent: int, often: int, rich: int, orders: int, age: int) -> str:
    """The first rule that fits."""
    rules = {
        "lost": orders == 0,
        "champion": min(recent, often, rich) > 3,
        "loyal": min(recent, often) > 2,
        "big_spender": recent > 2 and rich > 3,
        "new": age <= 60,
        "occasional": recent > 2,
        "at_risk": often > 2 or rich > 3,
    }
    return next((name for name, fits in rules.items() if fits), "dormant")


def months_from(first: date, last: date) -> list[date]:
    """First days of all months from that of a day to that of another."""
    ends = [day.year * 12 + day.month - 1 for day in (first, last)]
    return [date(month // 12, month % 12 + 1, 1) for month in range(ends[0], ends[1] + 1)]


def last_day_of(month: date) -> date:
    """The day before the next month begins."""
    return months_from(month, month + timedelta(31))[-1] - timedelta(1)


def segments_of(lines: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows of all customers, sorted, of rows of sales."""
    by_customer = defaultdict(list)
    last = date.min
    for line in lines:
        last = max(last, line["order_date"])
        by_customer[line["customer_id"]].append(line)
    known = [(customer, lines) for customer, lines in sorted(by_customer.items(), key=str) if customer]
    return [row for customer, lines in known for row in _rows(customer, lines, last)]


def summary_of(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of rows of `segments_of` the months in segments of ten people, taken by one by one; sorted."""
    by_month: dict[date, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_month[row[1]][row[-2]].append(row)
    found = []
    for month, segments in by_month.items():
        waiting = sorted(segments.items(), key=lambda each: (len(each[1]), each[0]))
        others: list[tuple[Any, ...]] = []
        merged = 0
        while waiting and (len(waiting[0][1]) < 10 or 0 < len(others) < 10):
            others += waiting.pop(0)[1]
            merged += 1
        shown = [(name, people, 1) for name, people in waiting] + [("other", others, merged)] * (len(others) >= 10)
        found += [(month, name, len(people), count, *_brought(people)) for name, people, count in shown]
    return sorted(found)


def _brought(people: list[tuple[Any, ...]]) -> tuple[int, Decimal]:
    """Orders, and money in whole hundreds."""
    money = sum((row[6] for row in people), Decimal(0)) / 100
    return sum(row[5] for row in people), money.quantize(Decimal(1), ROUND_HALF_UP) * 100


def _rows(customer: str, lines: list[Mapping[str, Any]], last: date) -> Iterable[tuple[Any, ...]]:
    orders = {line["order_id"]: line["order_date"] for line in lines if not line["is_cancellation"]}
    if not orders:
        return
    first, before = min(orders.values()), None
    months = months_from(first, last)
    money = {month: Decimal(0) for month in months}
    for line in lines:
        month = line["order_date"].replace(day=1)
        if month in money:
            money[month] += line["net_amount_gbp"] or 0
    for age, month in enumerate(months):
        end, year = last_day_of(month), months[max(0, age - 11) : age + 1]
        days = [day for day in orders.values() if day <= end]
        recency, here = (end - max(days)).days, sum(day.replace(day=1) == month for day in days)
        often, rich = sum(day >= year[0] for day in days), sum((money[each] for each in year), Decimal(0))
        scores = (5 - sum(recency > bound for bound in RECENCY), score(often, FREQUENCY), score(rich, MONETARY))
        segment = segment_of(*scores, often, (end - first).days)
        counts = (here, money[month], often, rich)
        yield (customer, month, age, first, max(days), *counts, recency, *scores, segment, before)
        before = segment
