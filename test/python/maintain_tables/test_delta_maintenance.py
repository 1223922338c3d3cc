"""Maintenance of real Delta tables changes no row, whatever is committed meanwhile, and reads as if it had not been."""

import json
import os
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from delta_maintenance import open_maintenance
from maintain_tables import Maintainer, Report
from maintenance_targets import Target
from order_domain import ORDERS, Domain, order

SOURCES = Path(__file__).parents[3] / "lib" / "landing"
BRONZE = Target(ORDERS, readers=("commerce.silver.orders",))
WEEK = 7 * 24 * 3600


class Ledger:
    """Nobody holds the domain, and readers have read up to a version."""

    def __init__(self, read_up_to: int = 10**9) -> None:
        self.version = read_up_to

    def read_up_to(self, _target: Target) -> list[int]:
        return [self.version]

    def take_domain(self) -> str | None:
        return None

    def give_back(self) -> None:
        pass

    def record(self, report: Report) -> None:
        assert report.outcome


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return Domain(tmp_path, SOURCES)


def uri(domain: Domain) -> str:
    return str(domain.folder / ORDERS)


def table(domain: Domain) -> DeltaTable:
    return DeltaTable(uri(domain))


def land(domain: Domain, *numbers: int) -> None:
    for number in numbers:
        assert domain.commit(domain.stage(f"s{number}", [order(number)])) == []


def maintain(domain: Domain, ledger: Ledger | None = None) -> Report:
    maintainer = Maintainer(lambda _target: open_maintenance(uri(domain)), ledger or Ledger(), lambda: 60.0)
    (report,) = maintainer.maintain([BRONZE])
    return report


def grow_old(folder: Path, seconds: float) -> None:
    """As if what the folder holds had been written so long ago."""
    for file in folder.rglob("*.parquet"):
        os.utime(file, (time.time() - seconds,) * 2)


def commits(domain: Domain) -> list[int]:
    return sorted(int(file.stem) for file in Path(uri(domain), "_delta_log").glob("*.json"))


def test_small_files_become_one_and_the_report_says_so(domain: Domain) -> None:
    land(domain, *range(1, 13))
    report = maintain(domain)
    assert (report.outcome, report.files_before, report.files_after) == ("done", 12, 1)
    assert report.bytes_before > report.bytes_after > 0
    assert report.version == table(domain).version() == 13
    assert domain.sequences() == list(range(1, 13))


def test_compaction_keeps_properties_partitions_protocol_and_statistics_without_personal_values(domain: Domain) -> None:
    land(domain, *range(1, 13))
    before = table(domain)
    maintain(domain)
    after = table(domain)
    assert after.metadata().configuration == before.metadata().configuration
    assert after.metadata().partition_columns == ["_ingest_date"]
    assert after.protocol() == before.protocol()
    assert after.schema().to_json() == before.schema().to_json()
    actions = pa.table(after.get_add_actions(flatten=True))
    assert actions.column("num_records").to_pylist() == [12]
    assert actions.column("min._sequence").to_pylist() == [f"{1:064}.000000"]
    assert not [name for name in actions.column_names if "customer_id" in name]


def test_what_the_committer_knows_outlives_checkpoint_and_clean_up(domain: Domain) -> None:
    land(domain, *range(1, 13))
    maintain(domain)
    # Positions and totals come from the checkpoint now: nothing is committed twice, and the next rows are counted on.
    for file in Path(uri(domain), "_delta_log").glob("*.json"):
        if int(file.stem) < table(domain).version():
            file.unlink()
    land(domain, 3, 12, 13)
    assert domain.sequences() == list(range(1, 14))
    assert table(domain).transaction_version("rows") == 13


def test_appends_are_neither_lost_nor_failed_by_maintenance_at_the_same_time(domain: Domain) -> None:
    land(domain, 0)
    failed: list[str] = []
    reports: list[Report] = []
    committed = [0]

    def produce() -> None:
        for number in range(1, 250):
            failed.extend(domain.commit(domain.stage(f"s{number}", [order(number)])))
            committed.append(number)

    producer = threading.Thread(target=produce)
    producer.start()
    while producer.is_alive():
        reports.append(maintain(domain))
    producer.join()
    reports.append(maintain(domain))
    assert failed == []
    assert {report.outcome for report in reports} == {"done"}
    assert sum(report.files_before > report.files_after for report in reports) > 2
    assert domain.sequences() == committed == list(range(250))
    assert commits(domain) == list(range(table(domain).version() + 1))
    assert table(domain).transaction_version("rows") == 250
    assert len(table(domain).file_uris()) < 40


