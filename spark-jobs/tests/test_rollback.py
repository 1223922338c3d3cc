"""What was taken back is built on as if nothing had been written since."""

import os
import random

from pyspark.sql import functions as F

from delta_past import DeltaPast, open_past
from restore_tables import Past, restore_tables
from tests.crm import NO_LIMIT, crm, random_changes
from tests.lake import LINES, PERFORMANCE, SALES, Lake, line, order
from tests.test_backfill_all import broken, require_history, spoilt
from tests.test_history import PHONES
from tests.test_refine_any_order import cut, deliveries


def take_back(lake: Lake, versions: dict[str, int], slot: str | None = "green") -> None:
    """What delta-rs does to the tables of gold in a slot, or of silver."""

    def open_table(past: Past) -> DeltaPast | None:
        return open_past(lake.uri(past.table), os.path.exists)

    restore_tables([Past(table, slot, version) for table, version in versions.items()], open_table)


def test_a_slot_that_was_taken_back_is_built_on_from_what_it_was_built_from(lake: Lake) -> None:
    def land(number: int, quantity: int) -> int:
        last = lake.land(
            order(f"o{number}", line(1, quantity), line(2)), order("o0", line(1, number), event=f"e{number}")
        )
        return int(lake.refine(last, last)[LINES]["deltaVersion"])

    built_from = land(1, 3)
    first = lake.model("green", None, [SALES, PERFORMANCE])
    published = {table: int(first[table]["deltaVersion"]) for table in (SALES, PERFORMANCE)}
    seen = [lake.rows(table) for table in published]
    wrong = land(2, 500)
    lake.model("green", built_from, [SALES, PERFORMANCE])
    land(3, 2)
    lake.model("green", wrong, [SALES, PERFORMANCE])
    take_back(lake, published)
    assert [lake.rows(table) for table in published] == seen
    again = lake.model("green", built_from, [SALES, PERFORMANCE])[SALES]
    assert again["inputs"][1]["fromVersion"] == built_from + 1
    lake.model("blue", None, [SALES, PERFORMANCE])
    for table, before in zip(published, seen, strict=True):
        assert lake.rows(table) == lake.rows(table, slot="blue")
        assert lake.rows(table) != before


def test_silver_that_was_taken_back_is_refined_and_built_on_as_if_it_had_never_been_wrong(lake: Lake) -> None:
    def land(number: int, quantity: int) -> int:
        events = [order(f"o{number}", line(1, quantity), line(2)), order("o0", line(1, number), event=f"e{number}")]
        return lake.land(*events)

    lake.refine(0, land(1, 3))
    left = int(lake.refine(2, land(2, 4))[LINES]["deltaVersion"])
    lake.refine(3, land(3, 5))
    right = lake.rows(LINES, "order_id", "line_no", "quantity", "_event_id")
    silver = lake.folder / "silver/commerce/order_lines"
    broken(lake, silver, lambda rows: rows.where("line_no = 1").withColumn("quantity", F.col("quantity") + 7))
    wrong = lake.table(LINES).sparkSession.sql(f"DESCRIBE HISTORY delta.`{silver}`").first()
    assert wrong is not None
    lake.model("green", None, [SALES, PERFORMANCE])
    take_back(lake, {LINES: left}, None)
    lake.refine(3, 3)
    assert lake.rows(LINES, "order_id", "line_no", "quantity", "_event_id") == right
    again = lake.model("green", wrong["version"], [SALES, PERFORMANCE])
    assert again[SALES]["inputs"][1]["fromVersion"] == wrong["version"] + 1
    lake.model("blue", None, [SALES, PERFORMANCE])
    for table in (SALES, PERFORMANCE):
        assert lake.rows(table) == lake.rows(table, slot="blue")


def test_a_history_with_deletes_that_was_taken_back_shows_what_came_since(lake: Lake) -> None:
    shop, dice = crm(lake), random.Random(9)
    delivered = deliveries(dice, random_changes(dice, 40, 200))
    versions = [shop.land(*batch) for batch in cut(dice, delivered, 3)]
    refined = [shop.refine(version, version, (PHONES,), limit=NO_LIMIT)[PHONES] for version in versions]
    broken(shop, shop.folder / "silver/crm/phone_history", lambda rows: spoilt(rows, "kind"))
    take_back(shop, {PHONES: refined[0]["deltaVersion"]}, None)
    shop.refine(versions[1], versions[-1], (PHONES,), limit=NO_LIMIT)
    require_history(shop, delivered)
