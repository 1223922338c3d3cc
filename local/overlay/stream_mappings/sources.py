"""Reading the shards of MiniStack's Kinesis and DynamoDB streams, by sequence number."""

import bisect
import copy
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ministack.core.responses import get_account_id, get_region

from overlay.metrics import record
from overlay.stream_mappings.batches import StreamRecord

START = ""  # sorts before every sequence number


class Source(Protocol):
    """A stream, as a mapping reads it."""

    def shards(self) -> Sequence[str]:
        """The ids of its shards."""

    def read(self, shard: str, /, after: str, limit: int) -> list[StreamRecord]:
        """The records of a shard after this sequence number, oldest first."""

    def last_sequence(self, shard: str, /) -> str:
        """Where the shard ends now."""

    def parents(self, shard: str, /) -> Sequence[str]:
        """The shards that it goes on from, as far as they are still there."""

    def batch_info(self, shard: str, records: Sequence[StreamRecord]) -> tuple[str, dict[str, Any]]:
        """How a discarded batch is described."""


def source_of(arn: str) -> Source | None:
    """The stream with this ARN, if it is a stream and exists in the current account and region."""
    if ":kinesis:" in arn:
        from ministack.services import kinesis

        name = arn.rsplit("/", 1)[-1]
        stream = kinesis._streams.get(name)
        return KinesisSource(arn, name, stream) if stream and stream["StreamARN"] == arn else None
    if ":dynamodb:" in arn and "/stream/" in arn:
        from ministack.services import dynamodb

        table_name = arn.split(":table/")[1].split("/")[0]
        table = dynamodb._tables.get(table_name)
        return DynamoDbSource(arn, table_name) if table and table.get("LatestStreamArn") == arn else None
    return None


class KinesisSource:
    """A Kinesis stream."""

    def __init__(self, arn: str, name: str, stream: Mapping[str, Any]) -> None:
        self._arn, self._name, self._stream = arn, name, stream

    def shards(self) -> Sequence[str]:
        """The ids of its shards."""
        return list(self._stream["shards"])

    def read(self, shard: str, after: str, limit: int) -> list[StreamRecord]:
        """The records of a shard after this sequence number, oldest first."""
        stored = self._records(shard)
        start = bisect.bisect_right(stored, after, key=lambda each: str(each["SequenceNumber"]))
        taken = stored[start : start + limit]
        age = time.time() - taken[-1]["ApproximateArrivalTimestamp"] if taken else 0.0
        if taken:
            dimensions = {"StreamName": self._name}
            record("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", max(age, 0) * 1000, "Milliseconds", dimensions)
        return [self._record(shard, each) for each in taken]

    def last_sequence(self, shard: str) -> str:
        """Where the shard ends now."""
        stored = self._records(shard)
        return stored[-1]["SequenceNumber"] if stored else START

    def parents(self, shard: str) -> Sequence[str]:
        """The shards that it goes on from, as far as they are still there."""
        found = self._stream["shards"].get(shard, {})
        named = (found.get("parent_shard_id"), found.get("adjacent_parent_shard_id"))
        return [parent for parent in named if parent in self._stream["shards"]]

    def batch_info(self, shard: str, records: Sequence[StreamRecord]) -> tuple[str, dict[str, Any]]:
        """How a discarded batch is described."""
        return "KinesisBatchInfo", info_of(shard, self._arn, records)

    def _records(self, shard: str) -> list[dict[str, Any]]:
        found = self._stream["shards"].get(shard)
        return found["records"] if found else []

    def _record(self, shard: str, stored: Mapping[str, Any]) -> StreamRecord:
        from ministack.services import kinesis

        data = kinesis._ensure_base64(stored["Data"])
        event = {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": stored["PartitionKey"],
                "sequenceNumber": stored["SequenceNumber"],
                "data": data,
                "approximateArrivalTimestamp": stored["ApproximateArrivalTimestamp"],
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard}:{stored['SequenceNumber']}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": f"arn:aws:iam::{get_account_id()}:role/lambda-role",
            "awsRegion": get_region(),
            "eventSourceARN": self._arn,
        }
        return StreamRecord(stored["SequenceNumber"], stored["ApproximateArrivalTimestamp"], event, len(data))


class DynamoDbSource:
    """The stream of a DynamoDB table; MiniStack keeps it as one shard, so which one is meant does not matter."""

    SHARD = "shardId-00000000000000000000-00000000"

    def __init__(self, arn: str, table: str) -> None:
        self._arn, self._table = arn, table

    def shards(self) -> Sequence[str]:
        """The id of its one shard."""
        return [self.SHARD]

    def read(self, _shard: str, after: str, limit: int) -> list[StreamRecord]:
        """The records after this sequence number, oldest first."""
        stored = self._records()
        start = bisect.bisect_right(stored, after, key=lambda each: str(each["dynamodb"]["SequenceNumber"]))
        return [
            StreamRecord(
                each["dynamodb"]["SequenceNumber"],
                each["dynamodb"]["ApproximateCreationDateTime"],
                each,
                each["dynamodb"].get("SizeBytes") or RECORD_SIZE,
            )
            for each in stored[start : start + limit]
        ]

    def last_sequence(self, _shard: str) -> str:
        """Where the stream ends now."""
        stored = self._records()
        return stored[-1]["dynamodb"]["SequenceNumber"] if stored else START

    def parents(self, _shard: str) -> Sequence[str]:
        """None: there is only one shard."""
        return []

    def batch_info(self, shard: str, records: Sequence[StreamRecord]) -> tuple[str, dict[str, Any]]:
        """How a discarded batch is described."""
        return "DDBStreamBatchInfo", info_of(shard, self._arn, records)

    def _records(self) -> list[dict[str, Any]]:
        from ministack.services import dynamodb

        return list(dynamodb.stream_live_records(self._table))


RECORD_SIZE = 1024  # what a record counts for when its size is not known


def info_of(shard: str, arn: str, records: Sequence[StreamRecord]) -> dict[str, Any]:
    """Where the discarded records are in the stream."""
    return {
        "shardId": shard,
        "startSequenceNumber": records[0].sequence,
        "endSequenceNumber": records[-1].sequence,
        "approximateArrivalOfFirstRecord": iso(records[0].arrived),
        "approximateArrivalOfLastRecord": iso(records[-1].arrived),
        "batchSize": len(records),
        "streamArn": arn,
    }


def iso(seconds: float) -> str:
    """A time to the millisecond."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


def save_stream_records(get_state: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Save DynamoDB's stream records too: MiniStack forgets them at a stop, read or not."""

    @functools.wraps(get_state)
    def state() -> dict[str, Any]:
        from ministack.services import dynamodb

        return {**get_state(), "stream_records": copy.deepcopy(dynamodb._stream_records)}

    return state


def load_stream_records(load: Callable[[Mapping[str, Any]], None]) -> Callable[[Mapping[str, Any]], None]:
    """The other half of `save_stream_records`."""

    @functools.wraps(load)
    def loaded(saved: Mapping[str, Any]) -> None:
        from ministack.services import dynamodb

        load(saved)
        dynamodb._stream_records.update(saved.get("stream_records", {}))

    return loaded