def test_readers_of_changes_see_each_row_once_and_nothing_of_compaction(domain: Domain) -> None:
    land(domain, *range(1, 10))
    maintain(domain)
    land(domain, *range(10, 20))
    maintain(domain)
    last = table(domain).version()
    changes = pa.table(table(domain).load_cdf(starting_version=0, ending_version=last).read_all())
    assert sorted(changes.column("_event_id").to_pylist()) == sorted(f"e{number}" for number in range(1, 20))
    assert set(changes.column("_change_type").to_pylist()) == {"insert"}
    assert 10 not in changes.column("_commit_version").to_pylist()  # the first compaction


def test_remains_of_commits_that_failed_go_after_a_week_and_not_before(domain: Domain) -> None:
    land(domain, 1, 2)
    folder = Path(uri(domain)) / "_ingest_date=2011-01-04"
    old, young = folder / "part-00000-lost.zstd.parquet", folder / "part-00000-just-now.zstd.parquet"
    old.write_bytes(b"half a file")
    os.utime(old, (time.time() - WEEK - 3600,) * 2)
    young.write_bytes(b"half a file")
    assert maintain(domain).files_deleted == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert domain.sequences() == [1, 2]


def removed_days_ago(domain: Domain, days: int) -> None:
    """As if everything in the log had happened so long ago."""
    shift = days * 24 * 3_600_000
    for file in Path(uri(domain), "_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        for line in lines:
            for action, name in [("commitInfo", "timestamp"), ("remove", "deletionTimestamp")]:
                if name in line.get(action, {}):
                    line[action][name] -= shift
        file.write_text("\n".join(map(json.dumps, lines)))
    for file in Path(uri(domain), "_delta_log").glob("*"):
        if "checkpoint" in file.name:
            file.unlink()
    grow_old(Path(uri(domain)), days * 24 * 3600)


@pytest.mark.parametrize(("read_up_to", "deleted"), [(10**9, 12), (5, 0), (-1, 0)])
def test_files_that_a_reader_has_yet_to_read_are_kept_however_old(
    domain: Domain, read_up_to: int, deleted: int
) -> None:
    land(domain, *range(1, 13))
    maintain(domain)
    removed_days_ago(domain, 12)
    assert maintain(domain, Ledger(read_up_to)).files_deleted == deleted
    assert domain.sequences() == list(range(1, 13))


def test_the_log_is_kept_while_a_version_older_than_its_retention_is_unread(domain: Domain) -> None:
    land(domain, *range(1, 13))
    maintain(domain)
    removed_days_ago(domain, 40)
    for file in Path(uri(domain), "_delta_log").glob("*.json"):
        os.utime(file, (time.time() - 40 * 24 * 3600,) * 2)
    report = maintain(domain, Ledger(5))
    assert (report.outcome, report.reason) == ("waits", "versions older than the log's retention are not read yet")
    assert commits(domain)[0] == 0
    assert maintain(domain).outcome == "done"
    assert commits(domain)[0] > 0
    assert domain.sequences() == list(range(1, 13))


def test_few_small_files_are_left_for_later_and_nothing_is_committed(domain: Domain) -> None:
    land(domain, *range(1, 8))
    report = maintain(domain)
    assert (report.outcome, report.files_before, report.files_after, report.version) == ("done", 7, 7, 7)


def test_a_table_with_a_feature_that_is_not_known_is_left_alone(domain: Domain) -> None:
    schema = pa.schema({"x": pa.int64()})
    DeltaTable.create(uri(domain), schema, configuration={"delta.enableDeletionVectors": "true"})
    for number in range(9):
        write_deltalake(uri(domain), pa.table({"x": [number]}), mode="append")
    report = maintain(domain)
    assert report.outcome == "failed"
    assert report.reason.startswith("UnknownFeature: the table uses deletionVectors, ")
    assert "maintained are tables with appendOnly, changeDataFeed" in report.reason
    assert table(domain).version() == 9


def test_a_table_without_partitions_is_compacted_as_a_whole(tmp_path: Path) -> None:
    place = str(tmp_path / "silver")
    for number in range(9):
        write_deltalake(place, pa.table({"x": [number]}), mode="append")
    maintainer = Maintainer(lambda _target: open_maintenance(place), Ledger(), lambda: 60.0)
    (report,) = maintainer.maintain([Target("commerce.silver.orders")])
    assert (report.files_before, report.files_after) == (9, 1)
