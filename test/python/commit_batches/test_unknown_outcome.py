"""Commits of which nobody knows how they ended: over a local S3 that loses answers, and with two processes at once."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from commit_batches import Bounds, Committed, Key, commit_batches
from delta_table import DeltaLakeTable
from emulator import Emulator, eventually
from lossy_proxy import LossyProxy
from order_domain import ORDERS, SHARD, Domain, order, parquet
from parquet import read_table
from staged_batch import Position, StagedBatch
from staging import ParquetRows

WRITERS = 2
BATCHES = 40


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("cloud"), "--bare").start()
    yield emulator
    emulator.stop()


def batch_of(first: int, last: int) -> tuple[StagedBatch, ParquetRows]:
    rows = ParquetRows(read_table("a", parquet([order(number) for number in range(first, last + 1)])))
    count = last - first + 1
    return StagedBatch(ORDERS, "s3://a", count, count, True, (Position(SHARD, first, last),), None), rows


class Counting(DeltaLakeTable):
    """Counts what a lost answer must not cost."""

    searches = 0
    plans = 0

    def load(self, shards: Set[str], app_ids: Set[str]) -> Committed:
        self.plans += 1
        return super().load(shards, app_ids)

    def present(self, bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
        self.searches += 1
        return super().present(bounds, keys)


def use(proxy: LossyProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"AWS_ENDPOINT_URL": proxy.endpoint, "AWS_REGION": "us-east-1"}
    for name, value in {**names, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)


def test_a_commit_reads_no_more_of_the_log_the_longer_the_log_is(
    cloud: Emulator, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = domain.folder / "requests"
    with LossyProxy(cloud.about["endpoint"], "none", 0, log) as proxy:
        use(proxy, monkeypatch)
        table = DeltaLakeTable(f"s3://{cloud.bucket()}/orders", domain.contracts()[ORDERS])
        counts = []
        for first in range(1, 13):
            before = len(proxy.answers("GET", ".json"))
            assert commit_batches(table, [batch_of(first, first)]).version == first
            counts.append(len(proxy.answers("GET", ".json")) - before)
    assert max(counts[2:]) == min(counts[2:]) < 6


def test_what_is_remembered_of_a_table_gives_way_to_what_another_one_committed(domain: Domain) -> None:
    one, other = (DeltaLakeTable(str(domain.folder / ORDERS), domain.contracts()[ORDERS]) for _ in range(2))
    for number in range(1, 9):
        assert commit_batches((one, other)[number % 3 == 0], [batch_of(number, number)]).rows == number
        assert commit_batches((other, one)[number % 3 == 0], [batch_of(number, number)]).added == 0


@pytest.mark.parametrize("lost", [1, 3])
def test_a_commit_whose_answer_was_lost_on_its_way_is_found_by_its_token(
    cloud: Emulator, domain: Domain, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    bucket, commit = cloud.bucket(), "00000000000000000002.json"
    with LossyProxy(cloud.about["endpoint"], commit, lost, domain.folder / "requests") as proxy:
        use(proxy, monkeypatch)
        table = Counting(f"s3://{bucket}/orders", domain.contracts()[ORDERS])
        commit_batches(table, [batch_of(1, 2)])
        outcome = commit_batches(table, [batch_of(3, 5)])
        first, *again = proxy.answers("PUT", commit)
    assert (first, set(again)) == (200, {412}), "the client asked again and met its own commit"
    assert (outcome.version, outcome.rows, outcome.added) == (2, 5, 3)
    assert (table.plans, table.searches) == (2, 0), "neither planned again nor looked up"


def test_processes_that_commit_the_same_batches_at_once_commit_each_row_once(domain: Domain) -> None:
    """Real processes on one table, each with every batch, in orders that overlap: as after a visibility timeout."""
    script = Path(__file__).parents[1] / "support" / "rival_committer.py"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    rivals = [
        subprocess.Popen(
            [sys.executable, str(script), str(domain.folder), str(seed), str(BATCHES)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(WRITERS)
    ]
    eventually(lambda: len(list(domain.folder.glob("ready-*"))) == WRITERS)
    (domain.folder / "go").touch()
    answers = [json.loads(rival.communicate(timeout=120)[0]) for rival in rivals]
    table = DeltaTable(str(domain.folder / ORDERS))
    rows = [row for file in table.file_uris() for row in pq.ParquetFile(file).read(["_sequence"]).to_pylist()]
    counts = Counter(row["_sequence"] for row in rows)
    assert len(counts) == BATCHES * 10
    assert set(counts.values()) == {1}
    totals = (table.transaction_version("rows"), table.transaction_version("accounted"))
    assert totals == (BATCHES * 10, BATCHES * 10)
    assert sum(answer["added"] for answer in answers) == BATCHES * 10
    assert sum(answer["conflicts"] for answer in answers) > 0, "the processes never met"
