"""Jobs read tables that maintenance has compacted as if it had not been there."""

import json
from pathlib import Path

from deltalake import DeltaTable

from delta_maintenance import open_maintenance
from tests.lake import LINES, ORDERS, SALES, Lake, line, order

BRONZE = ("bronze", "orders")


def compact(lake: Lake, layer: str, table: str, slot: str = "") -> int:
    """Compact a table as maintenance does; its version then."""
    place = lake.folder / layer / "commerce" / slot / table
    maintained = open_maintenance(str(place))
    assert maintained
    for partition in sorted({file.partition for file in maintained.files()}):
        maintained.compact(partition, 2**28)
    maintained.vacuum(168)
    maintained.checkpoint()
    return maintained.version()


def statistics(folder: Path) -> set[str]:
    """Columns of which the newest commit shows least and greatest values."""
    newest = max((folder / "_delta_log").glob("*.json"))
    added = [json.loads(text)["add"] for text in newest.read_text().splitlines() if text.startswith('{"add"')]
    assert len(added) == 1
    return set(json.loads(added[0]["stats"])["minValues"])


def test_a_run_reads_each_event_once_whatever_was_compacted_in_between(lake: Lake) -> None:
    for number in range(4):
        lake.land(order(f"o{number}", line(1), line(2)))
    compacted = compact(lake, *BRONZE)
    last = lake.land(order("o4", line(1)))
    assert (compacted, last) == (5, 6)
    result = lake.refine(0, last)[LINES]
    assert (result["rowsIn"], result["rowsOut"], result["duplicates"]) == (5, 9, 0)


def test_a_range_that_holds_only_a_compaction_changes_nothing(lake: Lake) -> None:
    for number in range(3):
        last = lake.land(order(f"o{number}", line(1)))
    lake.refine(0, last)
    compacted = compact(lake, *BRONZE)
    result = lake.refine(last + 1, compacted)[LINES]
    assert (result["rowsIn"], result["rowsOut"], result["rowCount"]) == (0, 0, 3)


def test_silver_and_gold_go_on_from_compacted_tables(lake: Lake) -> None:
    for number in range(3):
        last = lake.land(order(f"o{number}", line(1)))
        lake.refine(last, last, (LINES, ORDERS))
    built_from = lake.refine(last, last)[LINES]["deltaVersion"]
    lake.model("green", None, [SALES])
    before = lake.rows(SALES)
    compacted = compact(lake, "silver", "order_lines")
    compact(lake, "gold", "gold_fact_sales", "green")
    assert compacted > built_from
    lake.model("green", built_from, [SALES])
    assert lake.rows(SALES) == before
    last = lake.land(order("o1", line(1, quantity=7), minute=1, event="again"), order("o9", line(1)))
    assert lake.refine(last, last)[LINES]["rowsOut"] == 2
    lake.model("green", compacted, [SALES])
    assert len(lake.rows(SALES)) == len(before) + 1
    assert ("o1", 7) in lake.rows(SALES, "order_id", "quantity")


def test_a_table_of_spark_keeps_its_properties_and_shows_no_more_of_its_values(lake: Lake) -> None:
    for number in range(2):
        last = lake.land(order(f"o{number}", line(1)))
        lake.refine(last, last, (LINES, ORDERS))
    folder = lake.folder / "silver" / "commerce" / "orders"
    before, shown = DeltaTable(str(folder)), statistics(folder)
    maintained = open_maintenance(str(folder))
    assert maintained
    maintained.compact((), 2**28)
    after = DeltaTable(str(folder))
    assert after.metadata().configuration == before.metadata().configuration
    assert after.protocol() == before.protocol()
    assert statistics(folder) == shown
    assert "customer_id" not in shown
