"""The FIFO queue of staged batches, as far as Lambda leaves it to us."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from messages import Failure, retry_seconds
from telemetry import log


class CommitQueue:
    """Says when failed messages come again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._url_of = cache(lambda name: client.get_queue_url(QueueName=name)["QueueUrl"])

    def bring_back(self, queue_arn: str, failures: Iterable[Failure]) -> None:
        """Set when each message is delivered again. Where that fails, the queue's own time holds."""
        for failure in failures:
            seconds = retry_seconds(failure)
            if seconds is not None:
                self._deliver_in(seconds, queue_arn.split(":")[-1], failure)

    def _deliver_in(self, seconds: int, queue: str, failure: Failure) -> None:
        receipt = failure.message.receipt
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url_of(queue), ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except Exception as error:
            log("WARN", "message comes again later than it could", messageId=failure.message.id, error=repr(error))
