"""One Spark session for all tests, as the application on EMR is set up, on local folders."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tests.lake import Lake

JARS = Path(os.environ.get("SLUICE_SPARK_JARS", "~/.cache/sluice/spark-jars")).expanduser()
# Short tests: a fast start is worth more than fast code, whose cache is too small by default at this level.
JVM_FLAGS = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC -Duser.timezone=UTC"
# A few rows at a time: planning and compiling would take longer than running.
FOR_A_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session with Delta and an in-memory catalogue."""
    folder = tmp_path_factory.mktemp("spark")
    jars = sorted(str(jar) for jar in JARS.glob("delta-*.jar"))
    assert jars, f"no Delta jars in {JARS}; run `npm run setup`, or name their folder in SLUICE_SPARK_JARS"
    settings = {
        "spark.driver.extraClassPath": ":".join(jars),
        "spark.driver.extraJavaOptions": f"{JVM_FLAGS} -Djava.io.tmpdir={folder}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ui.explainMode": "simple",  # nobody reads the plans that each query writes down
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        **FOR_A_FEW_ROWS,
        "spark.sql.shuffle.partitions": "1",
        "spark.databricks.delta.snapshotPartitions": "1",
    }
    builder = SparkSession.builder.master("local[2]").appName("sluice-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture
def compiled(spark: SparkSession) -> Iterator[None]:
    """Queries are planned and compiled as on EMR."""
    for name in FOR_A_FEW_ROWS:
        spark.conf.unset(name)
    assert spark.conf.get("spark.sql.codegen.wholeStage") == "true"
    yield
    for name, value in FOR_A_FEW_ROWS.items():
        spark.conf.set(name, value)


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Iterator[Lake]:
    """An empty lake. What Delta remembers of its tables goes with it, or some hundred tests fill the heap."""
    yield Lake(spark, tmp_path)
    spark.catalog.clearCache()
    jvm: Any = spark.sparkContext._jvm
    jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
