"""However events are spread over runs, and however often they come, silver is what an independent reading says."""

import random
from collections.abc import Sequence
from typing import Any

from tests.lake import LINES, Lake, line, order

Event = dict[str, Any]

#: Much of what is made up here is to be refused.
NO_LIMIT = {"percent": 100, "fromRows": 1}


def test_silver_is_the_valid_rows_of_the_newest_event_of_each_order(lake: Lake) -> None:
    dice = random.Random(1)
    delivered = deliveries(dice, random_events(dice))
    for batch in cut(dice, delivered, 4):
        version = lake.land(*batch)
        lake.refine(version, version, limit=NO_LIMIT)
    assert lake.rows(LINES, "order_id", "line_no", "quantity", "_event_id") == expected(delivered)


def test_one_run_over_many_versions_gives_the_same_rows_as_a_run_for_each(lake: Lake) -> None:
    dice = random.Random(3)
    delivered = deliveries(dice, random_events(dice))
    for batch in cut(dice, delivered, 3):
        last = lake.land(*batch)
    lake.refine(0, last, limit=NO_LIMIT)
    assert lake.rows(LINES, "order_id", "line_no", "quantity", "_event_id") == expected(delivered)


def random_events(dice: random.Random) -> list[Event]:
    """Orders that are sent again and again, many at the same time; lines may be wrong, repeated or missing."""
    return [random_event(dice, f"e{number}", dice.randrange(8)) for number in range(60)]


def random_event(dice: random.Random, event: str, minute: int) -> Event:
    lines = [line(dice.randint(1, 4), dice.choice([-1, 0, 0, 1, 2])) for _ in range(dice.randint(0, 4))]
    return order(f"order-{dice.randint(1, 12)}", *lines, event=event, minute=minute)


def deliveries(dice: random.Random, events: Sequence[Event]) -> list[Event]:
    """At least once, in any order."""
    delivered = [*events, *dice.sample(events, len(events) // 3)]
    dice.shuffle(delivered)
    return delivered


def cut(dice: random.Random, events: Sequence[Event], parts: int) -> list[Sequence[Event]]:
    """Into parts of any size."""
    cuts = sorted(dice.sample(range(1, len(events)), parts - 1))
    return [events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]


def expected(events: Sequence[Event]) -> list[tuple[str, int, int, str]]:
    """The contract in plain Python: no windows, no merge, no runs. Of events of the same time the later one wins."""
    firsts: dict[str, Event] = {}
    for event in events:
        firsts.setdefault(event["_event_id"], event)
    newest: dict[str, Event] = {}
    for event in sorted(firsts.values(), key=lambda event: event["_event_time"]):
        if valid_lines(event):
            newest[event["order_id"]] = event
    return sorted(
        (event["order_id"], number, quantity, event["_event_id"])
        for event in newest.values()
        for number, quantity in valid_lines(event).items()
    )


def valid_lines(event: Event) -> dict[int, int]:
    first: dict[int, int] = {}
    for item in event["lines"]:
        first.setdefault(item["line_no"], item["quantity"])
    return {number: quantity for number, quantity in first.items() if quantity != 0}
