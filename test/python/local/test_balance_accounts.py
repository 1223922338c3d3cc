"""What `balance-accounts` does in AWS, against the local cloud: streams, the ledger's table, on-failure objects."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from account_ledger import AccountLedger, Check
from audit_events import Counts, Tables, hour_of
from audit_stream import Budget, Checkpoint, Count, Lost, StreamAuditor
from audit_tables import OpenEntries
from balance import Account, Gap, Gaps
from emulator import Emulator, eventually, unique
from kinesis_stream import KinesisStream
from on_failure import OnFailureFolder
from streams import Stream

TABLES = Tables("shop", {"shop.orders.v1": "shop.bronze.orders"})
ORDER = '{"type":"shop.orders.v1"}'
NOW = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
KEY = ("shop.bronze.orders", "2026-03-01T10")
FOREVER = float("inf")


class Audited:
    """A stream and the ledger of whoever counts it."""

    def __init__(self, cloud: Emulator) -> None:
        self.kinesis, self.name, table = cloud.client("kinesis"), unique("stream"), unique("ledger")
        self.kinesis.create_stream(StreamName=self.name, ShardCount=1)
        cloud.client("dynamodb").create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        self.ledger = AccountLedger(cloud.client("dynamodb"), table, "shop", self.name)

    def put(self, *texts: str) -> None:
        records = [{"Data": text.encode(), "PartitionKey": str(at)} for at, text in enumerate(texts)]
        self.kinesis.put_records(StreamName=self.name, Records=records)

    def count(self) -> Count:
        stream = KinesisStream(self.kinesis, self.name, 10**9)
        return StreamAuditor(stream, self.ledger, TABLES).count(Budget(FOREVER, 10**9))

    def produced(self) -> Counts:
        """By table, whatever the hour."""
        counts: Counts = Counter()
        for (table, _), account in self.ledger.accounts(["shop.bronze.orders", "shop.unknown"], "2").items():
            counts[table, ""] += account.produced
        return counts


@pytest.fixture
def audited(cloud: Emulator) -> Iterator[Audited]:
    yield Audited(cloud)


def test_what_came_since_the_last_count_is_added_and_nothing_twice(audited: Audited) -> None:
    audited.put(ORDER, f"[{ORDER},{ORDER}]", "no JSON")
    assert audited.count() == Count(True, [], 4)
    assert audited.count() == Count(True, [], 0)
    audited.put(ORDER)
    assert audited.count() == Count(True, [], 1)
    assert audited.produced() == {("shop.bronze.orders", ""): 4, ("shop.unknown", ""): 1}


def test_counts_at_the_same_time_add_each_event_once(audited: Audited) -> None:
    audited.put(*[ORDER] * 300)
    with ThreadPoolExecutor(4) as pool:
        counted = [each.result() for each in [pool.submit(audited.count) for _ in range(4)]]
    assert sum(each.events for each in counted) == 300
    assert audited.produced() == {("shop.bronze.orders", ""): 300}


def test_shards_that_were_split_are_counted_to_their_end_and_their_children_too(audited: Audited) -> None:
    audited.put(ORDER, ORDER)
    audited.kinesis.split_shard(
        StreamName=audited.name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )
    audited.put(*[ORDER] * 10)
    assert audited.count() == Count(True, [], 12)
    ended = {shard: each.is_ended for shard, each in audited.ledger.checkpoints().items()}
    assert ended == {"shardId-000000000000": True, "shardId-000000000001": False, "shardId-000000000002": False}
    assert audited.count() == Count(True, [], 0)


def test_counts_from_a_checkpoint_that_has_moved_change_nothing(audited: Audited) -> None:
    ledger, start = audited.ledger, Checkpoint("shard")
    first = replace(start, sequence="1", caught_up_at=NOW)
    assert ledger.count(start, first, Counter({KEY: 2}), NOW)
    assert not ledger.count(start, replace(start, sequence="2"), Counter({KEY: 5}), NOW)
    assert ledger.accounts([KEY[0]], "2") == {KEY: Account(produced=2, changed_at=NOW)}
    assert ledger.checkpoints() == {"shard": first}
    assert ledger.count(first, replace(first, sequence="2", is_ended=True), Counter({KEY: 1}), NOW)
    assert ledger.accounts([KEY[0]], "2") == {KEY: Account(produced=3, changed_at=NOW)}


def test_figures_are_read_as_they_were_written_and_an_older_look_overwrites_none(audited: Audited) -> None:
    ledger, start = audited.ledger, Checkpoint("shard")
    ledger.count(start, replace(start, sequence="1"), Counter({KEY: 9}), NOW)
    gaps = Gaps(4, (Gap("till-1", 7, 10),))
    account = Account(9, 0, -1, 3, 2, 1, 1, gaps, "missing", NOW)
    ledger.record({KEY: account}, NOW)
    ledger.record({KEY: Account(9, landed=1)}, NOW - timedelta(minutes=1))
    assert ledger.accounts([KEY[0]], "2026-03-01T10") == {KEY: account}
    assert ledger.accounts([KEY[0]], "2026-03-01T11") == {}


def test_what_a_run_says_of_the_domain_is_read_by_the_next(audited: Audited) -> None:
    assert audited.ledger.last_check() is None
    lost = (Lost("shard", NOW), Lost("other", None))
    for still_open in (None, OpenEntries(), OpenEntries(2, NOW - timedelta(days=9))):
        check = Check(NOW, False, lost, still_open)
        audited.ledger.record_check(check)
        assert audited.ledger.last_check() == check


def test_events_that_the_stream_gave_up_on_count_until_they_are_moved_away(cloud: Emulator) -> None:
    bucket, s3 = cloud.bucket(), cloud.client("s3")
    destination: dict[str, Any] = {"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}}
    stream = Stream(cloud, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True, DestinationConfig=destination)
    stream.put("poison", "fine", "poison")
    prefix = f"aws/lambda/{stream.mapping['UUID']}/"

    def kept() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        return found if len(found) == 2 else None

    objects = eventually(kept)
    now = datetime.now(UTC)
    hours = {hour_of(now - timedelta(hours=1)), hour_of(now)}
    folder = OnFailureFolder(s3, f"s3://{bucket}/{prefix}")
    assert folder.count(hours, TABLES).total() == 2
    assert folder.count([hour_of(now + timedelta(days=1))], TABLES) == {}
    assert folder.count([], TABLES) == {}
    s3.delete_object(Bucket=bucket, Key=objects[0]["Key"])
    assert folder.count(hours, TABLES).total() == 1
