"""Kinesis sequence numbers as Delta transactions: a version there is a long, and these have up to 186 bits."""

from collections.abc import Callable, Iterable, Mapping

BITS = 48
LIMBS = 4
_MASK = (1 << BITS) - 1


def app_ids(shard: str) -> list[str]:
    """The transactions that hold a shard's position, most significant first."""
    return [f"{shard}#{index}" for index in range(LIMBS)]


def to_limbs(sequence: int) -> list[int]:
    """Split a sequence number; each limb also fits a double, for readers that know no other number."""
    if not 0 <= sequence < 1 << (BITS * LIMBS):
        raise ValueError(f"sequence number {sequence}: allowed are 0 to 2^{BITS * LIMBS} - 1")
    return [(sequence >> (BITS * place)) & _MASK for place in reversed(range(LIMBS))]


def from_limbs(limbs: Iterable[int]) -> int:
    """Put a sequence number together again."""
    sequence = 0
    for limb in limbs:
        sequence = (sequence << BITS) | limb
    return sequence


def transactions(positions: Mapping[str, int]) -> dict[str, int]:
    """The transactions that record positions by shard."""
    return {
        app_id: limb
        for shard, sequence in positions.items()
        for app_id, limb in zip(app_ids(shard), to_limbs(sequence), strict=True)
    }


def position(shard: str, version_of: Callable[[str], int | None]) -> int | None:
    """The position that a table has committed of a shard, or None when it holds nothing of it."""
    first, *others = app_ids(shard)
    if version_of(first) is None:
        return None
    limbs = [version_of(app_id) for app_id in (first, *others)]
    return None if None in limbs else from_limbs(limb for limb in limbs if limb is not None)
