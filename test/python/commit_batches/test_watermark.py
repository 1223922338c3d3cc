"""How far a table has come in event time, whatever its producers' clocks say."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from order_domain import Domain, order, parquet
from parquet import read_table
from staging import ParquetRows
from watermark import latest, watermark

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def rows(*events: tuple[datetime, datetime]) -> ParquetRows:
    """Orders that happened and arrived then."""
    placed = [order(number) for number in range(len(events))]
    timed = [
        {**row, "_event_time": at, "_ingested_at": arrived} for row, (at, arrived) in zip(placed, events, strict=True)
    ]
    return ParquetRows(read_table("a", parquet(timed)))


def days(number: float) -> timedelta:
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([(NOON, NOON + days(1))], "2026-01-01T12:00:00.000Z", id="an event before its arrival"),
        pytest.param([(NOON + days(1), NOON)], "2026-01-01T12:00:00.000Z", id="a clock that runs a day ahead"),
        pytest.param(
            [(NOON + days(1), NOON), (NOON + days(0.5), NOON + days(2))],
            "2026-01-02T00:00:00.000Z",
            id="a clock that runs ahead, beside one that does not",
        ),
        pytest.param(
            [(datetime(2010, 12, 5, tzinfo=UTC), NOON)], "2010-12-05T00:00:00.000Z", id="history that is sent today"
        ),
        pytest.param(
            [(datetime(1969, 7, 20, 20, 17, tzinfo=UTC), NOON)], "1969-07-20T20:17:00.000Z", id="before the epoch"
        ),
        pytest.param([(NOON + timedelta(microseconds=999), NOON + days(1))], "2026-01-01T12:00:00.000Z", id="rounded"),
    ],
)
def test_an_event_counts_as_no_later_than_its_arrival(events: list[tuple[datetime, datetime]], expected: str) -> None:
    assert rows(*events).last_event_time() == expected


def test_a_file_without_event_times_says_nothing() -> None:
    assert rows().last_event_time() is None


@pytest.mark.parametrize("seed", range(50))
def test_no_order_and_no_cut_into_batches_changes_the_watermark_and_no_arrival_lies_before_it(seed: int) -> None:
    chance = random.Random(seed)
    arrivals = [chance.randint(-1000, 1000) for _ in range(chance.randint(1, 30))]
    events = [(arrived + chance.choice([-500, -1, 0, 1, 500]), arrived) for arrived in arrivals]
    whole = watermark(*zip(*events, strict=True))
    assert whole is not None
    assert whole <= max(arrivals)
    assert whole >= max(min(event) for event in events)
    chance.shuffle(events)
    reached: int | None = None
    while events:
        size = chance.randint(1, len(events))
        batch, events = events[:size], events[size:]
        before, reached = reached, latest([reached, watermark(*zip(*batch, strict=True))])
        assert before is None or (reached is not None and reached >= before)
    assert reached == whole


@pytest.mark.parametrize("seed", range(10))
def test_a_file_has_the_watermark_of_its_rows(seed: int) -> None:
    chance = random.Random(seed)
    events = [(NOON + days(chance.uniform(-9, 9)), NOON + days(chance.uniform(-9, 9))) for _ in range(40)]
    expected = max(min(event) for event in events).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert rows(*events).last_event_time() == expected


def test_the_ledger_learns_of_no_time_after_the_arrival(domain: Domain) -> None:
    ahead: dict[str, Any] = {**order(1), "_ingested_at": datetime(2011, 1, 4, 9, tzinfo=UTC)}
    domain.commit(domain.stage("a", [ahead]))
    assert [time for _, _, time in domain.ledger.records] == ["2011-01-04T09:00:00.000Z"]
