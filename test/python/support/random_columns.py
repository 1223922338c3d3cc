"""Columns of a contract by chance, nested up to a depth, and the changes that people make to them."""

import copy
import random
from typing import Any

SCALARS = ["string", "int", "long", "double", "boolean", "date", "timestamp", "decimal(18,4)"]

Column = dict[str, Any]


def random_columns(chance: random.Random, depth: int = 2) -> list[Column]:
    """One to five columns with names of their own."""
    names = chance.sample(["id", "Total", "naïve", "a b", "x.y", "lines"], chance.randint(1, 5))
    return [{"name": name.replace(".", "_"), **random_type(chance, depth)} for name in names]


def random_type(chance: random.Random, depth: int) -> Column:
    kind = chance.choice(["scalar", "array", "struct"]) if depth else "scalar"
    if kind == "array":
        return {"type": "array", "items": random_type(chance, depth - 1)}
    if kind == "struct":
        return {"type": "struct", "fields": random_columns(chance, depth - 1)}
    return {"type": chance.choice(SCALARS)}


def member_lists(columns: list[Column]) -> list[list[Column]]:
    """The columns themselves, and the members of every struct in them."""
    found = [columns]
    for column in columns:
        inner = column
        while inner["type"] == "array":
            inner = inner["items"]
        found += member_lists(inner["fields"]) if inner["type"] == "struct" else []
    return found


def changed(chance: random.Random, columns: list[Column], change: str) -> list[Column]:
    """The columns after one change, somewhere: `add`, `drop`, `rename`, `retype` or `reorder`."""
    after = copy.deepcopy(columns)
    members = chance.choice(member_lists(after))
    target = chance.choice(members)
    if change == "add":
        members.insert(chance.randint(0, len(members)), {"name": "added", **random_type(chance, 1)})
    elif change == "drop":
        members.remove(target)
    elif change == "rename":
        target["name"] += "_renamed"
    elif change == "retype":
        new = chance.choice([kind for kind in SCALARS if kind != target["type"]])
        members[members.index(target)] = {"name": target["name"], "type": new}
    else:
        chance.shuffle(members)
    return after
