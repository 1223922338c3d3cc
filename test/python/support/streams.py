"""A stream with a function that says what it was given."""

from typing import Any

from emulator import Emulator, unique

# Notes what it was given, then fails as the records say: `bad` as a batch item failure, `poison` by throwing.
HANDLER = """
const { request } = require("http");
const note = (QueueUrl, texts) => new Promise((done) => {
  const message = { Action: "SendMessage", QueueUrl, MessageBody: JSON.stringify(texts) };
  const form = new URLSearchParams(message).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": form.length };
  const endpoint = new URL(process.env.AWS_ENDPOINT_URL);
  request(endpoint, { method: "POST", headers }, (response) => response.resume().on("end", done)).end(form);
});
exports.handler = async ({ Records }) => {
  const text = (r) => r.kinesis ? Buffer.from(r.kinesis.data, "base64").toString() : r.dynamodb.NewImage.text.S;
  const sequence = (r) => r.kinesis ? r.kinesis.sequenceNumber : r.dynamodb.SequenceNumber;
  await note(process.env.NOTES, Records.map(text));
  if (Records.some((r) => text(r) === "poison")) throw new Error("poisoned");
  const bad = Records.filter((r) => text(r).startsWith("bad") && text(r) !== "bad once " + globalThis.seen);
  const once = bad.find((r) => text(r).startsWith("bad once"));
  if (once) globalThis.seen = text(once).slice(9);
  return { batchItemFailures: bad.map((r) => ({ itemIdentifier: sequence(r) })) };
};
"""


class Stream:
    """A stream of one shard, a function that reads it, and what the function was given."""

    def __init__(self, emulator: Emulator, **mapping: Any) -> None:
        self.emulator = emulator
        self.notes, _ = emulator.queue()
        self.name = unique("stream")
        kinesis = emulator.client("kinesis")
        kinesis.create_stream(StreamName=self.name, ShardCount=1)
        self.arn = kinesis.describe_stream_summary(StreamName=self.name)["StreamDescriptionSummary"]["StreamARN"]
        self.function = emulator.function(HANDLER, Environment={"Variables": {"NOTES": self.notes}})
        self.mapping = emulator.client("lambda").create_event_source_mapping(
            FunctionName=self.function,
            EventSourceArn=self.arn,
            **{
                "StartingPosition": "TRIM_HORIZON",
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "BatchSize": 100,
                **mapping,
            },
        )

    def put(self, *texts: str) -> None:
        """Put records, in order."""
        records = [{"Data": text.encode(), "PartitionKey": "same"} for text in texts]
        self.emulator.client("kinesis").put_records(StreamName=self.name, Records=records)

    def batches(self, count: int) -> list[list[str]]:
        """The first batches that the function was given."""
        return self.emulator.collect(self.notes, count)
