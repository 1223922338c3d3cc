"""What DataFusion counts in Delta tables, against DuckDB over the same rows."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from audit_events import hour_of
from audit_tables import RANGES_KEPT, OpenTable, gaps_in, hours_between, landed_in, moved_into, open_in, quarantined_in
from balance import Gap, Gaps, Landed

MIDNIGHT = datetime(2026, 3, 1, 22, tzinfo=UTC)
LATE = MIDNIGHT + timedelta(hours=9)
UTC_TIME = pa.timestamp("us", "UTC")
BRONZE = pa.schema(
    {
        "_event_id": pa.string(),
        "_ingested_at": UTC_TIME,
        "_producer": pa.string(),
        "_producer_seq": pa.int64(),
        "_shard": pa.string(),
        "_sequence": pa.string(),
        "_ingest_date": pa.date32(),
    }
)
QUARANTINE = pa.schema(
    {
        **dict.fromkeys(["quarantine_id", "table", "status", "gate", "_producer", "_shard", "_sequence"], pa.string()),
        "attempts": pa.int32(),
        "changed_at": UTC_TIME,
        "first_seen": UTC_TIME,
        "_producer_seq": pa.int64(),
        "_ingest_date": pa.date32(),
    }
)
ALL_HOURS = hours_between(MIDNIGHT - timedelta(days=1), MIDNIGHT + timedelta(days=1))


def row(at: datetime, event: str = "e", number: int | None = None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "_event_id": event,
        "_ingested_at": at,
        "_producer": "till",
        "_producer_seq": number,
        "_shard": "shard-0",
    }
    return found | {"_sequence": event, "_ingest_date": at.date()} | more


def entry(identity: str, table: str | None, status: str = "open", attempts: int = 1, **more: Any) -> dict[str, Any]:
    at = MIDNIGHT + timedelta(minutes=attempts)
    found: dict[str, Any] = {
        "quarantine_id": identity,
        "table": table,
        "status": status,
        "attempts": attempts,
        "gate": "G0",
    }
    found |= {"changed_at": at, "first_seen": MIDNIGHT, "_shard": "shard-0", "_ingest_date": MIDNIGHT.date()}
    return found | {"_producer": None, "_producer_seq": None, "_sequence": identity} | more


def bronze(folder: Path, *files: list[dict[str, Any]]) -> OpenTable:
    return written(folder / "orders", "shop.bronze.orders", "_ingested_at", BRONZE, *files)


def quarantine(folder: Path, *files: list[dict[str, Any]]) -> OpenTable:
    return written(folder / "quarantine", "shop.ops.quarantine", "first_seen", QUARANTINE, *files)


def written(folder: Path, name: str, clock: str, schema: pa.Schema, *files: list[dict[str, Any]]) -> OpenTable:
    for rows in files:
        write_deltalake(folder, pa.Table.from_pylist(rows, schema), mode="append", partition_by=["_ingest_date"])
    return OpenTable(name, clock, DeltaTable(folder))


@pytest.mark.parametrize("seed", range(5))
def test_rows_and_duplicates_by_hour_are_what_duckdb_counts(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = [
        [row(MIDNIGHT + timedelta(seconds=chance.randrange(5 * 3600)), f"e{chance.randrange(40)}") for _ in range(50)]
        for _ in range(3)
    ]
    rows = pa.Table.from_pylist([each for file in files for each in file], BRONZE)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.register("rows_sent", rows)
    counted = connection.execute("""
        select strftime(_ingested_at, '%Y-%m-%dT%H'), count(*), count(*) - count(distinct _event_id)
        from rows_sent group by 1""").fetchall()
    found = landed_in(bronze(tmp_path, *files), ALL_HOURS)
    assert found == {hour: Landed(events, duplicates) for hour, events, duplicates in counted}


def test_only_the_hours_that_were_asked_for_are_counted_whichever_way_rows_came(tmp_path: Path) -> None:
    times = [MIDNIGHT, MIDNIGHT + timedelta(minutes=59, seconds=59), MIDNIGHT + timedelta(hours=1)]
    rows = [row(at, str(at)) for at in [*times, MIDNIGHT + timedelta(hours=3)]]
    table = bronze(tmp_path, [*rows, row(MIDNIGHT, "of a file", _shard="file-0f")])
    assert landed_in(table, [hour_of(MIDNIGHT), hour_of(MIDNIGHT + timedelta(hours=3))]) == {
        hour_of(MIDNIGHT): Landed(3),
        hour_of(MIDNIGHT + timedelta(hours=3)): Landed(1),
    }
    assert landed_in(table, []) == {}


def test_files_tell_which_hours_may_have_changed(tmp_path: Path) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    later = [row(MIDNIGHT + timedelta(hours=2)), row(MIDNIGHT + timedelta(hours=2, minutes=50))]
    table = bronze(tmp_path, [row(MIDNIGHT)], later)
    assert table.touched(before) == {hour_of(MIDNIGHT), hour_of(MIDNIGHT + timedelta(hours=2))}
    assert table.touched(before + timedelta(days=1)) == set()


def test_the_last_entry_says_whether_an_event_is_in_quarantine(tmp_path: Path) -> None:
    orders, hour = "shop.bronze.orders", hour_of(MIDNIGHT)
    table = quarantine(
        tmp_path,
        [entry("open", orders), entry("again", orders), entry("replayed", orders), entry("dropped", orders)],
        [entry("late", None), entry("moved", None), entry("later", None, first_seen=MIDNIGHT + timedelta(hours=1))],
        [entry("again", orders, attempts=2), entry("replayed", orders, "replayed", 1, changed_at=LATE)],
        [entry("dropped", orders, "discarded", changed_at=LATE), entry("moved", None, "replayed", attempts=2)],
        [entry("of a run", "shop.silver.lines", gate="G1"), entry("of a file", orders, _shard="file-0f")],
    )
    assert quarantined_in(table, [hour], "shop.unknown") == {(orders, hour): 4, ("shop.unknown", hour): 1}
    assert quarantined_in(table, [], "shop.unknown") == {}


def test_what_no_table_was_known_of_moves_to_the_table_that_it_lands_in(tmp_path: Path) -> None:
    entries = [
        entry("landed", None, _sequence="1"),
        entry("landed", None, "replayed", 2, _sequence="1"),
        entry("on its way", None, "replayed", 2, _sequence="2"),
        entry("of this table", "shop.bronze.orders", "replayed", 2, _sequence="3"),
    ]
    rows = [row(MIDNIGHT, number, _sequence=number) for number in ("1", "3", "4")]
    other = row(MIDNIGHT, "other shard", _sequence="1", _shard="shard-1")
    table = bronze(tmp_path, [*rows, other])
    assert moved_into(table, quarantine(tmp_path, entries), [hour_of(MIDNIGHT)]) == {hour_of(MIDNIGHT): 1}


@pytest.mark.parametrize("seed", range(5))
def test_missing_numbers_are_those_that_were_taken_out(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    numbers = list(range(100, 400))
    gone = set(chance.sample(numbers[1:-1], 12))
    rows = [
        row(MIDNIGHT + timedelta(minutes=number), f"{producer}-{number}", number, _producer=producer)
        for producer in ("till-1", "till-2")
        for number in numbers
        if producer == "till-2" or number not in gone
    ]
    chance.shuffle(rows)
    refused = gone.pop()
    held = entry("r", "shop.bronze.orders", _producer="till-1", _producer_seq=refused)
    other = entry("o", "shop.bronze.returns", _producer="till-1", _producer_seq=min(gone))
    found = gaps_in(bronze(tmp_path, rows[:250], rows[250:]), quarantine(tmp_path, [held, other]), MIDNIGHT)
    assert sum(each.count for each in found.values()) == len(gone)
    ranges = [gap for each in found.values() for gap in each.ranges]
    assert {gap.producer for gap in ranges} == {"till-1"}
    assert {number for gap in ranges for number in range(gap.first, gap.last + 1)} == gone


def test_a_gap_is_told_in_the_hour_of_the_event_after_it_and_numbers_of_no_event_are_none(tmp_path: Path) -> None:
    rows = [row(MIDNIGHT, "a", 1), row(MIDNIGHT + timedelta(hours=1), "b", 4), row(MIDNIGHT, "c"), row(MIDNIGHT, "d")]
    found = gaps_in(bronze(tmp_path, rows), None, MIDNIGHT)
    assert found == {hour_of(MIDNIGHT + timedelta(hours=1)): Gaps(2, (Gap("till", 2, 3),))}


def test_numbers_that_jump_without_end_give_a_few_ranges_and_a_sum(tmp_path: Path) -> None:
    rows = [row(MIDNIGHT, str(each), each * 2**46) for each in range(1, 128)]
    (found,) = gaps_in(bronze(tmp_path, rows), None, MIDNIGHT).values()
    assert len(found.ranges) == RANGES_KEPT
    assert found.count == pytest.approx(126 * 2**46)


def test_hours_between_two_moments_hold_both() -> None:
    assert hours_between(MIDNIGHT + timedelta(minutes=59), MIDNIGHT + timedelta(hours=2)) == [
        "2026-03-01T22",
        "2026-03-01T23",
        "2026-03-02T00",
    ]


def test_what_is_open_is_what_the_latest_entry_of_an_event_leaves_open_whichever_gate_refused_it(
    tmp_path: Path,
) -> None:
    older, oldest = MIDNIGHT - timedelta(days=400), MIDNIGHT - timedelta(days=900)
    assert open_in(quarantine(tmp_path, [entry("a", None, "discarded", 2, first_seen=oldest)])).oldest is None
    table = quarantine(
        tmp_path,
        [entry("a", None, first_seen=oldest), entry("b", "shop.silver.orders", gate="G1", first_seen=older)],
        [entry("c", "shop.bronze.orders", "replayed", 2), entry("d", "shop.bronze.orders", attempts=3)],
        [entry("c", "shop.bronze.orders"), entry("d", "shop.bronze.orders", "replayed", 2)],
    )
    found = open_in(table)
    assert (found.entries, found.oldest) == (2, older)
