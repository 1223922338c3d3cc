"""Many producers stage files of one table and hand them over; how long until each is committed?

Everything is as deployed, but for the stacks around it: FIFO queue, mapping, function, ledger, buckets. Small files are
compacted meanwhile as the schedule does it, only more often.
"""

import argparse
import io
import json
import os
import random
import threading
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import boto3
from deltalake import DeltaTable

from commit_batches import record_number
from delta_maintenance import open_maintenance
from maintain_tables import TARGET_BYTES
from order_domain import CONTRACT, ORDERS, order, parquet
from storage import storage_options

PROJECT = Path(__file__).parents[2]
ROLE = "arn:aws:iam::000000000000:role/bench"
FUNCTION = "bench-commit-batches"
ROWS = 100
# A hand-over that waited so long was starved, and one that is not there after the patience is lost.
STARVED_SECONDS = 10.0
PATIENCE = 120.0


def client(service: str) -> Any:
    return boto3.client(service)


@dataclass
class Landing:
    """The way from staging to bronze."""

    queue_url: str
    table: str

    def stage(self, shard: str, first: int) -> float:
        """Stage a file and hand it over; returns when, in seconds since 1970."""
        key = f"staged/{shard}/{first:012}.parquet"
        rows = [order(number, shard) for number in range(first, first + ROWS)]
        client("s3").put_object(Bucket="landing", Key=key, Body=parquet(rows))
        position = {"shard": shard, "from": str(first), "to": str(first + ROWS - 1)}
        batch = {"version": 1, "table": ORDERS, "staged": f"s3://landing/{key}", "rows": ROWS, "events": ROWS}
        body = json.dumps({**batch, "contractVersion": "1.0.0", "ordered": True, "positions": [position]})
        at = time.time()
        client("sqs").send_message(
            QueueUrl=self.queue_url, MessageBody=body, MessageGroupId=ORDERS, MessageDeduplicationId=key
        )
        return at


def build() -> Landing:
    """Make what the committer needs."""
    for bucket in ("landing", "bronze", "ops"):
        client("s3").create_bucket(Bucket=bucket)
    keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]
    types = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    client("dynamodb").create_table(
        TableName="ledger", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
    )
    attributes = {"FifoQueue": "true", "VisibilityTimeout": "90", "DeduplicationScope": "messageGroup"}
    attributes["FifoThroughputLimit"] = "perMessageGroupId"
    url = client("sqs").create_queue(QueueName="commits.fifo", Attributes=attributes)["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    settings = {"BRONZE_BUCKET": "bronze", "OPS_BUCKET": "ops", "LEDGER_TABLE": "ledger"}
    client("lambda").create_function(
        FunctionName=FUNCTION,
        Runtime="python3.12",
        Handler="commit_batches_handler.handler",
        Code={"ZipFile": asset()},
        Role=ROLE,
        Timeout=15,
        MemorySize=2048,
        Environment={"Variables": settings},
    )
    client("lambda").create_event_source_mapping(
        FunctionName=FUNCTION,
        EventSourceArn=arn,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        ScalingConfig={"MaximumConcurrency": 2},
    )
    return Landing(url, "s3://bronze/commerce/orders")


def asset() -> bytes:
    """The function as the stacks deploy it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for folder in ("commit-batches", "delta"):
            for file in (PROJECT / "lambdas" / folder).glob("*.py"):
                archive.writestr(file.name, file.read_text())
        columns = PROJECT / "lib" / "landing" / "system-columns.json"
        archive.writestr(columns.name, columns.read_text())
        archive.writestr("contracts.json", json.dumps([CONTRACT]))
    return buffer.getvalue()


@dataclass
class Producer:
    """One shard's landing function: a file each so many seconds, in order."""

    landing: Landing
    shard: str
    every: float
    until: float
    sent: dict[int, float] = field(default_factory=dict)

    def run(self) -> None:
        chance = random.Random(self.shard)
        due = time.time() + chance.uniform(0, self.every)
        while due < self.until:
            time.sleep(max(due - time.time(), 0))
            first = len(self.sent) * ROWS
            self.sent[first] = self.landing.stage(self.shard, first)
            due += self.every


@dataclass
class Maintenance:
    """Compacts the table beside the committer."""

    uri: str
    every: float
    is_over: threading.Event = field(default_factory=threading.Event)
    most_files: int = 0

    def run(self) -> None:
        # In an account it has a machine of its own; here it gets what the committer leaves.
        context = get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context, initializer=os.nice, initargs=(19,)) as process:
            while not self.is_over.wait(self.every):
                self.most_files = max(self.most_files, process.submit(compact, self.uri).result())


