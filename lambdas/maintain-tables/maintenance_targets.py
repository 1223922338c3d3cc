"""Which Delta tables a domain has, and who reads their changes by version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SLOTS = ("blue", "green")


@dataclass(frozen=True)
class Target:
    """One Delta table. Each slot of a gold table is one."""

    table: str
    slot: str | None = None
    # Silver tables that read a bronze table, or slots that are built from a silver one.
    readers: tuple[str, ...] = ()

    @property
    def layer(self) -> str:
        return self.table.split(".")[1]

    @property
    def is_written_by_runs(self) -> bool:
        """Spark writes silver and gold, so only who holds the domain may."""
        return self.layer in ("silver", "gold")


def targets_of(domain: str, contracts: Iterable[Mapping[str, Any]]) -> list[Target]:
    """What the committer writes comes first: it needs no lease."""
    own = [each for each in contracts if each["domain"] == domain]
    tables = sorted(own, key=lambda each: (("bronze", "silver", "gold").index(each["layer"]), each["table"]))
    found = [target for each in tables for target in _targets(each, own)]
    return [*(each for each in found if each.layer == "bronze"), Target(f"{domain}.ops.quarantine")] + [
        each for each in found if each.layer != "bronze"
    ]


def _targets(contract: Mapping[str, Any], own: Iterable[Mapping[str, Any]]) -> list[Target]:
    table = _id(contract)
    if contract["layer"] == "gold":
        return [Target(table, slot) for slot in SLOTS]
    readers = [each for each in own if table in (source["table"] for source in each["inputs"])]
    if contract["layer"] == "silver":
        return [Target(table, readers=SLOTS if readers else ()), *map(Target, _beside(contract))]
    return [Target(table, readers=tuple(sorted(map(_id, readers))))]


def _beside(contract: Mapping[str, Any]) -> list[str]:
    """What refine remembers of a silver table, where `lib/plan/changes.ts` puts it. Nobody reads it by version."""
    kinds = {
        "_tombstones": "operation" in contract.get("changes", {}),
        "_images": contract["write"]["mode"] == "scd2",
    }
    return [f"{contract['domain']}.silver.{kind}/{contract['table']}" for kind, is_kept in kinds.items() if is_kept]


def _id(contract: Mapping[str, Any]) -> str:
    return f"{contract['domain']}.{contract['layer']}.{contract['table']}"
