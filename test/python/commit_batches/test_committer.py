"""`commit-batches` over real Delta tables in a folder, with staged files, a ledger and a bus that a test can break."""

import json
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from commit_batches import CommitFailed
from committer import Committer
from delta_table import DeltaLakeTable, OpenTables
from limbs import position
from messages import Message
from order_domain import (
    COLUMNS,
    CONTRACT,
    ORDER_SCHEMA,
    ORDERS,
    QUARANTINE,
    SHARD,
    Domain,
    order,
    quarantined,
)
from staging import S3Staging
from table_schema import TableContract


def delta(domain: Domain, table: str = ORDERS) -> DeltaTable:
    return DeltaTable(str(domain.folder / table))


RETYPED = ORDER_SCHEMA.set(0, pa.field("order_id", pa.int64()))


def retyped(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns after somebody made the order's id a number."""
    return [{**columns[0], "type": "long"}, *columns[1:]]


def orders(*sequences: int) -> list[dict[str, Any]]:
    return [order(sequence) for sequence in sequences]


def test_all_messages_of_a_table_become_one_version_with_their_position(domain: Domain) -> None:
    assert domain.commit(domain.stage("a", orders(1, 2)), domain.stage("b", orders(3))) == []
    table = delta(domain)
    assert domain.sequences() == [1, 2, 3]
    assert table.version() == 1
    assert position(SHARD, table.transaction_version) == 3
    assert (table.transaction_version("rows"), table.transaction_version("accounted")) == (3, 3)
    assert domain.events.told == [(ORDERS, 1)]


def test_rows_keep_their_values(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1, 3)))
    first, second = domain.rows()
    assert first["lines"] == [{"line_no": 1, "unit_price": Decimal("2.5500")}]
    assert (first["customer_id"], second["customer_id"]) == ("tok_1", None)


def test_a_message_that_comes_again_adds_nothing_and_is_told_again(domain: Domain) -> None:
    message = domain.stage("a", orders(1, 2))
    assert domain.commit(message) == domain.commit(message) == []
    assert domain.sequences() == [1, 2]
    assert domain.events.told == [(ORDERS, 1), (ORDERS, 1)]
    assert [outcome.added for _, outcome, _ in domain.ledger.records] == [2, 0]


def test_the_second_half_of_a_bisected_batch_adds_only_what_is_missing(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1, 2, 3)))
    domain.commit(domain.stage("b", orders(2, 3, 4, 5)))
    assert domain.sequences() == [1, 2, 3, 4, 5]


def test_a_message_redriven_after_later_ones_is_not_judged_by_its_position(domain: Domain) -> None:
    late = domain.stage("late", orders(1, 2))
    domain.commit(domain.stage("a", orders(3, 4)))
    assert domain.commit(late) == domain.commit(late) == []
    assert domain.sequences() == [1, 2, 3, 4]
    assert position(SHARD, delta(domain).transaction_version) == 4


def test_a_batch_is_forgotten_once_it_is_committed_and_not_before(domain: Domain) -> None:
    message = domain.stage("a", orders(1, 2))
    domain.s3.is_down = True
    assert domain.commit(message) == ["a"]
    assert domain.ledger.forgotten == []
    domain.s3.is_down = False
    assert domain.commit(message) == domain.commit(message) == []
    assert domain.ledger.forgotten == ["s3://landing/a.parquet"] * 2


def test_a_batch_that_is_announced_again_before_its_first_message_counts_once(domain: Domain) -> None:
    first = domain.stage("a", orders(1, 2))
    again = domain.stage("a", orders(1, 2), ordered=False, announcement=1)
    assert domain.commit(again) == domain.commit(first) == domain.commit(again) == []
    assert domain.sequences() == [1, 2]


def test_a_batch_that_is_announced_again_after_later_ones_is_not_dropped(domain: Domain) -> None:
    again = domain.stage("a", orders(1, 2), ordered=False, announcement=1)
    domain.commit(domain.stage("b", orders(3, 4)))
    assert domain.commit(again) == []
    assert domain.sequences() == [1, 2, 3, 4]
    assert position(SHARD, delta(domain).transaction_version) == 4