def compact(uri: str) -> int:
    """Makes one file of the small ones of each partition; returns how many files there were."""
    table = open_maintenance(uri)
    assert table is not None
    files = table.files()
    for partition in sorted({file.partition for file in files}):
        table.compact(partition, TARGET_BYTES)
    return len(files)


def committed(table: DeltaTable) -> dict[tuple[str, int], float]:
    """When each file was committed, by shard and first number."""
    changes = table.load_cdf(starting_version=1, columns=["_shard", "_sequence", "_commit_timestamp"]).read_all()
    shards, sequences, times = (changes.column(name).to_pylist() for name in changes.column_names[:3])
    found = {}
    for shard, sequence, at in zip(shards, sequences, times, strict=True):
        number = record_number(sequence)
        if number % ROWS == 0:
            assert (shard, number) not in found, f"{shard} {number} was committed twice"
            found[(shard, number)] = at.timestamp()
    return found


def wait_for(landing: Landing, rows: int) -> DeltaTable:
    """The table once all rows are there, or when patience ends."""
    deadline = time.monotonic() + PATIENCE
    table = DeltaTable(landing.table, storage_options=storage_options())
    while (table.transaction_version("rows") or 0) < rows and time.monotonic() < deadline:
        time.sleep(0.5)
        table.update_incremental()
    return table


def figures(producers: list[Producer], table: DeltaTable) -> dict[str, float]:
    done = committed(table)
    compactions = sum(each["operation"] == "OPTIMIZE" for each in table.history())
    sent = {(each.shard, first): at for each in producers for first, at in each.sent.items()}
    waits = sorted(done[key] - at for key, at in sent.items() if key in done)
    lost = len(sent) - len(waits)
    invocations = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": FUNCTION}],
        StartTime=time.time() - 86_400,
        EndTime=time.time() + 60,
        Period=86_400,
        Statistics=["Sum"],
    )["Datapoints"]
    return {
        "handOvers": len(sent),
        "p50Seconds": round(waits[len(waits) // 2], 3),
        "p99Seconds": round(waits[int(len(waits) * 0.99)], 3),
        "maxSeconds": round(waits[-1], 3),
        "starved": lost + sum(wait > STARVED_SECONDS for wait in waits),
        "lost": lost,
        "commits": table.version() - compactions,
        "compactions": compactions,
        "invocations": int(sum(each["Sum"] for each in invocations)),
        "files": len(table.file_uris()),
        "rows": table.transaction_version("rows") or 0,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--producers", type=int, default=32)
    parser.add_argument("--every", type=float, default=2)
    parser.add_argument("--compact", type=float, default=60, help="seconds between compactions")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    landing = build()
    # The function's first start is not what is measured.
    warm = Producer(landing, "warm-up", 1, time.time() + 1.5)
    warm.run()
    wait_for_table(landing)
    until = time.time() + given.minutes * 60
    producers = [Producer(landing, f"shard-{index:02}", given.every, until) for index in range(given.producers)]
    maintenance = Maintenance(landing.table, given.compact)
    maintaining = threading.Thread(target=maintenance.run)
    threads = [threading.Thread(target=each.run) for each in producers]
    for thread in [maintaining, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    maintenance.is_over.set()
    maintaining.join()
    total = sum(len(each.sent) for each in [*producers, warm]) * ROWS
    table = wait_for(landing, total)
    found = {**figures(producers, table), "mostFiles": maintenance.most_files}
    for name, value in found.items():
        print(f"{name:12} {value}")
    if given.json:
        print(json.dumps({name: found[name] for name in ("p99Seconds", "starved", "commits", "files")}))


def wait_for_table(landing: Landing) -> None:
    deadline = time.monotonic() + PATIENCE
    while not DeltaTable.is_deltatable(landing.table, storage_options=storage_options()):
        assert time.monotonic() < deadline, "no commit came"
        time.sleep(0.2)


if __name__ == "__main__":
    main()
