"""Probes: Kinesis and DynamoDB stream mappings."""

import json
import time

from emulator import Emulator, eventually, unique
from streams import HANDLER, Stream


def test_a_partial_failure_is_tried_again_from_the_lowest_failed_record(cloud: Emulator, bare: Emulator) -> None:
    stream = Stream(cloud)
    stream.put("a", "bad once x", "c")
    assert stream.batches(2) == [["a", "bad once x", "c"], ["bad once x", "c"]]

    lost = Stream(bare)
    lost.put("a", "bad once x", "c")
    assert lost.batches(1) == [["a", "bad once x", "c"]]
    time.sleep(2)
    assert lost.emulator.messages(lost.notes) == []  # taken for a success: "bad once x" is gone


def test_a_poison_record_is_isolated_given_up_and_kept_whole_in_s3(cloud: Emulator) -> None:
    bucket = cloud.bucket()
    destination = {"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}}
    stream = Stream(cloud, BisectBatchOnFunctionError=True, MaximumRetryAttempts=1, DestinationConfig=destination)
    stream.put("a", "b", "poison", "d")
    assert stream.batches(6) == [["a", "b", "poison", "d"], ["a", "b"], ["poison", "d"], ["poison"], ["poison"], ["d"]]

    s3 = cloud.client("s3")
    (kept,) = eventually(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"))
    assert kept["Key"].startswith(f"aws/lambda/{stream.mapping['UUID']}/shardId-000000000000/2")
    record = json.loads(s3.get_object(Bucket=bucket, Key=kept["Key"])["Body"].read())
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["KinesisBatchInfo"]["batchSize"] == 1
    (event,) = json.loads(record["payload"])["Records"]
    assert event["kinesis"]["sequenceNumber"] == record["KinesisBatchInfo"]["startSequenceNumber"]


def test_a_bad_record_is_given_up_after_its_retries_without_its_neighbours(cloud: Emulator, bare: Emulator) -> None:
    url, arn = cloud.queue()
    stream = Stream(cloud, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}, BatchSize=2)
    stream.put("a", "bad for ever")
    stream.put("after")
    assert stream.batches(3) == [["a", "bad for ever"], ["bad for ever"], ["after"]]
    (message,) = eventually(lambda: cloud.messages(url))
    assert message["KinesisBatchInfo"]["batchSize"] == 1
    assert "payload" not in message  # a queue gets no more than where to look

    stuck = Stream(bare, MaximumRetryAttempts=0, BatchSize=1)
    stuck.put("poison", "after")
    assert stuck.batches(2)[:2] == [["poison"], ["poison"]]


def test_records_that_are_too_old_are_given_up(cloud: Emulator) -> None:
    url, arn = cloud.queue()
    old = {"MaximumRecordAgeInSeconds": 1, "DestinationConfig": {"OnFailure": {"Destination": arn}}}
    stream = Stream(cloud, BatchSize=1, **old)
    stream.put("poison")
    stream.batches(1)
    (message,) = eventually(lambda: cloud.messages(url))
    assert message["requestContext"]["condition"] == "RecordAgeExceeded"


def test_a_batching_window_waits_for_more_records(cloud: Emulator, bare: Emulator) -> None:
    for emulator, expected in ((cloud, [["a", "b"]]), (bare, [["a"], ["b"]])):
        stream = Stream(emulator, MaximumBatchingWindowInSeconds=2)
        stream.put("a")
        time.sleep(1)
        stream.put("b")
        assert stream.batches(len(expected)) == expected


def test_latest_means_what_comes_after_the_mapping_was_made(cloud: Emulator) -> None:
    stream = Stream(cloud, StartingPosition="LATEST")
    stream.put("new")
    assert stream.batches(1) == [["new"]]


def test_a_disabled_mapping_waits_and_goes_on_where_it_was(cloud: Emulator) -> None:
    stream = Stream(cloud)
    stream.put("a")
    stream.batches(1)
    functions = cloud.client("lambda")
    functions.update_event_source_mapping(UUID=stream.mapping["UUID"], Enabled=False)
    time.sleep(1)
    stream.put("b")
    time.sleep(1)
    assert cloud.messages(stream.notes) == []
    functions.update_event_source_mapping(UUID=stream.mapping["UUID"], Enabled=True)
    assert stream.batches(1) == [["b"]]


def test_a_dynamodb_stream_obeys_partial_failures_too(cloud: Emulator) -> None:
    table, tables = unique("table"), cloud.client("dynamodb")
    described = tables.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    notes, _ = cloud.queue()
    cloud.client("lambda").create_event_source_mapping(
        FunctionName=cloud.function(HANDLER, Environment={"Variables": {"NOTES": notes}}),
        EventSourceArn=described["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
        MaximumBatchingWindowInSeconds=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    for text in ("a", "bad once y", "c"):
        tables.put_item(TableName=table, Item={"id": {"S": text}, "text": {"S": text}})
    assert cloud.collect(notes, 2) == [["a", "bad once y", "c"], ["bad once y", "c"]]
