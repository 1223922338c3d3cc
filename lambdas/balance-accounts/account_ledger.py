"""Accounts and checkpoints in the ledger's table in DynamoDB."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from audit_events import Counts
from audit_stream import Checkpoint, Lost
from audit_tables import OpenEntries
from balance import Account, Gap, Gaps, Key

Item = dict[str, Any]
_SERIALIZER, _DESERIALIZER = TypeSerializer(), TypeDeserializer()
# Another run was faster, or is at the same items right now: nothing was written.
_OVERTAKEN = {"None", "ConditionalCheckFailed", "TransactionConflict"}
LOST_KEPT = 20


@dataclass(frozen=True)
class AccountLedger:
    """The accounts of one stream's domain."""

    client: Any
    table: str
    domain: str
    stream: str
    # Readers of several shards add to the same hours; DynamoDB would refuse one of two at once.
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """How far each shard is counted."""
        found = self._below(f"STREAM#{self.stream}", "SHARD#", "SHARD#~")
        return {each["sk"].removeprefix("SHARD#"): _checkpoint_of(each) for each in found}

    def count(self, before: Checkpoint, after: Checkpoint, counts: Counts, now: datetime) -> bool:
        """Add counts and move the checkpoint, both or neither. False when the checkpoint is no longer `before`."""
        adds = [self._add(key, events, now) for key, events in counts.items()]
        try:
            with self._one_at_a_time:
                self.client.transact_write_items(TransactItems=[self._move(before, after), *adds])
        except self.client.exceptions.TransactionCanceledException as error:
            if {reason["Code"] for reason in error.response["CancellationReasons"]} <= _OVERTAKEN:
                return False
            raise
        return True

    def accounts(self, tables: Iterable[str], since: str) -> dict[Key, Account]:
        """The accounts of these tables from an hour on."""
        return {
            (table, each["sk"].removeprefix("HOUR#")): _account_of(each)
            for table in tables
            for each in self._below(f"TABLE#{table}", f"HOUR#{since}", "HOUR#~")
        }

    def record(self, accounts: Mapping[Key, Account], read_at: datetime) -> None:
        """Write what was found, unless a later look was written before. What was produced is left to its counters."""
        for (table, hour), account in accounts.items():
            values = _figures_of(account) | {"type": "account", "v": 1, "checkedAt": iso(read_at)}
            try:
                self.client.update_item(
                    TableName=self.table,
                    Key=_marshal({"pk": f"TABLE#{table}", "sk": f"HOUR#{hour}"}),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                    ConditionExpression="attribute_not_exists(checkedAt) OR checkedAt <= :checkedAt",
                    ExpressionAttributeNames={f"#{name}": name for name in values},
                    ExpressionAttributeValues=_marshal({f":{name}": value for name, value in values.items()}),
                )
            except self.client.exceptions.ConditionalCheckFailedException:
                continue

    def last_check(self) -> "Check | None":
        """What the last run said of the domain as a whole."""
        found = self.client.get_item(TableName=self.table, Key=_marshal(self._check_key()), ConsistentRead=True)
        return _check_of(_unmarshal(found["Item"])) if "Item" in found else None

    def record_check(self, check: "Check") -> None:
        """Write what this run says of the domain."""
        lost = [{"shard": each.shard, "since": iso(each.since) if each.since else None} for each in check.lost]
        item = {
            **self._check_key(),
            "type": "balance",
            "v": 1,
            "checkedAt": iso(check.checked_at),
            "isCaughtUp": check.is_caught_up,
            "lost": lost[-LOST_KEPT:],
        }
        self.client.put_item(TableName=self.table, Item=_marshal(item | _open_item(check.open)))

    def _check_key(self) -> Item:
        return {"pk": f"DOMAIN#{self.domain}", "sk": "BALANCE"}

    def _move(self, before: Checkpoint, after: Checkpoint) -> Item:
        """Sequence numbers only grow, so one that is as it was has not been counted beyond."""
        values = {":after": after.sequence, ":ended": after.is_ended, ":type": "checkpoint", ":v": 1}
        sets = "SET #sequence = :after, isEnded = :ended, #type = :type, v = :v"
        if after.caught_up_at:
            values[":at"] = iso(after.caught_up_at)
            sets += ", caughtUpAt = :at"
        condition = "attribute_not_exists(#sequence)"
        if before.sequence or before.caught_up_at:
            values[":before"] = before.sequence
            condition = "#sequence = :before"
        key = {"pk": f"STREAM#{self.stream}", "sk": f"SHARD#{after.shard}"}
        names = {"#sequence": "sequence", "#type": "type"}
        return {"Update": self._update(key, sets, values, names) | {"ConditionExpression": condition}}

    def _add(self, key: Key, events: int, now: datetime) -> Item:
        table, hour = key
        return {
            "Update": self._update(
                {"pk": f"TABLE#{table}", "sk": f"HOUR#{hour}"},
                "ADD produced :events SET changedAt = :now, #type = :type, v = :v",
                {":events": events, ":now": iso(now), ":type": "account", ":v": 1},
                {"#type": "type"},
            )
        }

    def _update(self, key: Item, expression: str, values: Item, names: dict[str, str]) -> Item:
        return {
            "TableName": self.table,
            "Key": _marshal(key),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": _marshal(values),
            "ExpressionAttributeNames": names,
        }

    def _below(self, partition: str, first: str, last: str) -> Iterator[Item]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=_marshal({":pk": partition, ":first": first, ":last": last}),
        )
        for page in pages:
            yield from (_unmarshal(item) for item in page["Items"])


