"""What the jobs of a backfill report: numbers alone, but for the samples of checks."""

from dataclasses import dataclass
from typing import Literal

from shared.results import CheckResult


@dataclass(frozen=True, kw_only=True)
class Part:
    """Events that were judged at once, and how they fared."""

    #: Deliveries that were read, and how many of them were copies.
    events: int
    duplicates: int
    #: Rows that the events make, and how many of them the contract refuses.
    rows: int
    refused: int
    #: Parquet of the refused rows as quarantine entries; None when there are none.
    quarantine_uri: str | None
    #: All rules that a row can break, with the rows that broke them as `actual`.
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, kw_only=True)
class IntervalResult(Part):
    """
    `<folder>/interval-<index>.json`: what one interval of bronze makes. Only the rows that it names count, so an
    interval that was ended half way is simply done again.
    """

    version: int
    backfill_id: str
    index: int
    started_at: str
    ended_at: str
    #: Parquet of the rows that are sound.
    rows_uri: str


@dataclass(frozen=True)
class Comparison:
    """Rows of silver and of the shadow. `newer` are right in silver: their event is not of the range."""

    same: int
    changed: int
    missing: int
    surplus: int
    newer: int


@dataclass(frozen=True)
class Entries:
    """A folder of quarantine entries, and how many there are."""

    uri: str
    rows: int


@dataclass(frozen=True)
class Settled:
    """
    `<folder>/settled.json`: how silver compares with the shadow, and whether it was brought to it. Outcomes:
    `applied`; `unchanged`, nothing differs; `compared`, a dry run; `refused`, for the `reasons`, without a comparison.
    """

    version: int
    backfill_id: str
    started_at: str
    ended_at: str
    outcome: Literal["applied", "unchanged", "compared", "refused"]
    reasons: tuple[str, ...]
    comparison: Comparison | None
    #: Sums of all intervals, and of what came since.
    events: int
    duplicates: int
    rows: int
    refused: int
    #: Of the events, those that came to bronze after the planning.
    caught_up: int
    #: What was refused, to be announced unless the outcome is `refused` or `compared`: a row has the id that it always
    #: has, so that no entry comes twice.
    quarantine: tuple[Entries, ...]
    #: Of silver; None where there is no table yet.
    version_before: int | None
    version_after: int | None
    row_count: int
    #: Rules that a row can break and the limit of refused rows, judged of the whole range.
    checks: tuple[CheckResult, ...]
