"""A Kinesis stream, as an auditor reads it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audit_events import Record
from audit_stream import Page

PAGE_RECORDS = 2000
# An empty page does not mean that a shard has no more: Kinesis says how far behind the end it is.
PAUSE_SECONDS = 0.25


@dataclass(frozen=True)
class KinesisStream:
    """Reads no faster than `bytes_per_second` a shard: its consumers share 2 MB a second."""

    client: Any
    name: str
    bytes_per_second: int

    def shards(self) -> Sequence[str]:
        """All that can still be read, closed ones too."""
        pages = self.client.get_paginator("list_shards").paginate(StreamName=self.name)
        return [shard["ShardId"] for page in pages for shard in page["Shards"]]

    def retention(self) -> timedelta:
        """How long it keeps a record."""
        found = self.client.describe_stream_summary(StreamName=self.name)["StreamDescriptionSummary"]
        return timedelta(hours=found["RetentionPeriodHours"])

    def pages(self, shard: str, after: str) -> Iterator[Page]:
        """The records after this sequence number, from the oldest on where it is empty; ends with the shard."""
        start = {"ShardIteratorType": "TRIM_HORIZON"}
        if after:
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        found = self.client.get_shard_iterator(StreamName=self.name, ShardId=shard, **start)
        iterator = found["ShardIterator"]
        while iterator:
            answer = self.client.get_records(ShardIterator=iterator, Limit=PAGE_RECORDS)
            iterator = answer.get("NextShardIterator")
            records = [_record(each) for each in answer["Records"]]
            yield Page(records, answer.get("MillisBehindLatest", 0) == 0, not iterator)
            time.sleep(max(PAUSE_SECONDS, sum(len(each.data) for each in records) / self.bytes_per_second))


def _record(found: Mapping[str, Any]) -> Record:
    return Record(found["SequenceNumber"], found["ApproximateArrivalTimestamp"], found["Data"])
