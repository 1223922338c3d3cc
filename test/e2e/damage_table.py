"""Damages rows of a silver table behind Sluice's back, or only tells the table's version.

Usage: python damage_table.py s3://bucket/path [first-day day-after]
"""

import json
import sys

from deltalake import DeltaTable


def damage(table: DeltaTable, within: str) -> dict[str, int]:
    """Change, rename and delete some of the rows; returns how many of each."""
    changed = table.update(predicate=f"{within} and line_no = 1", updates={"quantity": "quantity + 1000"})
    renamed = table.update(predicate=f"{within} and line_no = 2", updates={"order_id": "concat('DAMAGED-', order_id)"})
    deleted = table.delete(f"{within} and line_no = 3")
    return {
        "changed": changed["num_updated_rows"],
        "renamed": renamed["num_updated_rows"],
        "deleted": deleted["num_deleted_rows"],
    }


def main(uri: str, *days: str) -> None:
    """Print what was damaged, and the version that came of it."""
    table = DeltaTable(uri)
    damaged = {}
    if days:
        first, after = days
        damaged = damage(table, f"ordered_at >= '{first}T00:00:00Z' and ordered_at < '{after}T00:00:00Z'")
    print(json.dumps({"version": table.version(), **damaged}))


if __name__ == "__main__":
    main(*sys.argv[1:])
