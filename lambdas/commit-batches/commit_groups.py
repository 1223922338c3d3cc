"""Which staged files become one commit."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from parquet import MEGABYTE

# As staged, and in memory: a commit holds all of its rows at once.
MOST_STAGED = 128 * MEGABYTE
MOST_DECODED = 256 * MEGABYTE


class Sized(Protocol):
    """Rows in memory."""

    @property
    def size(self) -> int:
        """Bytes as staged."""

    @property
    def decoded(self) -> int:
        """Bytes in memory."""

    def types(self) -> list[tuple[str, str]]:
        """The columns."""


class Item(Protocol):
    """Whatever carries rows."""

    @property
    def rows(self) -> Sized: ...


Each = TypeVar("Each", bound=Item)


def commit_groups(staged: Iterable[Each]) -> Iterator[list[Each]]:
    """Files of the same columns in the order in which they were sent, as many as one commit can hold."""
    group: list[Each] = []
    for each in staged:
        if group and not _fits(group, each):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _fits(group: list[Each], each: Each) -> bool:
    rows = [*(member.rows for member in group), each.rows]
    is_small = sum(r.size for r in rows) <= MOST_STAGED and sum(r.decoded for r in rows) <= MOST_DECODED
    return is_small and group[0].rows.types() == each.rows.types()
