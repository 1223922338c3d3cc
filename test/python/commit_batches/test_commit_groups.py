"""Which files share a commit, and what is read ahead of it."""

import random
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

import commit_groups as limits
from commit_groups import commit_groups
from prefetch import in_order


@dataclass(frozen=True)
class Rows:
    size: int = 1
    decoded: int = 1
    kind: str = "a"

    def types(self) -> list[tuple[str, str]]:
        return [(self.kind, "string")]


@dataclass(frozen=True)
class Each:
    rows: Rows = field(default_factory=Rows)


@pytest.mark.parametrize("seed", range(50))
def test_groups_keep_the_order_and_the_limits_and_no_two_neighbours_would_fit_together(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [(chance.randint(1, limits.MOST_STAGED // 2), chance.randint(1, limits.MOST_DECODED)) for _ in range(40)]
    staged = [Each(Rows(size, decoded, chance.choice("aab"))) for size, decoded in sizes]
    groups = list(commit_groups(staged))
    assert [each for group in groups for each in group] == staged
    for group in groups:
        assert sum(each.rows.size for each in group) <= limits.MOST_STAGED or len(group) == 1
        assert sum(each.rows.decoded for each in group) <= limits.MOST_DECODED or len(group) == 1
        assert len({each.rows.kind for each in group}) == 1
    for group, following in pairwise(groups):
        joined = [*group, following[0]]
        assert (
            sum(each.rows.size for each in joined) > limits.MOST_STAGED
            or sum(each.rows.decoded for each in joined) > limits.MOST_DECODED
            or len({each.rows.kind for each in joined}) > 1
        )


def test_one_file_that_is_larger_than_a_commit_is_a_commit_of_its_own() -> None:
    big = Each(Rows(decoded=limits.MOST_DECODED + 1))
    assert [len(group) for group in commit_groups([Each(), big, Each()])] == [1, 1, 1]


def test_results_come_in_order_however_long_each_takes_and_few_are_read_ahead() -> None:
    running, most, lock = [0], [0], threading.Lock()

    def read(number: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(random.random() / 100)
        with lock:
            running[0] -= 1
        return -number

    found = [(item, result()) for item, result in in_order(read, range(30), ahead=3)]
    assert found == [(number, -number) for number in range(30)]
    assert most[0] == 3


def test_a_failure_is_raised_where_its_result_is_asked_for() -> None:
    def read(number: int) -> int:
        if number == 1:
            raise ConnectionError("S3 is down")
        return number

    first, second = in_order(read, [0, 1], ahead=2)
    assert first[1]() == 0
    with pytest.raises(ConnectionError):
        second[1]()
