"""A process that commits batches to a table which another one writes as well: `<folder> <seed> <batches>`. It begins
when the folder holds a file named `go`.
"""

import json
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from commit_batches import CommitFailed, Kept, commit_batches
from delta_table import DeltaLakeTable
from order_domain import ORDERS, SHARD, order, parquet
from parquet import read_table
from staged_batch import Position, StagedBatch
from staging import ParquetRows
from table_schema import TableContract, read_contracts

ROWS = 10


class Watched(DeltaLakeTable):
    """Counts how often the other one was first."""

    conflicts = 0

    def append(self, kept: Sequence[Kept], txns: Mapping[str, int], token: str) -> int:
        meet(Path(self._uri).parent)
        try:
            return super().append(kept, txns, token)
        except CommitFailed:
            Watched.conflicts += 1
            raise


def batch_of(index: int) -> tuple[StagedBatch, ParquetRows]:
    first = index * ROWS + 1
    rows = ParquetRows(read_table("a", parquet([order(number) for number in range(first, first + ROWS)])))
    return StagedBatch(ORDERS, "s3://a", ROWS, ROWS, True, (Position(SHARD, first, first + ROWS - 1),), None), rows


def meet(folder: Path) -> None:
    """Wait, before the first commit, until every rival has planned one of the same version."""
    (folder / f"planned-{os.getpid()}").touch()
    rivals = len(list(folder.glob("ready-*")))
    while len(list(folder.glob("planned-*"))) < rivals:
        time.sleep(0.001)


def opened(folder: Path, contract: TableContract) -> Watched:
    while True:
        try:
            return Watched(str(folder / contract.table), contract)
        except CommitFailed:
            continue


def main(folder: Path, seed: int, batches: int) -> None:
    chance = random.Random(seed)
    waiting = [batch_of(index) for index in range(batches)]
    (folder / f"ready-{seed}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    table = opened(folder, read_contracts(folder)[ORDERS])
    # Neighbours change places, so that some are late.
    for index in range(0, batches - 1, 2):
        if chance.random() < 0.5:
            waiting[index], waiting[index + 1] = waiting[index + 1], waiting[index]
    added = sum(commit_batches(table, [each]).added for each in waiting)
    print(json.dumps({"added": added, "conflicts": Watched.conflicts}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