def test_a_failing_ledger_brings_the_message_back_without_doubling_its_rows(domain: Domain) -> None:
    message = domain.stage("a", orders(1, 2))
    domain.ledger.is_down = True
    assert domain.commit(message) == ["a"]
    domain.ledger.is_down = False
    assert domain.commit(message) == []
    assert domain.sequences() == [1, 2]
    assert domain.events.told == [(ORDERS, 1)]


def test_the_ledger_learns_of_version_rows_and_latest_event(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1, 2)))
    [(table, outcome, last_event_time)] = domain.ledger.records
    assert (table, outcome.version, outcome.rows, outcome.accounted) == (ORDERS, 1, 2, 2)
    assert last_event_time == "2011-01-04T10:00:02.000Z"


@pytest.mark.parametrize("content", [None, b"", b"junk", b"PAR1" + b"\0" * 40 + b"PAR1"])
def test_a_staged_file_that_is_gone_or_corrupt_fails_alone(domain: Domain, content: bytes | None) -> None:
    poison = domain.stage("poison", orders(2))
    del domain.s3.objects["landing/poison.parquet"]
    if content is not None:
        domain.s3.objects["landing/poison.parquet"] = content
    assert domain.commit(domain.stage("a", orders(1)), poison, domain.stage("b", orders(3))) == ["poison"]
    assert domain.sequences() == [1, 3]


def test_a_file_with_fewer_rows_than_its_message_says_is_refused(domain: Domain) -> None:
    assert domain.commit(domain.stage("a", orders(1), rows=2)) == ["a"]


@pytest.mark.parametrize(
    "body", ["no JSON", "{}", "[]", json.dumps({"version": 2}), json.dumps({"version": 1, "table": ORDERS})]
)
def test_a_message_of_another_form_fails_alone(domain: Domain, body: str) -> None:
    assert domain.commit(Message("odd", ORDERS, body), domain.stage("a", orders(1))) == ["odd"]
    assert domain.sequences() == [1]


def test_a_message_in_the_group_of_another_table_is_refused(domain: Domain) -> None:
    message = domain.stage("a", orders(1))
    assert domain.commit(Message("a", QUARANTINE, message.body)) == ["a"]


def test_an_unknown_table_does_not_hold_up_the_others(domain: Domain) -> None:
    unknown = domain.stage("unknown", orders(1), table="commerce.bronze.returns")
    assert domain.commit(unknown, domain.stage("a", orders(1))) == ["unknown"]
    assert domain.sequences() == [1]


def test_while_staging_cannot_be_read_all_messages_come_again(domain: Domain) -> None:
    messages = [domain.stage("a", orders(1)), domain.stage("b", orders(2))]
    domain.s3.is_down = True
    assert domain.commit(*messages) == ["a", "b"]
    assert domain.events.told == []


def test_what_can_never_be_committed_is_told_from_what_may_be_later(domain: Domain) -> None:
    late = domain.stage("late", orders(1))
    domain.ledger.is_down = True
    failures = domain.failures(Message("odd", ORDERS, "no JSON"), late)
    assert [(each.message.id, each.may_pass) for each in failures] == [("odd", False), ("late", True)]


def test_a_commit_whose_answer_is_lost_is_not_made_twice(domain: Domain) -> None:
    class Forgetful(DeltaLakeTable):
        answers = 0

        def append(self, *request: Any) -> int:
            version = super().append(*request)
            Forgetful.answers += 1
            if Forgetful.answers == 1:
                raise CommitFailed("the answer was lost")
            return version

    domain.open_table = lambda contract: Forgetful(str(domain.folder / contract.table), contract)
    assert domain.commit(domain.stage("a", orders(1, 2))) == []
    assert domain.sequences() == [1, 2]
    assert [outcome.added for _, outcome, _ in domain.ledger.records] == [2]


def test_two_committers_at_once_never_commit_the_same_rows_twice(domain: Domain) -> None:
    """The other one wins between this one's reading and its commit, as after a visibility timeout."""

    class Overtaken(DeltaLakeTable):
        is_first = True

        def append(self, *request: Any) -> int:
            if Overtaken.is_first:
                Overtaken.is_first = False
                DeltaLakeTable(str(domain.folder / ORDERS), self._contract).append(*request)
            return super().append(*request)

    domain.open_table = lambda contract: Overtaken(str(domain.folder / contract.table), contract)
    assert domain.commit(domain.stage("a", orders(1, 2))) == []
    assert domain.sequences() == [1, 2]


