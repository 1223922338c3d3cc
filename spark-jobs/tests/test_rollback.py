"""The model builds on tables that a rollback has taken back, as if nothing had been built since."""

import os

from delta_past import DeltaPast, open_past
from restore_tables import Past, restore_tables
from tests.lake import LINES, PERFORMANCE, SALES, Lake, line, order


def take_back(lake: Lake, versions: dict[str, int]) -> None:
    """What delta-rs does to the tables of the green slot."""

    def open_table(past: Past) -> DeltaPast | None:
        return open_past(str(lake.folder / "gold" / "commerce" / past.slot / past.table.split(".")[-1]), os.path.exists)

    restore_tables([Past(table, "green", version) for table, version in versions.items()], open_table)


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
