"""Where a discarded batch goes: SQS and SNS get its description, S3 also the records."""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id, get_region

from overlay.stream_mappings.batches import StreamRecord
from overlay.stream_mappings.sources import Source, iso

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"


@dataclass(frozen=True)
class Discarded:
    """Records that were given up, and why."""

    shard: str
    records: Sequence[StreamRecord]
    condition: str
    failures: int


def discard(mapping: Mapping[str, Any], source: Source, given_up: Discarded) -> None:
    """Send the batch to the mapping's on-failure destination, if it has one."""
    destination = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if not destination:
        return
    message = describe(mapping, source, given_up)
    if ":s3:::" in destination:
        message["payload"] = json.dumps({"Records": [record.event for record in given_up.records]})
        put_object(destination.rsplit(":", 1)[1], key_of(mapping, given_up.shard), message)
    elif ":sqs:" in destination:
        send_message(destination, message)
    elif ":sns:" in destination:
        client("sns").publish(TopicArn=destination, Message=json.dumps(message))
    else:
        raise ValueError(f"mapping {mapping['UUID']}: on-failure destination '{destination}' is not SQS, SNS or S3")


def describe(mapping: Mapping[str, Any], source: Source, given_up: Discarded) -> dict[str, Any]:
    """The invocation record, as Lambda writes it."""
    name, info = source.batch_info(given_up.shard, given_up.records)
    response = {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping["FunctionArn"],
            "condition": given_up.condition,
            "approximateInvokeCount": given_up.failures,
        },
        **({"responseContext": response} if given_up.failures else {}),
        "version": "1.0",
        "timestamp": iso(time.time()),
        name: info,
    }


def key_of(mapping: Mapping[str, Any], shard: str) -> str:
    """The object's name, in Lambda's layout."""
    moment = time.strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S", time.gmtime())
    return f"aws/lambda/{mapping['UUID']}/{shard}/{moment}-{uuid.uuid4()}"


def put_object(bucket: str, key: str, message: Mapping[str, Any]) -> None:
    """Write to S3."""
    client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(message).encode())


def send_message(queue_arn: str, message: Mapping[str, Any]) -> None:
    """Send to SQS."""
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=queue_arn.rsplit(":", 1)[1])["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))


def client(service: str) -> Any:
    """A client of our own endpoint in the current account, which MiniStack reads from the access key."""
    import boto3

    return boto3.client(
        service, region_name=get_region(), aws_access_key_id=get_account_id(), aws_secret_access_key="test"
    )
