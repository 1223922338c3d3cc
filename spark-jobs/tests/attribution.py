"""Which campaigns orders are credited to, computed from sales and page views by loops alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENTS = Decimal("0.0001")
WINDOW, HALF_LIFE = timedelta(days=30), timedelta(days=7)
ROBOTS = ("bot", "crawler", "spider")


def attribution_of(lines: Iterable[Mapping[str, Any]], views: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows of all orders, by order and campaign: counts, and the five credits."""
    orders: dict[str, dict[str, Any]] = {}
    for line in lines:
        if not line["is_cancellation"]:
            order = orders.setdefault(line["order_id"], {**line, "net": Decimal(0)})
            order["net"] += line["net_amount_gbp"] or 0
    known, touches = _known(views), _touches(views)
    return [row for name in sorted(orders) for row in _rows(orders[name], known, touches)]


def _known(views: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], datetime]:
    known: dict[tuple[str, str], datetime] = {}
    for view in views:
        if view["visitor_id"] and view.get("customer_id"):
            key = (view["visitor_id"], view["customer_id"])
            known[key] = min(known.get(key, view["viewed_at"]), view["viewed_at"])
    return known


def _touches(views: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[datetime, str]]]:
    begun: dict[tuple[str, str, str], datetime] = {}
    for view in views:
        campaign = (view.get("utm_campaign") or "").strip().lower() or ("google-ads" if view.get("click_id") else None)
        agent = (view.get("user_agent") or "").lower()
        if campaign and view["visitor_id"] and not any(robot in agent for robot in ROBOTS):
            key = (view["visitor_id"], view.get("session_id") or view["view_id"], campaign)
            begun[key] = min(begun.get(key, view["viewed_at"]), view["viewed_at"])
    touches = defaultdict(list)
    for (visitor, session, campaign), at in begun.items():
        touches[visitor].append((at, campaign, session))
    return {visitor: [found[:2] for found in sorted(all_of_it)] for visitor, all_of_it in touches.items()}


def _rows(
    order: Mapping[str, Any],
    known: Mapping[tuple[str, str], datetime],
    touches: Mapping[str, list[tuple[datetime, str]]],
) -> Iterator[tuple[Any, ...]]:
    at, net = order["ordered_at"].replace(tzinfo=UTC), order["net"]
    visitors = [who for (who, customer), since in known.items() if customer == order["customer_id"] and since <= at]
    found = sorted(touch for who in visitors for touch in touches.get(who, []) if at - WINDOW <= touch[0] <= at)
    credits = _credits(net, [(at - touched).total_seconds() / HALF_LIFE.total_seconds() for touched, _ in found])
    for campaign in sorted({name for _, name in found}) or ["direct"]:
        own = [place for place, (_, name) in enumerate(found) if name == campaign] if found else [0]
        sums = [sum((credit[place] for place in own), Decimal(0)) for credit in credits]
        yield (order["order_id"], campaign, len(own) if found else 0, net, *sums)


def _credits(net: Decimal, ages: list[float]) -> list[list[Decimal]]:
    """By first touch, last touch, in equal parts, by position, by age: a part for each touch."""
    n = max(1, len(ages))
    middle = Decimal(20) / (n - 2) if n > 2 else Decimal(0)
    positions = {1: [Decimal(100)], 2: [Decimal(50)] * 2}.get(n, [Decimal(40), *[middle] * (n - 2), Decimal(40)])
    decay = [0.5**age for age in ages] or [1.0]
    parts = [
        [net * (place == 0) for place in range(n)],
        [net * (place == n - 1) for place in range(n)],
        [net / n] * n,
        [net * share / 100 for share in positions],
        [Decimal(repr(float(net) * weight / sum(decay))) for weight in decay],
    ]
    return [_whole(net, [part.quantize(CENTS, ROUND_HALF_UP) for part in each]) for each in parts]


def _whole(net: Decimal, parts: list[Decimal]) -> list[Decimal]:
    """What rounding leaves over goes to the last one."""
    return [*parts[:-1], net - sum(parts[:-1], Decimal(0))]
