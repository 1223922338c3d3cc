"""Page views, as they come to silver."""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa

from tests.lake import INSTANT, NOON, Lake

VIEW = {
    "view_id": pa.string(),
    "viewed_at": INSTANT,
    "path": pa.string(),
    "product_id": pa.string(),
    "milliseconds_to_load": pa.int32(),
    **dict.fromkeys(("visitor_id", "session_id", "customer_id", "click_id", "user_agent"), pa.string()),
    **dict.fromkeys(("utm_source", "utm_medium", "utm_campaign"), pa.string()),
}


def send_views(shop: Lake, views: Iterable[Mapping[str, Any]]) -> None:
    """Views, of which only what they tell is stated."""
    events = [
        {**dict.fromkeys(VIEW), "path": "/", "_event_id": view["view_id"], "_event_time": view["viewed_at"], **view}
        for view in views
    ]
    shop.send("page_views", VIEW, *events)


def views_of_a_shop(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Visits of a few browsers, some of whose visitors are known sooner or later, and of a robot."""
    for number in range(160):
        visitor = dice.randint(1, 9)
        at = NOON + timedelta(days=dice.choice([-40, -20, -9, -3, *range(7)]), hours=dice.randint(-5, 5))
        session = {
            "visitor_id": f"v{visitor}",
            "session_id": f"s{number}",
            "user_agent": dice.choice(["Mozilla", None]),
        }
        link = {
            "utm_campaign": dice.choice(["Spring ", "spring", "sale", None]),
            "click_id": dice.choice(["c", None, None]),
        }
        customer = f"tok-{(visitor + dice.randint(0, 1)) // 2 + 1}" if visitor < 8 and dice.random() < 0.3 else None
        if visitor == 9:
            session |= {"user_agent": "Mozilla (compatible; WatchBot/2)", "visitor_id": "v1"}
        yield {"view_id": f"{number}-1", "viewed_at": at, **session, **link}
        more = {"viewed_at": at + timedelta(seconds=9), "customer_id": customer}
        yield {"view_id": f"{number}-2", **more, **session, **(link if dice.random() < 0.5 else {})}
