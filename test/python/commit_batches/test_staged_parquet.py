"""Whatever a staged file holds, the function that reads it survives, or learns from having died."""

import io
import random
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import decoder
import parquet as limits
from commit_batches import PLACE
from decoder import Decoder
from order_domain import Domain, order, parquet
from parquet import read_table
from staged_batch import InvalidBatch
from staging import ParquetRows

GOOD = parquet([order(number) for number in range(1, 200)])


def places(rows: Sequence[dict[str, Any]]) -> ParquetRows:
    return ParquetRows(read_table("a", parquet(rows)))


@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_flipped_bytes_is_refused_or_read_and_nothing_else(seed: int) -> None:
    chance, content = random.Random(seed), bytearray(GOOD)
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(4, len(content) - 4)] = chance.randrange(256)
    try:
        assert read_table("a", bytes(content)).num_rows >= 0
    except InvalidBatch as error:
        assert str(error).startswith("a: ")


@pytest.mark.parametrize("cut", [0, 3, 4, 11, 500])
def test_half_a_file_is_refused(cut: int) -> None:
    with pytest.raises(InvalidBatch):
        read_table("a", GOOD[:cut] + b"PAR1")


def bomb() -> bytes:
    """A few kilobytes that decode to 16 GB: one value, repeated."""
    sink = io.BytesIO()
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 16_384, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(
        pa.table({"text": text.cast(pa.dictionary(pa.int32(), pa.large_string()))}), sink, store_schema=False
    )
    return sink.getvalue()


def test_a_file_that_would_fill_the_memory_ends_a_process_of_its_own_and_the_next_is_checked_by_another() -> None:
    content, checker = bomb(), Decoder()
    assert len(content) < 2_000_000
    for _ in range(2):
        with pytest.raises(InvalidBatch, match="bomb: the process that decoded it ended with"):
            checker.check("bomb", content)
        checker.check("good", GOOD)
        checker.check("also good", GOOD)


def test_one_process_checks_many_files() -> None:
    checker = Decoder()
    checker.check("first", GOOD)
    process = checker._process
    for content in (GOOD, b"PAR1 junk PAR1", b"", GOOD):
        checker.check("more", content)
    assert process is not None
    assert checker._process is process
    assert process.poll() is None


def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "SECONDS", 0.001)
    with pytest.raises(InvalidBatch, match="a: the process that decoded it ended with -9"):
        Decoder().check("a", GOOD)


def test_a_file_that_came_before_is_decoded_apart_first(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    message, apart = domain.stage("a", [order(1)]), []
    monkeypatch.setattr(Decoder, "check", lambda _decoder, name, _content: apart.append(name))
    assert domain.commit(message) == []
    assert apart == []
    again = type(message)(message.id, message.group, message.body, receives=2)
    assert domain.commit(again) == []
    assert apart == ["s3://landing/a.parquet"]


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_DECODED", "MOST_STAGED"])
def test_a_file_beyond_a_limit_is_refused(domain: Domain, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    big, small = domain.stage("big", [order(number) for number in range(1, 100)]), domain.stage("small", [order(200)])
    sizes = {"MOST_ROWS": 98, "MOST_DECODED": 10_000, "MOST_STAGED": len(domain.s3.objects["landing/small.parquet"])}
    monkeypatch.setattr(limits, limit, sizes[limit])
    assert domain.commit(big, small) == ["big"]
    assert domain.sequences() == [200]


def test_bounds_hold_first_and_last_of_each_shard_and_day() -> None:
    rows = [order(5, "s-1"), order(9, "s-2"), order(7, "s-1")]
    one, many = places(rows[:1]).bounds(PLACE), places(rows).bounds(PLACE)
    assert one.spans == {("s-1",): (rows[0]["_sequence"],) * 2}
    assert many.spans == {
        ("s-1",): (rows[0]["_sequence"], rows[2]["_sequence"]),
        ("s-2",): (rows[1]["_sequence"],) * 2,
    }
    assert many.dates == ("2011-01-04", "2011-01-04")


@pytest.mark.parametrize("seed", range(20))
def test_a_mask_keeps_its_rows_across_record_batches(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(limits, "BATCH_ROWS", chance.randint(1, 20))
    rows = places([order(number) for number in range(50)])
    mask = [chance.random() < 0.5 for _ in range(50)]
    kept = [value for batch in rows.select(mask) for value in batch.column("order_id").to_pylist()]
    assert kept == [f"o{number}" for number, keep in enumerate(mask) if keep]
