"""Records that the stream gave up on, in the objects that Lambda wrote of them."""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from audit_events import Counts, Record, Tables, count_record


@dataclass(frozen=True)
class OnFailureFolder:
    """The folder of one mapping: `<shard>/<yyyy>/<mm>/<dd>/` below it. What is redriven is moved out of it."""

    client: Any
    uri: str
    # Objects do not change, so each is read once while the function stays warm.
    _known: dict[str, Counts] = field(default_factory=dict)

    def count(self, hours: Collection[str], tables: Tables) -> Counts:
        """Events by table and hour. Nothing is given up before it arrives, so older folders hold none of these."""
        total: Counts = Counter()
        if hours:
            first_day = min(hours)[:10].replace("-", "/")
            for shard in self._folders(self._prefix):
                for key in self._keys(shard, f"{shard}{first_day}"):
                    total.update(self._count_object(key, tables))
        return Counter({key: events for key, events in total.items() if key[1] in hours})

    @property
    def _bucket(self) -> str:
        return urlsplit(self.uri).netloc

    @property
    def _prefix(self) -> str:
        return urlsplit(self.uri).path.lstrip("/")

    def _folders(self, prefix: str) -> Iterator[str]:
        for page in self._list(Prefix=prefix, Delimiter="/"):
            yield from (each["Prefix"] for each in page.get("CommonPrefixes", []))

    def _keys(self, prefix: str, after: str) -> Iterator[str]:
        for page in self._list(Prefix=prefix, StartAfter=after):
            yield from (each["Key"] for each in page.get("Contents", []))

    def _list(self, **which: str) -> Iterator[Mapping[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **which)
        yield from pages

    def _count_object(self, key: str, tables: Tables) -> Counts:
        if key not in self._known:
            body = self.client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            self._known[key] = _count(body, tables)
        return self._known[key]


def _count(body: bytes, tables: Tables) -> Counts:
    """Lambda keeps the event that it could not deliver as text inside its own description of the failure."""
    total: Counts = Counter()
    for each in json.loads(json.loads(body)["payload"])["Records"]:
        found = each["kinesis"]
        arrived = datetime.fromtimestamp(found["approximateArrivalTimestamp"], UTC)
        total.update(count_record(Record(found["sequenceNumber"], arrived, base64.b64decode(found["data"])), tables))
    return total
