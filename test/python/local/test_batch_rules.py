"""What a stream mapping does after an invocation."""

from typing import Any

import pytest

from overlay.stream_mappings.batches import Batch, Limits, Next, StreamRecord, after, split_by_age, take


def records(*sequences: str, size: int = 10) -> tuple[StreamRecord, ...]:
    return tuple(StreamRecord(sequence, arrived=100.0, event={}, size=size) for sequence in sequences)


REPORTS = Limits(reports_items=True)
ALL = records("1", "2", "3", "4")


def failures(*sequences: str | None) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in sequences]}


@pytest.mark.parametrize("answer", [None, "", {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_answer_without_failures_means_that_all_is_done(answer: Any) -> None:
    assert after(Batch(ALL), answer, failed=False, limits=REPORTS) == Next(done=ALL)


def test_what_stands_before_the_lowest_failure_is_done_and_the_rest_comes_again() -> None:
    following = after(Batch(ALL, failures=2), failures("4", "3"), failed=False, limits=REPORTS)
    assert following == Next(done=ALL[:2], todo=(Batch(ALL[2:]),))


@pytest.mark.parametrize(
    "answer",
    [failures("unknown"), failures(""), failures(None), {"batchItemFailures": "3"}, {"batchItemFailures": [3]}, "done"],
)
def test_an_answer_that_cannot_be_read_fails_the_whole_batch(answer: Any) -> None:
    assert after(Batch(ALL), answer, failed=False, limits=REPORTS) == Next(todo=(Batch(ALL, failures=1),))


def test_failures_are_not_looked_at_unless_the_mapping_says_so() -> None:
    assert after(Batch(ALL), failures("1"), failed=False, limits=Limits()) == Next(done=ALL)


def test_a_failed_batch_is_split_without_counting_a_retry() -> None:
    following = after(Batch(ALL), None, failed=True, limits=Limits(bisect=True, retries=0))
    assert following == Next(todo=(Batch(ALL[:2]), Batch(ALL[2:])))


def test_a_single_record_is_tried_again_as_often_as_allowed_and_then_given_up() -> None:
    limits, one = Limits(bisect=True, retries=1), records("1")
    assert after(Batch(one), None, failed=True, limits=limits) == Next(todo=(Batch(one, failures=1),))
    assert after(Batch(one, failures=1), None, failed=True, limits=limits) == Next(discarded=one)


def test_without_a_limit_a_batch_is_tried_for_ever() -> None:
    assert after(Batch(ALL, failures=999), None, failed=True, limits=Limits()) == Next(
        todo=(Batch(ALL, failures=1000),)
    )


def test_records_beyond_the_age_are_given_up_first() -> None:
    old, young = StreamRecord("1", 10.0, {}, 1), StreamRecord("2", 90.0, {}, 1)
    following = split_by_age(Batch((old, young), failures=3), Limits(max_age_seconds=60), now=100.0)
    assert following == Next(discarded=(old,), todo=(Batch((young,), failures=3),))


def test_minus_one_means_without_limit() -> None:
    limits = Limits.of({"MaximumRetryAttempts": -1, "MaximumRecordAgeInSeconds": -1})
    assert (limits.retries, limits.max_age_seconds) == (None, None)


def test_a_batch_ends_before_it_would_be_too_large_for_one_invocation() -> None:
    large = records("1", "2", "3", size=3 * 2**20)
    assert take(large, size=100) == large[:1]
    assert take(ALL, size=2) == ALL[:2]
