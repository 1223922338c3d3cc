"""The lines of a text file with their numbers, whatever it is split into."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from pyspark import RDD
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from landing.lines import Numbered


def numbered_lines(spark: SparkSession, uri: str) -> "RDD[Numbered]":
    """Lines as bytes, numbered from 1. The file is read once more for it, to count the lines of its blocks."""
    reader = spark.read.option("lineSep", "\n").option("__globPaths__", "false")
    block = F.col("_metadata.file_block_start").alias("block")
    lines = reader.text(uri).select(F.col("value").cast("binary").alias("line"), block)
    counts = sorted((row["block"], row["count"]) for row in lines.groupBy("block").count().collect())
    before = accumulate((count for _, count in counts), initial=1)
    first = {start: number for (start, _), number in zip(counts, before, strict=False)}
    return lines.rdd.mapPartitions(lambda rows: _number(rows, first))


def _number(rows: Iterable[Any], first: dict[int, int]) -> Iterator[Numbered]:
    """A partition may hold several blocks, each as a whole."""
    block, number = None, 0
    for row in rows:
        if row["block"] != block:
            block = row["block"]
            number = first[block]
        yield number, bytes(row["line"])
        number += 1
