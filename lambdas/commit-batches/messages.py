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


def message_of(record: Mapping[str, Any]) -> Message:
    """A record of Lambda's SQS event."""
    return Message(record["messageId"], record["attributes"]["MessageGroupId"], record["body"])


def by_table(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """The messages of each table in the order in which they were sent."""
    tables: dict[str, list[Message]] = {}
    for message in messages:
        tables.setdefault(message.group, []).append(message)
    return tables
