"""The plan of a backfill, as `lib/plan/backfill-plan.ts` writes it: one silver table, and a range of event time."""

import json
from dataclasses import dataclass

from shared.decode import decode
from shared.plan import RefineTask, TableRef, require_supported


@dataclass(frozen=True)
class Interval:
    """Event time from one instant up to another, which is not in it; ISO 8601, UTC."""

    index: int
    from_: str
    to: str


@dataclass(frozen=True)
class BackfillPlan:
    """
    All that a backfill will do. `task.source.to_version` is bronze's version as of the planning; the intervals cover
    the range without a gap. A rebuild's first and last one reach to years that no event is of, so that rows of any
    time are judged. `created_at` is its only clock for data.
    """

    version: int
    backfill_id: str
    domain: str
    created_at: str
    task: RefineTask
    #: The folder at its URI holds what the intervals have made. It is no table yet, and is deleted after the end.
    shadow: TableRef
    from_: str
    to: str
    intervals: tuple[Interval, ...]
    #: Where results are left.
    folder: str

    def interval(self, index: int) -> Interval:
        """The interval of a number."""
        found = {interval.index: interval for interval in self.intervals}
        if index not in found:
            raise ValueError(f"{self.backfill_id}: found interval {index}, allowed: {', '.join(map(str, found))}")
        return found[index]

    def interval_uri(self, index: int) -> str:
        """Where an interval's `IntervalResult` is."""
        return f"{self.folder}/interval-{index}.json"

    @property
    def is_whole(self) -> bool:
        """Whether a row of the table depends on all events of its key, so that the range is all that there is."""
        return self.task.changes is not None or self.task.history is not None

    @property
    def settled_uri(self) -> str:
        """Where the `Settled` is."""
        return f"{self.folder}/settled.json"


def parse_backfill_plan(text: str) -> BackfillPlan:
    """Read a plan and refuse what this code cannot carry out."""
    plan = decode(BackfillPlan, json.loads(text))
    if plan.version != 1:
        raise ValueError(
            f"backfill: found version {plan.version}, allowed: 1; deploy the jobs and the planner together"
        )
    ends = [plan.from_, *[interval.to for interval in plan.intervals]]
    begins = [*[interval.from_ for interval in plan.intervals], plan.to]
    if ends != begins:
        raise ValueError(f"{plan.backfill_id}: the intervals do not cover {plan.from_} to {plan.to} one after another")
    require_supported(plan.task)
    return plan
