"""What Spark contenders have in common: the session, the rounds, and what they print."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

Failed = dict[str, int | None]


def session(**settings: str) -> SparkSession:
    """Spark on two cores, else as it comes; the same for all."""
    builder = SparkSession.builder.master("local[2]").appName("bench-quality")
    common = {
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
    }
    for name, value in {**common, **settings}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def compete(spark: SparkSession, judge: Callable[[DataFrame, list[dict[str, Any]]], Failed]) -> None:
    """Judge the lines again and again, warm; print the median seconds and what failed."""
    file, rules, rounds = sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), int(sys.argv[3])
    seconds: list[float] = []
    failed: Failed = {}
    for _ in range(rounds + 1):
        spark.catalog.clearCache()
        started = time.perf_counter()
        failed = judge(spark.read.parquet(file), rules["checks"])
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": statistics.median(seconds[1:]), "all": seconds, "failed": failed}))
