"""Messages of the queue, grouped by the table whose order they keep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """A message as SQS delivers it; its group is a table."""

    id: str
    group: str
    body: str
    receipt: str = ""
    # How often it was delivered, this time included.
    receives: int = 1
    # When it was sent, in seconds since 1970.
    sent: float = 0.0


@dataclass(frozen=True)
class Failure:
    """A message that was not committed, and whether it can be later."""

    message: Message
    may_pass: bool


# A failure that may pass is tried again after so many seconds, by how often it was delivered: soon, since most pass at
# once, and then for hours, since an outage or a table that waits for its repair may last. The queue's own limit of
# deliveries is one more than these.
RETRIES = (5, 60, 300, 600, 1200, 2400, 3600, 3600, 3600)


def retry_seconds(failure: Failure) -> int | None:
    """When to deliver the message again; None leaves it to the queue.

    A message in flight holds up its whole table, so one that can never be committed is to reach the dead-letter queue
    in seconds.
    """
    if not failure.may_pass:
        return 0
    receives = failure.message.receives
    return RETRIES[receives - 1] if receives <= len(RETRIES) else None


def message_of(record: Mapping[str, Any]) -> Message:
    """A record of Lambda's SQS event."""
    attributes = record["attributes"]
    return Message(
        id=record["messageId"],
        group=attributes["MessageGroupId"],
        body=record["body"],
        receipt=record["receiptHandle"],
        receives=int(attributes["ApproximateReceiveCount"]),
        sent=int(attributes["SentTimestamp"]) / 1000,
    )


def by_table(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """The messages of each table in the order in which they were sent."""
    tables: dict[str, list[Message]] = {}
    for message in messages:
        tables.setdefault(message.group, []).append(message)
    return tables