def test_a_new_optional_column_is_added_and_older_files_have_no_value_there(domain: Domain) -> None:
    domain.commit(domain.stage("old", orders(1)))
    columns = [*COLUMNS, {"name": "channel", "type": "string", "pii": "none"}]
    (domain.folder / "contracts.json").write_text(json.dumps([{**CONTRACT, "columns": columns}]))
    rows = [{**order(2), "channel": "web"}]
    new = domain.stage("new", rows, schema=ORDER_SCHEMA.append(pa.field("channel", pa.string())))
    assert domain.commit(domain.stage("still-old", orders(3)), new, domain.stage("older", orders(4))) == []
    assert "channel" in {field.name for field in delta(domain).schema().fields}
    assert {row["order_id"]: row.get("channel") for row in domain.rows()} == {
        "o1": None,
        "o2": "web",
        "o3": None,
        "o4": None,
    }


def metrics_of(capsys: pytest.CaptureFixture[str], name: str) -> list[tuple[str, float]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(line["table"], line[name]) for line in lines if "_aws" in line and name in line]


def delivered(message: Message, receives: int) -> Message:
    return replace(message, receives=receives)


def test_files_that_the_contract_does_not_fit_wait_for_the_deploy_and_then_fail_alone(
    domain: Domain, capsys: pytest.CaptureFixture[str]
) -> None:
    """New files may meet the function before: it is replaced at about the same time as their sender."""
    schema = ORDER_SCHEMA.append(pa.field("channel", pa.string()))
    new, good = domain.stage("new", [{**order(1), "channel": "web"}], schema=schema), domain.stage("a", orders(2))
    for receives in (1, 2, 3):
        failures = domain.failures(delivered(new, receives), good)
        assert [(each.message.id, each.may_pass) for each in failures] == [("new", True), ("a", True)]
    assert "column 'channel' is not in the contract of 'commerce.bronze.orders'" in capsys.readouterr().out
    failures = domain.failures(delivered(new, 4), good)
    assert [(each.message.id, each.may_pass) for each in failures] == [("new", False)]
    assert domain.sequences() == [2]


