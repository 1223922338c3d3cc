"""When failed messages come again."""

from typing import Any

import pytest

from commit_queue import CommitQueue
from messages import Failure, Message, message_of

ARN = "aws:sqs:eu-west-1:000000000000:commits.fifo"


class Sqs:
    """As much of boto3's client as is used."""

    def __init__(self) -> None:
        self.changed: list[dict[str, Any]] = []
        self.is_down = False

    def get_queue_url(self, QueueName: str) -> dict[str, str]:
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def change_message_visibility(self, **request: Any) -> None:
        if self.is_down:
            raise ConnectionError("SQS is down")
        self.changed.append(request)


def delays(*failures: Failure) -> list[tuple[str, int]]:
    sqs = Sqs()
    CommitQueue(sqs).bring_back(ARN, failures)
    assert all(each["QueueUrl"] == "https://sqs/commits.fifo" for each in sqs.changed)
    return [(each["ReceiptHandle"], each["VisibilityTimeout"]) for each in sqs.changed]


def failure(receipt: str, may_pass: bool, receives: int = 1) -> Failure:
    return Failure(Message("m", "t", "", receipt, receives), may_pass)


def test_a_message_that_can_never_be_committed_comes_again_at_once() -> None:
    assert delays(failure("a", may_pass=False), failure("b", may_pass=False, receives=4)) == [("a", 0), ("b", 0)]


def test_a_failure_that_may_pass_is_tried_again_soon_and_then_for_hours() -> None:
    tried = delays(*[failure(str(n), may_pass=True, receives=n) for n in range(1, 11)])
    assert [seconds for _, seconds in tried] == sorted(seconds for _, seconds in tried)
    assert tried[:2] == [("1", 5), ("2", 60)]
    assert 4 * 3600 < sum(seconds for _, seconds in tried) < 12 * 3600
    # The last delivery is followed by the dead-letter queue.
    assert len(tried) == 9


def test_when_the_queue_cannot_be_told_its_own_time_holds(capsys: pytest.CaptureFixture[str]) -> None:
    sqs = Sqs()
    sqs.is_down = True
    CommitQueue(sqs).bring_back(ARN, [failure("a", may_pass=False)])
    assert "message comes again later than it could" in capsys.readouterr().out


def test_a_record_of_the_event_source_becomes_a_message() -> None:
    attributes = {"MessageGroupId": "commerce.bronze.orders", "ApproximateReceiveCount": "3", "SentTimestamp": "1500"}
    record = {"messageId": "m", "body": "{}", "receiptHandle": "r", "attributes": attributes}
    assert message_of(record) == Message("m", "commerce.bronze.orders", "{}", "r", 3, 1.5)
