"""Reads ahead: what comes next is fetched while what is there is used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

# Staged files are small, and reading one is mostly waiting for S3.
AHEAD = 10

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    read: Callable[[Item], Result], items: Iterable[Item], ahead: int
) -> Iterator[tuple[Item, Callable[[], Result]]]:
    """Each item in its order with a call that waits for its result, or raises what reading it raised."""
    rest = iter(items)
    with ThreadPoolExecutor(ahead) as pool:
        waiting = deque((item, pool.submit(read, item)) for item in islice(rest, ahead))
        while waiting:
            item, future = waiting.popleft()
            yield item, future.result
            waiting.extend((item, pool.submit(read, item)) for item in islice(rest, 1))
