"""How far a table has come in event time: how far its watermark reaches."""

from collections.abc import Iterable, Sequence


def watermark(events: Sequence[int | None], arrivals: Sequence[int | None]) -> int | None:
    """
    The latest time at which events happened, in one unit since 1970. A time after its event's arrival counts as the
    arrival: else one producer whose clock runs ahead would make the events of all others look late.
    """
    times, ends = [known for known in events if known is not None], [known for known in arrivals if known is not None]
    if not times or not ends:
        return None
    if max(times) <= min(ends):
        return max(times)
    pairs = zip(events, arrivals, strict=True)
    return latest(None if at is None or arrived is None else min(at, arrived) for at, arrived in pairs)


def latest(times: Iterable[int | None]) -> int | None:
    """The latest of those that are known."""
    return max((known for known in times if known is not None), default=None)
