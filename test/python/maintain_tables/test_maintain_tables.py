"""What maintenance does in which order, whom it waits for, and whom it lets wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from maintain_tables import MIB, File, Maintainer, Partition, Report, partitions_to_compact
from maintenance_targets import Target, targets_of

DAY: Partition = (("_ingest_date", "2011-01-04"),)
BRONZE, SILVER, GOLD = Target("d.bronze.t"), Target("d.silver.t"), Target("d.gold.t", "blue")


@dataclass
class FakeTable:
    """Small files in partitions; each step is noted."""

    partitions: Sequence[Partition] = (DAY,)
    broken: bool = False
    steps: list[str] = field(default_factory=list)
    ages: dict[int, float] = field(default_factory=dict)

    def version(self) -> int:
        return 100

    def files(self) -> Sequence[File]:
        if self.broken:
            raise OSError("S3 is down")
        return [File(partition, MIB) for partition in self.partitions for _ in range(9)]

    def hours_since(self, version: int) -> float | None:
        return self.ages.get(version)

    def compact(self, partition: Partition, target_bytes: int) -> None:
        assert target_bytes == 256 * MIB
        self.steps.append(f"compact {partition[0][1]}")

    def vacuum(self, hours: float) -> int:
        self.steps.append(f"vacuum {hours:g}")
        return 3

    def checkpoint(self) -> None:
        self.steps.append("checkpoint")

    def clean_log(self) -> None:
        self.steps.append("clean log")


@dataclass
class FakeLedger:
    """A domain that may be held by a run."""

    run: str | None = None
    steps: list[str] = field(default_factory=list)
    readers: dict[str, list[int]] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    def read_up_to(self, target: Target) -> Sequence[int]:
        return self.readers.get(target.table, [])

    def take_domain(self) -> str | None:
        self.steps.append("take")
        return self.run

    def give_back(self) -> None:
        self.steps.append("give back")

    def record(self, report: Report) -> None:
        self.reports.append(report)


def maintain(
    tables: dict[Target, FakeTable], ledger: FakeLedger, seconds_left: Callable[[], float] = lambda: 60.0
) -> list[tuple[str, str]]:
    reports = Maintainer(tables.get, ledger, seconds_left).maintain(list(tables))
    assert ledger.reports == reports
    return [(report.outcome, report.reason) for report in reports]


def test_files_are_rewritten_then_deleted_then_the_log_is_shortened_up_to_a_new_checkpoint() -> None:
    table = FakeTable()
    assert maintain({BRONZE: table}, FakeLedger()) == [("done", "")]
    assert table.steps == ["compact 2011-01-04", "vacuum 168", "checkpoint", "clean log"]


def test_what_the_committer_writes_needs_no_lease() -> None:
    ledger = FakeLedger(run="commerce-20110104t100000-0badcafe")
    assert maintain({BRONZE: FakeTable()}, ledger) == [("done", "")]
    assert ledger.steps == []


def test_tables_of_runs_are_maintained_while_the_domain_is_held_and_then_it_is_given_back() -> None:
    ledger = FakeLedger()
    assert maintain({SILVER: FakeTable(), GOLD: FakeTable()}, ledger) == [("done", ""), ("done", "")]
    assert ledger.steps == ["take", "give back"]


def test_an_active_run_is_not_disturbed_and_what_waits_says_for_whom() -> None:
    ledger, silver = FakeLedger(run="r1"), FakeTable()
    assert maintain({BRONZE: FakeTable(), SILVER: silver}, ledger) == [("done", ""), ("waits", "'r1' has the domain")]
    assert silver.steps == []
    assert ledger.steps == ["take"]


def test_a_table_that_fails_holds_up_no_other_and_does_not_keep_the_domain() -> None:
    ledger, gold = FakeLedger(), FakeTable()
    outcomes = maintain({SILVER: FakeTable(broken=True), GOLD: gold}, ledger)
    assert outcomes == [("failed", "OSError: S3 is down"), ("done", "")]
    assert ledger.steps == ["take", "give back"]


def test_a_table_that_nothing_was_committed_to_is_not_reported() -> None:
    ledger = FakeLedger()
    assert Maintainer(lambda _target: None, ledger, lambda: 60.0).maintain([BRONZE, SILVER]) == []


def test_partitions_for_which_no_time_is_left_wait_and_the_rest_is_still_done() -> None:
    days = [(("_ingest_date", f"2011-01-0{day}"),) for day in (3, 1, 2)]
    table, left = FakeTable(days), iter([60.0, 60.0, 60.0, 0.0])
    assert maintain({BRONZE: table}, FakeLedger(), lambda: next(left)) == [
        ("waits", "1 of 3 partitions are left to compact")
    ]
    assert table.steps == ["compact 2011-01-01", "compact 2011-01-02", "vacuum 168", "checkpoint", "clean log"]


def test_a_table_for_which_no_time_is_left_waits() -> None:
    assert maintain({BRONZE: FakeTable()}, FakeLedger(), lambda: 0.0) == [("waits", "no time was left")]


@pytest.mark.parametrize(
    ("readers", "vacuum", "keeps_log"),
    [
        ([], 168, False),
        ([100, 100], 168, False),
        ([100, 40], 241, False),
        ([40, 10], 801, True),
        ([5], 168, False),
    ],
)
def test_deletions_wait_for_the_reader_that_is_furthest_behind(
    readers: list[int], vacuum: float, keeps_log: bool
) -> None:
    """Version 41 is ten days old, 11 is older than the log is kept, and of 6 the log knows nothing any more."""
    table = FakeTable(ages={41: 240.0, 11: 800.0})
    maintain({BRONZE: table}, FakeLedger(readers={BRONZE.table: readers}))
    assert f"vacuum {vacuum:g}" in table.steps
    assert ("clean log" not in table.steps) == keeps_log


@pytest.mark.parametrize(
    ("sizes", "is_due"),
    [
        ([1] * 8, True),
        ([1] * 7, False),
        ([1] * 7 + [200] * 5, False),
        ([128] * 20, False),
        ([127] * 8, True),
        ([], False),
    ],
)
def test_a_partition_is_due_with_eight_files_below_128_mib(sizes: list[int], is_due: bool) -> None:
    files = [File(DAY, size * MIB) for size in sizes]
    assert partitions_to_compact(files) == ([DAY] if is_due else [])


def contract(layer: str, table: str, *inputs: str) -> dict[str, object]:
    read = [{"table": each} for each in inputs]
    return {"domain": "d", "layer": layer, "table": table, "inputs": read, "write": {"mode": "merge"}}


def test_all_tables_of_the_domain_are_maintained_bronze_and_quarantine_first_and_gold_in_both_slots() -> None:
    contracts = [
        contract("gold", "g", "d.silver.s"),
        contract("silver", "s", "d.bronze.b"),
        contract("silver", "unread", "d.bronze.b"),
        contract("bronze", "b"),
        {**contract("bronze", "b"), "domain": "other"},
    ]
    assert targets_of("d", contracts) == [
        Target("d.bronze.b", readers=("d.silver.s", "d.silver.unread")),
        Target("d.ops.quarantine"),
        Target("d.silver.s", readers=("blue", "green")),
        Target("d.silver.unread"),
        Target("d.gold.g", "blue"),
        Target("d.gold.g", "green"),
    ]


def test_what_refine_remembers_of_a_silver_table_is_maintained_after_it() -> None:
    changes = {"operation": "op", "deletes": ["d"], "truncates": []}
    contracts = [
        {**contract("silver", "deleted", "d.bronze.b"), "changes": changes},
        {**contract("silver", "history", "d.bronze.b"), "changes": changes, "write": {"mode": "scd2"}},
        {**contract("silver", "ordered", "d.bronze.b"), "changes": {"orderBy": "lsn", "deletes": [], "truncates": []}},
    ]
    assert [target.table for target in targets_of("d", contracts)] == [
        "d.ops.quarantine",
        *["d.silver.deleted", "d.silver._tombstones/deleted"],
        *["d.silver.history", "d.silver._tombstones/history", "d.silver._images/history"],
        "d.silver.ordered",
    ]
