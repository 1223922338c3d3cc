"""What maintenance reads from the ledger and writes to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from maintain_tables import Report
from maintenance_targets import Target
from telemetry import log

Item = Mapping[str, Any]


@dataclass(frozen=True)
class DynamoMaintenanceLedger:
    """The ledger's table in DynamoDB, for one maintenance of one domain."""

    client: Any
    functions: Any
    table: str
    start_run: str
    domain: str
    # The same for all attempts of one request, so that a second one finds the domain its own.
    holder: str
    # When the domain is given back at the latest, since this process ends.
    until: datetime

    def read_up_to(self, target: Target) -> Sequence[int]:
        if target.slot or not target.readers:
            return []
        if target.layer == "silver":
            slots = [self._get(f"DOMAIN#{self.domain}", f"SLOT#{slot}") for slot in target.readers]
            # A slot that was never built is built in full, not from changes.
            return [_version(item.get("inputs"), target.table) for item in slots if item]
        silver = [self._get(f"TABLE#{reader}", "STATE") for reader in target.readers]
        return [_version(item.get("consumed"), target.table) for item in silver]

    def take_domain(self) -> str | None:
        """Take the domain as a run does. That more was committed, and waits for a run, stays known."""
        values = {":me": self.holder, ":now": iso(datetime.now(UTC)), ":until": iso(self.until), ":type": "domain"}
        try:
            self.client.update_item(
                TableName=self.table,
                Key=self._state,
                UpdateExpression="SET activeRun = :me, claimedAt = :now, heldUntil = :until, "
                "dirty = if_not_exists(dirty, :false), #type = :type, v = :one ADD fence :one",
                ConditionExpression="attribute_not_exists(activeRun) OR activeRun = :me",
                ExpressionAttributeNames={"#type": "type"},
                ExpressionAttributeValues={
                    **{name: {"S": value} for name, value in values.items()},
                    ":false": {"BOOL": False},
                    ":one": {"N": "1"},
                },
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return str(self._get(f"DOMAIN#{self.domain}", "STATE").get("activeRun", {}).get("S", "another run"))
        return None

    def give_back(self) -> None:
        try:
            before = self.client.update_item(
                TableName=self.table,
                Key=self._state,
                UpdateExpression="REMOVE activeRun, claimedAt, heldUntil",
                ConditionExpression="activeRun = :me",
                ExpressionAttributeValues={":me": {"S": self.holder}},
                ReturnValues="ALL_OLD",
            )["Attributes"]
        except self.client.exceptions.ConditionalCheckFailedException:
            log("WARN", "a run has taken the domain meanwhile", holder=self.holder)
            return
        if before["dirty"]["BOOL"]:
            # The mark stays until a run takes the domain, so nothing is forgotten should this call get lost.
            request = json.dumps({"trigger": f"commits during '{self.holder}'"})
            self.functions.invoke(FunctionName=self.start_run, InvocationType="Event", Payload=request)

    def record(self, report: Report) -> None:
        at = iso(datetime.now(UTC))
        facts = {name: _attribute(value) for name, value in report.facts().items()}
        key = {"pk": {"S": f"TABLE#{report.table}"}, "sk": {"S": "#".join(["MAINTENANCE", at, report.slot or "all"])}}
        item = {**key, "type": {"S": "maintenance"}, "v": {"N": "1"}, "at": {"S": at}, **facts}
        self.client.put_item(TableName=self.table, Item=item)

    @property
    def _state(self) -> Item:
        return {"pk": {"S": f"DOMAIN#{self.domain}"}, "sk": {"S": "STATE"}}

    def _get(self, pk: str, sk: str) -> Item:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item: Item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item", {})
        return item


def deadline(milliseconds_left: int) -> datetime:
    """When a function that has so much time left does not run any more."""
    return datetime.now(UTC) + timedelta(milliseconds=milliseconds_left)


def iso(time: datetime) -> str:
    """As the other functions write times."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _version(versions: Item | None, table: str) -> int:
    found = (versions or {"M": {}})["M"].get(table, {"N": "-1"})
    return int(found["N"])


def _attribute(value: str | int | float) -> Item:
    return {"S": value} if isinstance(value, str) else {"N": str(value)}
