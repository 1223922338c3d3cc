"""Maintenance takes and gives back a domain as runs do, in a real ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator import Emulator
from maintain_tables import Report
from maintenance_ledger import DynamoMaintenanceLedger
from maintenance_targets import Target

STATE = {"pk": {"S": "DOMAIN#d"}, "sk": {"S": "STATE"}}
SILVER = Target("d.silver.s", readers=("blue", "green"))
BRONZE = Target("d.bronze.b", readers=("d.silver.s", "d.silver.t"))


class Functions:
    """Lambda, as far as it is asked to call functions."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def invoke(self, **call: Any) -> None:
        self.calls.append(call)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    emulator = Emulator(tmp_path_factory.mktemp("cloud") / "home").start()
    yield emulator.client("dynamodb")
    emulator.stop()


@pytest.fixture
def ledger(client: Any, request: pytest.FixtureRequest) -> DynamoMaintenanceLedger:
    table = request.node.name[:200].replace("[", "-").replace("]", "-")
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    until = datetime.now(UTC) + timedelta(minutes=15)
    return DynamoMaintenanceLedger(client, Functions(), table, "start-run", "d", "maintenance-1", until)


def state(ledger: DynamoMaintenanceLedger) -> dict[str, Any]:
    return dict(ledger.client.get_item(TableName=ledger.table, Key=STATE)["Item"])


def put(ledger: DynamoMaintenanceLedger, **item: Any) -> None:
    ledger.client.put_item(TableName=ledger.table, Item={**STATE, **item})


def test_a_free_domain_is_taken_with_the_time_by_which_it_is_given_back(ledger: DynamoMaintenanceLedger) -> None:
    assert ledger.take_domain() is None
    found = state(ledger)
    assert (found["activeRun"], found["dirty"], found["fence"]) == ({"S": "maintenance-1"}, {"BOOL": False}, {"N": "1"})
    assert found["claimedAt"]["S"] < found["heldUntil"]["S"]
    assert found["heldUntil"]["S"].endswith("Z")


def test_a_domain_that_a_run_has_stays_with_it(ledger: DynamoMaintenanceLedger) -> None:
    put(ledger, activeRun={"S": "r1"}, dirty={"BOOL": False}, fence={"N": "4"})
    assert ledger.take_domain() == "r1"
    assert state(ledger)["activeRun"] == {"S": "r1"}


def test_a_second_attempt_of_the_same_maintenance_finds_the_domain_its_own_and_another_one_does_not(
    ledger: DynamoMaintenanceLedger,
) -> None:
    assert [ledger.take_domain(), ledger.take_domain()] == [None, None]
    assert replace(ledger, holder="maintenance-2").take_domain() == "maintenance-1"


def test_a_domain_is_given_back_free_and_starts_nothing_when_nothing_came(ledger: DynamoMaintenanceLedger) -> None:
    ledger.take_domain()
    ledger.give_back()
    typed = {"type": {"S": "domain"}, "v": {"N": "1"}}
    assert state(ledger) == {**STATE, **typed, "dirty": {"BOOL": False}, "fence": {"N": "1"}}
    assert ledger.functions.calls == []


@pytest.mark.parametrize("is_before", [True, False])
def test_commits_that_waited_before_or_meanwhile_start_a_run(ledger: DynamoMaintenanceLedger, is_before: bool) -> None:
    if is_before:
        put(ledger, dirty={"BOOL": True}, fence={"N": "1"})
    ledger.take_domain()
    if not is_before:
        put(ledger, **{**state(ledger), "dirty": {"BOOL": True}})
    ledger.give_back()
    assert ledger.functions.calls == [
        {
            "FunctionName": "start-run",
            "InvocationType": "Event",
            "Payload": '{"trigger": "commits during \'maintenance-1\'"}',
        }
    ]
    assert state(ledger)["dirty"] == {"BOOL": True}
    assert "activeRun" not in state(ledger)


def test_a_domain_that_a_run_has_taken_over_is_left_to_it(ledger: DynamoMaintenanceLedger) -> None:
    ledger.take_domain()
    put(ledger, activeRun={"S": "r2"}, dirty={"BOOL": True})
    ledger.give_back()
    assert state(ledger)["activeRun"] == {"S": "r2"}
    assert ledger.functions.calls == []


def test_readers_of_bronze_are_silver_tables_and_one_that_has_read_nothing_holds_back_all(
    ledger: DynamoMaintenanceLedger,
) -> None:
    put(ledger, pk={"S": "TABLE#d.silver.s"}, consumed={"M": {"d.bronze.b": {"N": "7"}}})
    assert ledger.read_up_to(BRONZE) == [7, -1]


def test_readers_of_silver_are_the_slots_that_were_ever_built(ledger: DynamoMaintenanceLedger) -> None:
    put(ledger, sk={"S": "SLOT#green"}, inputs={"M": {"d.silver.s": {"N": "3"}}})
    assert ledger.read_up_to(SILVER) == [3]
    assert ledger.read_up_to(Target("d.gold.g", "blue")) == []


def test_each_maintenance_of_a_table_is_an_item_of_its_own(ledger: DynamoMaintenanceLedger) -> None:
    ledger.record(Report("d.gold.g", "blue", "done", files_before=12, files_after=1, seconds=0.5))
    ledger.record(Report("d.gold.g", "green", "waits", "'r1' has the domain"))
    found = ledger.client.query(
        TableName=ledger.table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": {"S": "TABLE#d.gold.g"}, ":sk": {"S": "MAINTENANCE#"}},
    )["Items"]
    assert [(item["type"], item["v"], item["outcome"]) for item in found] == [
        ({"S": "maintenance"}, {"N": "1"}, {"S": "done"}),
        ({"S": "maintenance"}, {"N": "1"}, {"S": "waits"}),
    ]
    assert (found[0]["filesBefore"], found[0]["seconds"]) == ({"N": "12"}, {"N": "0.5"})
