"""Changes of few contacts, some of them deleted, and what a reading of them says, customer by customer."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa

from tests.lake import INSTANT, NOON

#: What no table of gold may hold, in any file.
SECRETS = ("tok-name-of-ann", "tok-mail-of-ann", "tok-phone-of-ann")
CHANGE = {
    "change_no": pa.int64(),
    "customer_id": pa.string(),
    "operation": pa.string(),
    "changed_at": INSTANT,
    "name": pa.string(),
    "email": pa.string(),
    "email_class": pa.string(),
    "phone": pa.string(),
    "country": pa.string(),
    "consent": pa.bool_(),
    "lifecycle_stage": pa.string(),
}
Row = dict[str, Any]
CONTENT = ("email_class", "country", "consent", "lifecycle_stage")


def change(change_no: int, customer_id: str, halves: int, operation: str = "update", **fields: Any) -> Row:
    """A change some half days after noon. A delete says the customer alone."""
    at = NOON + timedelta(hours=12 * halves)
    own = {"change_no": change_no, "customer_id": customer_id, "operation": operation, "changed_at": at}
    name, email, phone = SECRETS
    contact = {"name": name, "email": email, "phone": phone, "email_class": "company", "country": "France"}
    said = {} if operation == "delete" else contact | {"consent": True, "lifecycle_stage": "customer"}
    return own | {"_event_id": f"c{change_no}", "_event_time": at} | said | fields


def random_changes(dice: random.Random, count: int) -> Iterator[Row]:
    """Before and after orders, several at one time, repeated ones, deletes, and who came back after one."""
    for number in range(count):
        operation = dice.choice(["insert", "update", "update", "update", "delete"])
        said: Row = {
            "email_class": dice.choice(["company", " FREE_MAIL", None]),
            "country": dice.choice(["France", "United  Kingdom"]),
            "consent": dice.choice([True, False, None]),
            "lifecycle_stage": dice.choice(["lead", "Customer", None]),
        }
        who = dice.choice(["tok-1", "tok-2", "tok-lead", "tok-secret" if number > 25 else "tok-other"])
        yield change(number, who, number // 2 - 4, operation, **({} if operation == "delete" else said))


def versions(changes: Iterable[Row], lines: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Rows of the dimension, by walking through each customer's times."""
    said: dict[str, dict[Any, Row]] = defaultdict(dict)
    for row in sorted(changes, key=lambda row: row["change_no"]):
        said[row["customer_id"]][row["changed_at"].replace(tzinfo=None)] = row
    bought: dict[str, list[Row]] = defaultdict(list)
    for row in lines:
        if row["customer_id"] is not None:
            bought[row["customer_id"]].append(row)
    found = [row for customer in {*said, *bought} for row in _walk(customer, said[customer], bought[customer])]
    return sorted(found, key=lambda row: row[:2])


def _walk(customer: str, said: dict[Any, Row], lines: list[Row]) -> list[tuple[Any, ...]]:
    nothing = (None,) * len(CONTENT)
    exists, deleted_at = False, None
    for at, row in sorted(said.items()):
        is_delete = row["operation"] == "delete"
        deleted_at = at if is_delete and exists else deleted_at
        exists = not is_delete
    states: list[tuple[Any, tuple[Any, ...]]] = []
    for at, row in sorted(said.items()):
        if row["operation"] == "delete":
            continue
        if deleted_at is None or at > deleted_at:
            states.append((at, ("known", *_content(row))))
        elif lines:
            states.append((at, ("erased", *nothing)))
    if not states and not lines:
        return []
    first = min((row["ordered_at"] for row in lines), default=None)
    is_in_crm = any(row["operation"] != "delete" for row in said.values())
    if first is not None and all(first < at for at, _ in states):
        states.insert(0, (first, ("not_known_yet" if is_in_crm else "unknown", *nothing)))
    shown = [state for before, state in pairwise([(None, ()), *states]) if before[1] != state[1]]
    orders = [row["ordered_at"].date() for row in lines if not row["is_cancellation"]]
    cohort = date(min(orders).year, min(orders).month, 1) if orders else None
    ends = [*[at for at, _ in shown[1:]], None]
    return [(customer, at, end, end is None, *state, cohort) for (at, state), end in zip(shown, ends, strict=True)]


def _content(row: Row) -> tuple[Any, ...]:
    country, stage = " ".join(row["country"].split()), row["lifecycle_stage"]
    return (row["email_class"] or "none").strip().lower(), country, row["consent"], stage and stage.lower()
