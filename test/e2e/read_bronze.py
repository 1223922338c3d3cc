"""Reads one bronze table with three engines, none of them through Sluice, and prints what each counts.

Usage: python read_bronze.py s3://bucket/path
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
from deltalake import DeltaTable
from pyspark.sql import SparkSession

Counts = dict[str, Any]


def with_delta_rs(uri: str) -> Counts:
    """Count with delta-rs and plain Arrow."""
    table = DeltaTable(uri).to_pyarrow_table()
    lines = pc.list_flatten(table["lines"])
    return {
        "events": table.num_rows,
        "lines": len(lines),
        "units": pc.sum(pc.struct_field(lines, "quantity")).as_py(),
        "prices": str(pc.sum(pc.struct_field(lines, "unit_price")).as_py()),
        "orders": pc.count_distinct(table["order_id"]).as_py(),
        "first": pc.min(table["ordered_at"]).as_py().strftime("%Y-%m-%dT%H:%M:%S"),
    }


def with_duckdb(uri: str) -> Counts:
    """Count with DuckDB over an Arrow table: with a data set, threads that read ahead outlive the interpreter."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.register("bronze", DeltaTable(uri).to_pyarrow_table())
    row = connection.execute("""
        select count(*), sum(len(lines)), sum(list_sum(list_transform(lines, lambda line: line.quantity))),
               cast(sum(list_sum(list_transform(lines, lambda line: line.unit_price))) as varchar),
               count(distinct order_id), strftime(min(ordered_at), '%Y-%m-%dT%H:%M:%S')
        from bronze
    """).fetchone()
    return dict(zip(("events", "lines", "units", "prices", "orders", "first"), row or (), strict=True))


def with_spark(uri: str) -> Counts:
    """Count with open-source Spark and Delta."""
    row = (
        spark_session()
        .sql(f"""
        select count(*) as events, sum(size(lines)) as lines,
               sum(aggregate(lines, 0L, (total, line) -> total + line.quantity)) as units,
               cast(sum(aggregate(lines, cast(0 as decimal(38, 4)),
                    (total, line) -> cast(total + line.unit_price as decimal(38, 4)))) as string) as prices,
               count(distinct order_id) as orders, date_format(min(ordered_at), "yyyy-MM-dd'T'HH:mm:ss") as first
        from delta.`{uri}`
    """)
        .collect()[0]
    )
    return dict(row.asDict())


def spark_session() -> SparkSession:
    """A session of our own: the platform's driver is left alone."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluice" / "spark-jars"
    scratch = tempfile.mkdtemp(prefix="sluice-e2e-spark-")
    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.extraClassPath": f"{cache}/*",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # one small query
        "spark.sql.shuffle.partitions": "1",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": scratch,
        "spark.sql.warehouse.dir": scratch,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": os.environ["AWS_ENDPOINT_URL"],
        "spark.hadoop.fs.s3a.access.key": os.environ["AWS_ACCESS_KEY_ID"],
        "spark.hadoop.fs.s3a.secret.key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
    }
    builder: Any = SparkSession.builder
    for key, value in settings.items():
        builder = builder.config(key, value)
    session: SparkSession = builder.getOrCreate()
    return session


def main() -> None:
    """Print the counts of each engine."""
    uri = sys.argv[1]
    engines = {"delta-rs": with_delta_rs, "duckdb": with_duckdb, "spark": with_spark}
    print(json.dumps({name: count(uri) for name, count in engines.items()}))


if __name__ == "__main__":
    main()
