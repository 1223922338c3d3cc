"""Lands events with Spark Structured Streaming: python spark_stream.py <folder> <batches> <secret> <rounds>.

The same events and checks, on one core. The files are one micro-batch, since Spark pays for each of them.
"""

import json
import os
import shutil
import statistics
import sys
import time
from functools import reduce
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "local"))

from pyspark.sql import Column, DataFrame, SparkSession  # noqa: E402 # after the path above
from pyspark.sql import functions as F  # noqa: E402 # after the path above

from spark_driver.session import session_settings  # noqa: E402 # after the path above

DELIVERY = "struct<street: string, city: string, postcode: string, country_code: string, floor: int>"
DATA = (
    "struct<payment_id: string, customer_id: string, merchant_id: string, status: string, channel: string, "
    "currency: string, country: string, amount: string, tax: string, ordered_at: string, paid_at: string, "
    f"account_no: bigint, items: int, is_gift: boolean, weight_kg: double, note: string, delivery: {DELIVERY}>"
)
EVENT = f"specversion string, id string, source string, type string, time string, data {DATA}"
OPTIONAL = {"paid_at", "weight_kg", "note"}
TIMES = ["ordered_at", "paid_at"]
MONEY = ["amount", "tax"]
REQUIRED = [
    "payment_id",
    "customer_id",
    "merchant_id",
    "status",
    "channel",
    "currency",
    "country",
    "amount",
    "tax",
    "ordered_at",
    "account_no",
    "items",
    "is_gift",
    "delivery",
    "delivery.street",
    "delivery.city",
    "delivery.postcode",
    "delivery.country_code",
]


def start() -> SparkSession:
    jars = Path(os.environ.get("SLUICE_SPARK_JARS", "~/.cache/sluice/spark-jars")).expanduser()
    names = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
    os.environ.update({"SLUICE_SPARK_JARS": str(jars), **dict.fromkeys(names, "unused")})
    # The optimising compiler pays here: what is measured is warm.
    settings = {**session_settings(), "spark.master": "local[1]", "spark.sql.shuffle.partitions": "1"}
    settings["spark.driver.extraJavaOptions"] = "-XX:+UseSerialGC -Duser.timezone=UTC"
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def token_of(value: Column, secret: str) -> Column:
    """HMAC-SHA256 by its definition, since SQL has none."""
    key = secret.encode().ljust(64, b"\0")
    inner, outer = (F.unhex(F.lit(bytes(byte ^ pad for byte in key).hex())) for pad in (0x36, 0x5C))
    digest = F.unhex(F.sha2(F.concat(inner, value.cast("binary")), 256))
    return F.concat(F.lit("tok_"), F.sha2(F.concat(outer, digest), 256).substr(1, 32))


def landed(events: DataFrame, secret: str) -> DataFrame:
    """The rows that pass the contract, as it types them."""
    rows = events.select(F.from_json("value", EVENT).alias("event")).select("event.*")
    data = {name: F.col(f"data.{name}") for name in [*REQUIRED, *OPTIONAL]}
    typed = {
        **{name: data[name].cast("timestamp") for name in TIMES},
        **{name: data[name].cast("decimal(18,2)") for name in MONEY},
    }
    checks = [F.col(name).isNotNull() for name in ("id", "source", "type")]
    checks += [F.col("specversion") == "1.0", F.col("time").cast("timestamp").isNotNull()]
    checks += [data[name].isNotNull() for name in REQUIRED]
    checks += [data[name].isNull() | typed[name].isNotNull() for name in typed]
    good = rows.where(reduce(lambda one, other: one & other, checks))
    columns = [typed.get(name, column).alias(name) for name, column in data.items() if "." not in name]
    return good.select(
        *(column for column in columns),
        token_of(data["customer_id"], secret).alias("customer_token"),
        F.col("id").alias("_event_id"),
        F.col("source").alias("_source"),
        F.col("time").cast("timestamp").alias("_event_time"),
    ).drop("customer_id")


def run(spark: SparkSession, folder: Path, table: Path, secret: str) -> float:
    events = spark.readStream.format("text").load(f"{folder}/*.ndjson")
    query = landed(events, secret).writeStream.format("delta").option("checkpointLocation", f"{table}-checkpoint")
    started = time.perf_counter()
    query.trigger(availableNow=True).start(str(table)).awaitTermination()
    return time.perf_counter() - started


def main(folder: Path, batches: int, secret: str, rounds: int) -> None:
    spark = start()
    seconds = []
    for number in range(rounds + 1):
        table = folder / ("spark" if number == 0 else f"spark-{number}")
        taken = run(spark, folder, table, secret)
        if number > 0:  # the first round warms up, and is kept
            seconds.append(taken)
            shutil.rmtree(table)
    rows = spark.read.format("delta").load(str(folder / "spark")).count()
    print(json.dumps({"secondsPerBatch": statistics.median(seconds) / batches, "rows": rows}))


main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
