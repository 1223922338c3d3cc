"""Probes: what a mapping of a FIFO queue has in flight."""

from typing import Any

from emulator import Emulator, unique

SLOW = """
const { request } = require("http");
const note = (text) => new Promise((done) => {
  const message = { Action: "SendMessage", QueueUrl: process.env.NOTES, MessageBody: text };
  const form = new URLSearchParams(message).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": form.length };
  request(new URL(process.env.AWS_ENDPOINT_URL), { method: "POST", headers },
    (response) => response.resume().on("end", done)).end(form);
});
exports.handler = async ({ Records }) => {
  await note(JSON.stringify([Date.now(), "begins"]));
  await new Promise((done) => setTimeout(done, 2500));
  await note(JSON.stringify([Date.now(), "ends"]));
};
"""


def order_of_work(emulator: Emulator, *groups: str) -> list[str]:
    """What the function noted when it was given one message of each group, one a batch."""
    notes, _ = emulator.queue()
    sqs = emulator.client("sqs")
    url = sqs.create_queue(QueueName=unique("queue") + ".fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for number, group in enumerate(groups):
        sqs.send_message(QueueUrl=url, MessageBody="m", MessageGroupId=group, MessageDeduplicationId=str(number))
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    settings: dict[str, Any] = {"BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": 2}}
    emulator.client("lambda").create_event_source_mapping(
        FunctionName=emulator.function(SLOW, Environment={"Variables": {"NOTES": notes}}),
        EventSourceArn=arn,
        **settings,
    )
    return [text for _, text in sorted(emulator.collect(notes, 2 * len(groups)))]


def test_groups_of_a_fifo_queue_are_worked_on_side_by_side(cloud: Emulator, bare: Emulator) -> None:
    assert order_of_work(cloud, "a", "b") == ["begins", "begins", "ends", "ends"]
    assert order_of_work(bare, "a", "b") == ["begins", "ends", "begins", "ends"]


def test_messages_of_one_group_are_worked_on_one_batch_after_the_other(cloud: Emulator) -> None:
    assert order_of_work(cloud, "a", "a", "a") == ["begins", "ends"] * 3
