"""Tables that know deletes, or every version of a row, are made again as if all had come in order."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from tests.crm import CUSTOMERS, NO_LIMIT, by_lsn, by_time, change, crm, customer, phones, random_changes, state
from tests.lake import Lake
from tests.test_backfill import ALL, Backfill, minute
from tests.test_history import PHONES, TIMES, as_of, happened, history, require_tidy
from tests.test_refine_any_order import cut, deliveries

Delivered = list[dict[str, Any]]


def landed(lake: Lake, table: str, dice: random.Random) -> tuple[int, Delivered]:
    """What came, of which the last part after the planning, and the version of bronze before that."""
    delivered = deliveries(dice, random_changes(dice, 60, 300))
    last = max(lake.land(*batch) for batch in cut(dice, delivered, 3))
    lake.refine(0, last, (table,), limit=NO_LIMIT)
    return last - 1, delivered


def broken(lake: Lake, uri: Path, edit: Callable[[DataFrame], DataFrame]) -> None:
    """What no run would do to a table."""
    rows = edit(lake.spark.read.format("delta").load(str(uri)))
    rows.write.format("delta").mode("overwrite").save(str(uri))


def settled(backfill: Backfill) -> None:
    """It changed something of each kind, and finds nothing more to do."""
    changed = backfill.settle(backfill.bronze + 1)
    assert min(changed["comparison"][kind] for kind in ("same", "changed", "missing", "surplus")) > 0
    assert (changed["outcome"], changed["caughtUp"] > 0) == ("applied", True)
    again = backfill.settle(backfill.bronze + 1)
    assert (again["outcome"], again["versionAfter"]) == ("unchanged", changed["versionAfter"])
    assert again["comparison"]["same"] == again["rowCount"]


def spoilt(rows: DataFrame, column: str) -> DataFrame:
    """Some rows are twice there, some are gone, of some a value is wrong, and some are of nobody."""
    dice = F.abs(F.hash("customer_id")) % 4
    alien = rows.where(dice == 3).withColumn("customer_id", F.concat(F.lit("x"), F.col("customer_id")))
    wrong = F.when(dice == 1, F.lit("wrong")).otherwise(F.col(column))
    return rows.union(rows.where(dice == 2)).union(alien).where(dice != 0).withColumn(column, wrong)


def test_a_table_with_deletes_is_what_is_left_after_all_changes_and_remembers_them(lake: Lake) -> None:
    shop, dice = crm(lake), random.Random(11)
    bronze, delivered = landed(shop, CUSTOMERS, dice)
    backfill = Backfill(shop, bronze, [ALL[0], minute(5), ALL[1]], CUSTOMERS)
    backfill.fill()
    silver = shop.folder / "silver/crm"
    broken(shop, silver / "customers", lambda rows: spoilt(rows, "segment"))
    broken(shop, silver / "_tombstones/customers", lambda rows: rows.limit(0))
    settled(backfill)

    def shown() -> dict[Any, Any]:
        return {row[:1]: row[1:] for row in shop.rows(CUSTOMERS, "customer_id", "lsn", "segment", "city")}

    assert shown() == state(delivered, by_lsn, customer)
    late = [change(f"c{number}", "u", dice.randint(0, 12), f"late-{number}") for number in range(60)]
    version = shop.land(*late)
    shop.refine(version, version, (CUSTOMERS,), limit=NO_LIMIT)
    assert shown() == state([*delivered, *late], by_lsn, customer)


def test_a_history_shows_at_any_time_what_had_happened_by_then_and_remembers_what_it_hides(lake: Lake) -> None:
    shop, dice = crm(lake), random.Random(3)
    bronze, delivered = landed(shop, PHONES, dice)
    backfill = Backfill(shop, bronze, [ALL[0], minute(5), ALL[1]], PHONES)
    backfill.fill()
    silver = shop.folder / "silver/crm"
    broken(shop, silver / "phone_history", lambda rows: spoilt(rows, "kind"))
    broken(shop, silver / "_images/phone_history", lambda rows: spoilt(rows, "kind"))
    broken(shop, silver / "_tombstones/phone_history", lambda rows: rows.limit(0))
    settled(backfill)
    require_history(shop, delivered)
    late = [change(f"c{number}", "u", dice.randint(0, 12), f"late-{number}") for number in range(60)]
    version = shop.land(*late)
    shop.refine(version, version, (PHONES,), limit=NO_LIMIT)
    require_history(shop, [*delivered, *late])


def require_history(shop: Lake, delivered: Delivered) -> None:
    """It is what a reading of all events says of every half minute."""
    kinds = history(shop, PHONES, ["customer_id", "phone_no"], ["kind"])
    require_tidy(kinds)
    for time in TIMES:
        assert as_of(kinds, time) == happened(delivered, by_time, phones, time), time
