"""A table of keys in memory, and batches of keys: as much as the committer's decisions need."""

import random
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from commit_batches import ACCOUNTED, PLACE, ROWS, Bounds, CommitFailed, Committed, Kept, Key
from limbs import position


@dataclass
class ListRows:
    """Rows in memory: their keys are all there is to them."""

    values: Sequence[Key]

    def __len__(self) -> int:
        return len(self.values)

    def bounds(self, columns: Key) -> Bounds:
        spans: dict[Key, tuple[str, str]] = {}
        for *before, last in self.values:
            low, high = spans.get(tuple(before), (last, last))
            spans[tuple(before)] = (min(low, last), max(high, last))
        return Bounds(columns, spans, ("2011-01-04", "2011-01-04"))

    def keys(self, _columns: Key) -> Sequence[Key]:
        return self.values

    def lack(self, _column: str) -> bool:
        return False

    def select(self, mask: Sequence[bool] | None) -> Sequence[Key]:
        return [key for key, keep in zip(self.values, mask or [True] * len(self), strict=True) if keep]


@dataclass
class ListTable:
    """A table that may lose the answer of a commit, or refuse it."""

    chance: random.Random
    rows: list[Key] = field(default_factory=list)
    txns: dict[str, int] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    identity: Key = PLACE

    def load(self, shards: Set[str], app_ids: Set[str]) -> Committed:
        positions = {shard: position(shard, self.txns.get) for shard in shards}
        known = {shard: found for shard, found in positions.items() if found is not None}
        txns = {app_id: self.txns[app_id] for app_id in app_ids & self.txns.keys()}
        return Committed(len(self.tokens), self.txns.get(ROWS, 0), self.txns.get(ACCOUNTED, 0), known, txns)

    def present(self, bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
        """Only what lies between the bounds, as a real table would."""
        return {key for key in keys() & set(self.rows) if ListRows([key]).bounds(bounds.columns).meet(bounds)}

    def append(self, kept: Sequence[Kept], txns: Mapping[str, int], token: str) -> int:
        fate = self.chance.random()
        if fate < 0.2:
            raise CommitFailed("conflict")
        self.rows += [key for each in kept for key in each.rows.select(each.mask)]
        self.txns |= txns
        self.tokens.append(token)
        if fate < 0.4:
            raise CommitFailed("the answer was lost")
        return len(self.tokens)

    def version_of(self, token: str, after: int) -> int | None:
        # Where even the search finds nothing, the next plan has to.
        found = [version + 1 for version, known in enumerate(self.tokens) if known == token and version >= after]
        return found[0] if found and self.chance.random() < 0.5 else None