@dataclass(frozen=True)
class Check:
    """What a run said of the domain as a whole."""

    checked_at: datetime
    is_caught_up: bool
    lost: Sequence[Lost] = ()
    # None until they were counted.
    open: OpenEntries | None = None


def iso(moment: datetime) -> str:
    """A moment as the ledger holds it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _figures_of(account: Account) -> Item:
    figures = {
        "moved": account.moved,
        "landed": account.landed,
        "quarantined": account.quarantined,
        "onFailure": account.on_failure,
        "inFlight": account.in_flight,
        "duplicates": account.duplicates,
        "gaps": account.gaps.count,
        "missingNumbers": [asdict(gap) for gap in account.gaps.ranges],
        "status": account.status,
    }
    return figures | ({"changedAt": iso(account.changed_at)} if account.changed_at else {})


def _account_of(item: Item) -> Account:
    number = {name: int(item.get(name, 0)) for name in ("produced", "moved", "landed", "quarantined", "duplicates")}
    ranges = tuple(
        Gap(each["producer"], int(each["first"]), int(each["last"])) for each in item.get("missingNumbers", ())
    )
    return Account(
        **number,
        produced_in_files=int(item.get("producedInFiles", 0)),
        on_failure=int(item.get("onFailure", 0)),
        gaps=Gaps(int(item.get("gaps", 0)), ranges),
        status=item.get("status", "pending"),
        changed_at=_moment(item.get("changedAt")),
    )


def _checkpoint_of(item: Item) -> Checkpoint:
    return Checkpoint(
        item["sk"].removeprefix("SHARD#"), item["sequence"], _moment(item.get("caughtUpAt")), bool(item["isEnded"])
    )


def _check_of(item: Item) -> Check:
    lost = tuple(Lost(each["shard"], _moment(each["since"])) for each in item["lost"])
    return Check(datetime.fromisoformat(item["checkedAt"]), bool(item["isCaughtUp"]), lost, _open_of(item))


def _open_item(found: OpenEntries | None) -> Item:
    if found is None:
        return {}
    return {"open": {"entries": found.entries, "oldest": iso(found.oldest) if found.oldest else None}}


def _open_of(item: Item) -> OpenEntries | None:
    if "open" not in item:
        return None
    return OpenEntries(int(item["open"]["entries"]), _moment(item["open"]["oldest"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _marshal(item: Item) -> Item:
    return {name: _SERIALIZER.serialize(value) for name, value in item.items()}


def _unmarshal(item: Item) -> Item:
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}
