"""Damages rows of a silver table behind Sluice's back.

Usage: python damage_table.py s3://bucket/path first-day day-after
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


def main(uri: str, first: str, after: str) -> None:
    """Print what was damaged."""
    days = f"ordered_at >= '{first}T00:00:00Z' and ordered_at < '{after}T00:00:00Z'"
    print(json.dumps(damage(DeltaTable(uri), days)))


if __name__ == "__main__":
    main(*sys.argv[1:])
