"""A domain whose source deletes and truncates: random histories of customers, and what a reading of them all says."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.lake import BRONZE, INSTANT, NOON, Lake

CUSTOMERS, PHONES = "crm.silver.customers", "crm.silver.phones"
PLAN = Path(__file__).parent / "fixtures" / "crm" / "plan.json"
COLUMNS = {
    "customer_id": pa.string(),
    "op": pa.string(),
    "lsn": pa.int64(),
    "segment": pa.string(),
    "city": pa.string(),
    "phones": pa.list_(pa.struct([("phone_no", pa.int64()), ("kind", pa.string())])),
}
TECHNICAL = {name: kind for name, kind in BRONZE.items() if name.startswith("_")}
#: Much of what is made up here is to be refused.
NO_LIMIT = {"percent": 100, "fromRows": 1}

Event = dict[str, Any]
#: What orders events: smaller comes first.
Place = Callable[[Event], Any]

assert TECHNICAL["_event_time"] == INSTANT


def crm(lake: Lake) -> Lake:
    """An empty lake, as one of this domain."""
    return Lake(lake.spark, lake.folder, types=COLUMNS | TECHNICAL, source="crm/customers", text=PLAN.read_text())


def change(customer: str, op: str | None, lsn: int, event: str = "", **fields: Any) -> Event:
    """A change of a customer, a minute after noon for each of its numbers in the source's order."""
    own = {"segment": "a", "city": "Rome", "phones": [{"phone_no": 1, "kind": "home"}]} if op not in ("d", "t") else {}
    named = {"customer_id": customer, "op": op, "lsn": lsn, "_event_id": event or f"{customer}-{lsn}"}
    return named | {"_event_time": NOON + timedelta(minutes=lsn)} | own | fields


def random_changes(dice: random.Random, customers: int, events: int) -> list[Event]:
    """The source's order and the times agree roughly, and many are the same; some rows are to be refused."""
    truncates = set(dice.sample(range(events), 2))
    return [_random_change(dice, number, customers, number in truncates) for number in range(events)]


def _random_change(dice: random.Random, number: int, customers: int, truncates: bool) -> Event:
    op = "t" if truncates else dice.choice("ccuuuudd")
    lsn = 6 if truncates else dice.randint(0, 12)
    name = f"c{dice.randrange(customers)}"
    fields: Event = {"_event_time": NOON + timedelta(minutes=lsn + dice.choice([-2, 0, 0, 0, 1]))}
    if op in "cu":
        phones = [{"phone_no": n, "kind": dice.choice(["home", "work"])} for n in (1, 2) if dice.random() < 0.6]
        fields |= {"segment": dice.choice(["a", "a", "b", None]), "city": dice.choice(["Rome", None]), "phones": phones}
    return change(name, op, lsn, event=f"e{number}", **fields)


def firsts(delivered: Sequence[Event]) -> list[Event]:
    """Each event once, in the order of first deliveries, which decides between events of one place."""
    found: dict[str, Event] = {}
    for event in delivered:
        found.setdefault(event["_event_id"], event)
    return list(found.values())


def state(delivered: Sequence[Event], place: Place, rows_of: Callable[[Event], Mapping[Any, Any]]) -> dict[Any, Any]:
    """What is there after all changes, one after the other. An event without a valid row is none."""
    there: dict[str, Mapping[Any, Any]] = {}
    for event in sorted(firsts(delivered), key=place):
        if event["op"] == "t":
            there = {}
        elif event["op"] == "d":
            there.pop(event["customer_id"], None)
        elif rows := rows_of(event):
            there[event["customer_id"]] = rows
    return {key: row for rows in there.values() for key, row in rows.items()}


def by_lsn(event: Event) -> Any:
    """As the contract of customers says."""
    return event["lsn"]


def by_time(event: Event) -> Any:
    """As the contract of phones leaves it."""
    return event["_event_time"]


def customer(event: Event) -> Mapping[Any, Any]:
    """The row of a customer, whose segment is required."""
    if event["segment"] is None:
        return {}
    return {(event["customer_id"],): (event["lsn"], event["segment"], event["city"])}


def phones(event: Event) -> Mapping[Any, Any]:
    """The rows of a customer's phones."""
    return {(event["customer_id"], phone["phone_no"]): (phone["kind"],) for phone in event["phones"]}
