"""Commits the staged batches of a FIFO queue: one Delta commit for all messages of a table."""

import os
from pathlib import Path
from typing import Any

import boto3

from commit_queue import CommitQueue
from committer import Committer
from delta_table import DeltaLakeTable, OpenTables
from events import EventBus
from ledger import DynamoLedger
from messages import message_of
from staging import S3Staging
from storage import uri_of
from table_schema import TableContract, read_contracts


def open_table(contract: TableContract) -> DeltaLakeTable:
    """The table at its place in the lake."""
    return DeltaLakeTable(uri_of(contract.table), contract)


committer = Committer(
    contracts=read_contracts(Path(__file__).parent),
    tables=OpenTables(open_table),
    staging=S3Staging(boto3.client("s3")),
    ledger=DynamoLedger(boto3.client("dynamodb"), os.environ["LEDGER_TABLE"]),
    events=EventBus(boto3.client("events")),
)

queue = CommitQueue(boto3.client("sqs"))


# No commit begins in the last third of an invocation: one that is cut off brings its messages back minutes later. A
# share, since environments differ in how long they let it run.
RESERVED_SHARE = 1 / 3


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Lambda's entry: returns the messages that are to come again."""
    reserved = context.get_remaining_time_in_millis() * RESERVED_SHARE
    failures = committer.commit(
        [message_of(record) for record in event["Records"]],
        has_time=lambda: context.get_remaining_time_in_millis() > reserved,
    )
    queue.bring_back(event["Records"][0]["eventSourceARN"], failures)
    return {"batchItemFailures": [{"itemIdentifier": each.message.id} for each in failures]}
