"""Probes: delivery streams that gather records into objects."""

import gzip
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from emulator import ROLE, Emulator, eventually, unique

LINES = {"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord"}]}
SOON = {"SizeInMBs": 5, "IntervalInSeconds": 1}


class Delivery:
    """A delivery stream into a bucket of its own."""

    def __init__(self, emulator: Emulator, **settings: Any) -> None:
        self.name, self.bucket = unique("delivery"), emulator.bucket()
        self._firehose, self._s3 = emulator.client("firehose"), emulator.client("s3")
        destination = {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{self.bucket}", "BufferingHints": SOON, **settings}
        self._firehose.create_delivery_stream(
            DeliveryStreamName=self.name, ExtendedS3DestinationConfiguration=destination
        )

    def put(self, *texts: str) -> dict[str, Any]:
        records = [{"Data": text.encode()} for text in texts]
        answer: dict[str, Any] = self._firehose.put_record_batch(DeliveryStreamName=self.name, Records=records)
        return answer

    def keys(self) -> list[str]:
        return [found["Key"] for found in self._s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]

    def bytes_of(self, key: str) -> bytes:
        return bytes(self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def only(self) -> bytes:
        """The content of the one object, once it is there."""
        [key] = eventually(self.keys)
        return self.bytes_of(key)


def test_records_of_an_interval_are_one_object(cloud: Emulator, bare: Emulator) -> None:
    delivery, scattered = Delivery(cloud), Delivery(bare)
    for each in (delivery, scattered):
        each.put("a", "b")
        each.put("c")
    assert delivery.only() == b"abc"
    time.sleep(2)
    assert len(delivery.keys()) == 1
    assert len(scattered.keys()) == 3


def test_a_full_buffer_does_not_wait_for_the_interval(cloud: Emulator) -> None:
    delivery = Delivery(cloud, BufferingHints={"SizeInMBs": 1, "IntervalInSeconds": 900})
    delivery.put("a")
    time.sleep(1.5)
    assert delivery.keys() == []
    delivery.put("b" * 1_000_000, "c" * 100_000)
    assert len(delivery.only()) == 1_100_001


def test_records_are_lines_when_a_delimiter_is_asked_for(cloud: Emulator, bare: Emulator) -> None:
    delivery, joined = (Delivery(each, ProcessingConfiguration=LINES) for each in (cloud, bare))
    delivery.put('{"n":1}', '{"n":2}')
    joined.put('{"n":1}')
    assert [json.loads(line) for line in delivery.only().splitlines()] == [{"n": 1}, {"n": 2}]
    assert delivery.only().endswith(b"\n")
    assert not joined.only().endswith(b"\n")


@pytest.mark.parametrize(
    ("settings", "extension"), [({}, ".gz"), ({"FileExtension": ".jsonl.gz"}, ".jsonl.gz")], ids=["plain", "named"]
)
def test_objects_are_compressed(cloud: Emulator, bare: Emulator, settings: dict[str, str], extension: str) -> None:
    delivery, plain = (Delivery(each, CompressionFormat="GZIP", **settings) for each in (cloud, bare))
    for each in (delivery, plain):
        each.put("a", "b")
    assert gzip.decompress(delivery.only()) == b"ab"
    assert delivery.keys()[0].endswith(extension)
    assert plain.bytes_of(eventually(plain.keys)[0]) in (b"a", b"b")


def test_objects_lie_below_the_time_of_their_arrival(cloud: Emulator) -> None:
    delivery = Delivery(cloud, Prefix="landing/shop/views/!{timestamp:yyyy/MM/dd/HH}/")
    delivery.put("a")
    delivery.only()
    assert re.fullmatch(rf"landing/shop/views/\d{{4}}/\d\d/\d\d/\d\d/{delivery.name}-.*", delivery.keys()[0])


def test_what_cannot_be_processed_lies_below_the_error_prefix(cloud: Emulator) -> None:
    """Good as it is: the overlay leaves streams that split their records alone."""
    query = {"ParameterName": "MetadataExtractionQuery", "ParameterValue": "{shop: .shop}"}
    engine = {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"}
    extraction = {"Type": "MetadataExtraction", "Parameters": [query, engine]}
    delivery = Delivery(
        cloud,
        Prefix="landing/!{partitionKeyFromQuery:shop}/",
        ErrorOutputPrefix="errors/!{firehose:error-output-type}/",
        DynamicPartitioningConfiguration={"Enabled": True},
        ProcessingConfiguration={"Enabled": True, "Processors": [extraction]},
    )
    delivery.put('{"shop":"a"}', "no JSON")
    keys = eventually(lambda: found if len(found := delivery.keys()) == 2 else None)
    assert sorted(key.split("/")[0:2] for key in keys) == [["errors", "processing-failed"], ["landing", "a"]]


def test_a_record_that_is_too_large_fails_alone(cloud: Emulator) -> None:
    delivery = Delivery(cloud)
    answer = delivery.put("a", "b" * 1_100_000, "c")
    assert answer["FailedPutCount"] == 1
    assert ["ErrorCode" in each for each in answer["RequestResponses"]] == [False, True, False]
    assert delivery.only() == b"ac"


def test_what_is_gathered_outlives_a_restart(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path / "home").start()
    delivery = Delivery(emulator, BufferingHints={"SizeInMBs": 5, "IntervalInSeconds": 4})
    delivery.put("a", "b")
    emulator.stop()
    emulator.start()
    try:
        assert delivery.only() == b"ab"
    finally:
        emulator.stop()


def test_an_update_of_its_stack_delivers_what_is_gathered(cloud: Emulator) -> None:
    bucket, name = cloud.bucket(), unique("delivery")
    cloudformation, firehose, s3 = (cloud.client(each) for each in ("cloudformation", "firehose", "s3"))

    def template(prefix: str) -> str:
        destination = {
            "RoleARN": ROLE,
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "Prefix": f"{prefix}/!{{timestamp:yyyy}}/",
            "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 900},
        }
        properties = {"DeliveryStreamName": name, "ExtendedS3DestinationConfiguration": destination}
        stream = {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties}
        return json.dumps({"Resources": {"Stream": stream}})

    cloudformation.create_stack(StackName=name, TemplateBody=template("before"))
    cloud.settled(name)
    firehose.put_record(DeliveryStreamName=name, Record={"Data": b"a"})
    cloudformation.update_stack(StackName=name, TemplateBody=template("after"))
    cloud.settled(name)
    [found] = eventually(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"))
    assert found["Key"].startswith("before/")