def test_a_column_of_another_type_is_refused_instead_of_cast(
    domain: Domain, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = ORDER_SCHEMA.set(0, pa.field("order_id", pa.int32()))
    message = domain.stage("a", [{**order(1), "order_id": 1}], schema=schema)
    assert [each.may_pass for each in domain.failures(delivered(message, 4))] == [False]
    assert "column 'order_id': found integer; the contract says string" in capsys.readouterr().out


def test_a_table_that_is_not_as_its_contract_says_stops_alone_and_says_so(
    domain: Domain, capsys: pytest.CaptureFixture[str]
) -> None:
    domain.commit(domain.stage("a", orders(1)))
    (domain.folder / "contracts.json").write_text(json.dumps([{**CONTRACT, "columns": retyped(COLUMNS)}]))
    capsys.readouterr()
    stopped = domain.stage("b", [{**order(2), "order_id": 2}], schema=RETYPED)
    failures = domain.failures(delivered(stopped, 9), quarantined(domain, "q", 1, "q1"))
    assert [(each.message.id, each.may_pass) for each in failures] == [("b", True)]
    assert metrics_of(capsys, "TableStopped") == [(ORDERS, 1)]
    assert [row["quarantine_id"] for row in domain.rows(QUARANTINE)] == ["q1"]
    # Once the contract is as it was, what waited is committed.
    (domain.folder / "contracts.json").write_text(json.dumps([CONTRACT]))
    assert domain.commit(domain.stage("c", orders(3))) == []
    assert domain.sequences() == [1, 3]


def test_a_table_that_changes_while_it_is_open_stops_as_well(domain: Domain) -> None:
    held = DeltaLakeTable(str(domain.folder / ORDERS), domain.contracts()[ORDERS])
    domain.open_table = lambda _contract: held
    assert domain.commit(domain.stage("a", orders(1))) == []
    retype = pa.schema([pa.field("order_id", pa.int64()), *list(ORDER_SCHEMA)[1:]])
    other = pa.Table.from_pylist([{**order(9), "order_id": 9}], retype)
    write_deltalake(str(domain.folder / ORDERS), other, mode="overwrite", schema_mode="overwrite")
    assert domain.commit(domain.stage("b", orders(2))) == ["b"]


def test_when_time_is_short_no_commit_begins_and_nothing_is_lost(domain: Domain) -> None:
    messages = [domain.stage("a", orders(1)), domain.stage("b", orders(2))]
    tables = OpenTables(domain.open_table)
    committer = Committer(domain.contracts(), tables, S3Staging(domain.s3), domain.ledger, domain.events)
    failures = committer.commit(messages, has_time=lambda: False)
    assert [(each.message.id, each.may_pass) for each in failures] == [("a", True), ("b", True)]
    assert committer.commit(messages) == []
    assert domain.sequences() == [1, 2]


def test_the_age_of_the_oldest_message_is_measured_by_table_whether_it_was_committed_or_not(
    domain: Domain, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    waiting = replace(domain.stage("a", orders(1), table="commerce.bronze.unknown"), sent=now - 400)
    fresh = [
        replace(domain.stage(name, orders(number)), sent=now - age) for name, number, age in [("b", 2, 3), ("c", 3, 90)]
    ]
    domain.commit(waiting, *fresh)
    ages = {table: round(age, -1) for table, age in metrics_of(capsys, "CommitAge")}
    assert ages == {"commerce.bronze.unknown": 400, ORDERS: 90}


def test_a_table_stays_open_and_is_opened_anew_after_a_failure(domain: Domain) -> None:
    opened: list[str] = []

    def open_table(contract: TableContract) -> DeltaLakeTable:
        opened.append(contract.table)
        return DeltaLakeTable(str(domain.folder / contract.table), contract)

    tables = OpenTables(open_table)
    committer = Committer(domain.contracts(), tables, S3Staging(domain.s3), domain.ledger, domain.events)
    for name, number in (("a", 1), ("b", 2)):
        assert committer.commit([domain.stage(name, orders(number))]) == []
    assert opened == [ORDERS]
    domain.ledger.is_down = True
    assert len(committer.commit([domain.stage("c", orders(3))])) == 1
    domain.ledger.is_down = False
    assert committer.commit([domain.stage("c", orders(3))]) == []
    assert opened == [ORDERS, ORDERS]
    assert domain.sequences() == [1, 2, 3]


def test_a_table_whose_type_the_contract_changed_is_left_alone(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1)))
    (domain.folder / "contracts.json").write_text(json.dumps([{**CONTRACT, "columns": retyped(COLUMNS)}]))
    assert domain.commit(domain.stage("b", [{**order(2), "order_id": 2}], schema=RETYPED)) == ["b"]
    assert domain.sequences() == [1]


def test_statistics_do_not_show_personal_data(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1, 2)))
    log = (domain.folder / ORDERS / "_delta_log" / "00000000000000000001.json").read_text()
    assert "o1" in log
    assert "tok_" not in log


def test_a_table_is_partitioned_by_ingest_date_and_reads_the_same_in_duckdb(domain: Domain) -> None:
    domain.commit(domain.stage("a", orders(1, 2)))
    assert delta(domain).metadata().partition_columns == ["_ingest_date"]
    totals = "count(*), sum(lines[1].unit_price), min(_ingest_date)::text"
    bronze = duckdb.from_arrow(delta(domain).to_pyarrow_table())
    assert bronze.aggregate(totals).fetchall() == [(2, Decimal("5.1000"), "2011-01-04")]


def test_a_folder_of_files_is_one_batch(domain: Domain) -> None:
    for part, sequence in (("part-0", 1), ("part-1", 2)):
        domain.stage(f"run/{part}", orders(sequence))
    domain.s3.objects["landing/run/_SUCCESS"] = b""
    message = domain.stage("unused", orders(1, 2), staged="s3://landing/run/")
    assert domain.commit(message) == []
    assert domain.sequences() == [1, 2]


def test_commits_are_measured_for_the_domain_and_for_the_table(
    domain: Domain, capsys: pytest.CaptureFixture[str]
) -> None:
    domain.commit(domain.stage("a", orders(1, 2)), quarantined(domain, "q", 1, "q1"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = [line for line in lines if "_aws" in line]
    counted = {(each["table"], name): each[name] for each in metrics for name in each if name.startswith("Rows")}
    assert counted == {(ORDERS, "RowsLanded"): 2, (QUARANTINE, "RowsQuarantined"): 1}
    assert metrics[0]["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["domain"], ["domain", "table"]]
