"""Loses the messages of the commit queue as an operator could: by hand, while nobody takes them.

`hold` lets messages wait; `lose` deletes all that wait and lets the reconciler look, as if a quarter of an hour had
passed. The last line that `lose` prints says what the reconciler did.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import boto3

PATIENCE = 60.0


def parameter(name: str) -> str:
    return str(boto3.client("ssm").get_parameter(Name=f"/sluice/local/{name}")["Parameter"]["Value"])


def take_messages(enabled: bool) -> None:
    functions = boto3.client("lambda")
    [mapping] = functions.list_event_source_mappings(FunctionName="sluice-local-commerce-commit-batches")[
        "EventSourceMappings"
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)


def eventually(probe: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := probe()):
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain"
        time.sleep(0.1)
    return found


def depth(url: str) -> int:
    counted = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(counted["Attributes"]["ApproximateNumberOfMessages"])


def age_hand_overs(table: str) -> int:
    ledger = boto3.client("dynamodb")
    found = ledger.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "STAGED#commerce"}},
    )["Items"]
    for item in found:
        ledger.put_item(TableName=table, Item={**item, "announcedAt": {"S": "2011-01-04T10:00:00.000Z"}})
    return len(found)


def lose() -> dict[str, Any]:
    url = parameter("commerce/commit-queue-url")
    eventually(lambda: depth(url))
    boto3.client("sqs").purge_queue(QueueUrl=url)
    lost = age_hand_overs(parameter("ledger/table"))
    answer = boto3.client("lambda").invoke(FunctionName="sluice-local-commerce-reconcile-landing")
    take_messages(enabled=True)
    return {"lost": lost, **json.loads(answer["Payload"].read())}


if __name__ == "__main__":
    if sys.argv[1] == "hold":
        take_messages(enabled=False)
        print("{}")
    else:
        print(json.dumps(lose()))
