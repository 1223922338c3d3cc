"""The Spark session: set up as the application on EMR is, on this machine's scale."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

SCRATCH = Path(tempfile.gettempdir())
# Jobs are short and cores few: the optimising compiler would cost more than it saves (warm-up: 33 s of CPU, not 19).
# The code cache that comes with that is full after a few jobs, and from then on nothing is compiled any more.
JVM_FLAGS = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC -Xshare:auto -Duser.timezone=UTC"


def session_settings() -> dict[str, str]:
    """As the application on EMR is set up, on this machine's scale."""
    file_system = "org.apache.hadoop.fs.s3a.S3AFileSystem"
    s3a = {
        "endpoint": os.environ["AWS_ENDPOINT_URL"],
        "path.style.access": "true",
        "connection.ssl.enabled": "false",
        "access.key": os.environ["AWS_ACCESS_KEY_ID"],
        "secret.key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "endpoint.region": os.environ["AWS_REGION"],
        "directory.marker.retention": "keep",
        "buffer.dir": str(SCRATCH / "s3a"),
        "attempts.maximum": "3",
    }
    return {
        "spark.master": "local[2]",
        "spark.app.name": "sluice-local",
        "spark.driver.memory": "2g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraClassPath": f"{os.environ['SLUICE_SPARK_JARS']}/*",
        "spark.driver.extraJavaOptions": f"{JVM_FLAGS} -Djava.io.tmpdir={SCRATCH}",
        "spark.local.dir": str(SCRATCH / "spark"),
        "spark.scheduler.mode": "FAIR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Each query writes its plan down for an interface that is off; in the default form that is a tenth of its cost.
        "spark.sql.ui.explainMode": "simple",
        # Each run compiles some hundred expressions; the default would have forgotten them before the next one.
        "spark.sql.codegen.cache.maxEntries": "10000",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(SCRATCH / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.hadoop.fs.s3.impl": file_system,
        "spark.hadoop.fs.s3a.impl": file_system,
        **{f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()},
    }


def start_session() -> SparkSession:
    """The session that every job's session is made from."""
    builder = SparkSession.builder
    for name, value in session_settings().items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def warm_up(spark: SparkSession) -> None:
    """Load what the first job would wait for: Delta's write and merge, the S3 client, dbt."""
    folder = f"file://{tempfile.mkdtemp(prefix='warm-up-')}"
    with fresh_session(spark) as session:
        session.range(2).selectExpr("id", "cast(id as string) as name").write.format("delta").mode("append").save(
            folder
        )
        session.sql(f"CREATE TABLE warm_up USING delta LOCATION '{folder}'")
        session.range(1, 3).selectExpr("id", "try_cast(id as string) as name").createOrReplaceTempView("changes")
        session.sql(
            "MERGE INTO warm_up t USING changes c ON t.id = c.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        session.sql("SELECT name, count(*) FROM warm_up GROUP BY name").collect()
        with suppress(Exception):  # there is no such bucket: looking for it is what loads the client
            path = java(session).org.apache.hadoop.fs.Path("s3://sluice-warm-up/none")
            path.getFileSystem(session._jsparkSession.sessionState().newHadoopConf()).exists(path)
    with suppress(ImportError):
        import dbt.cli.main  # noqa: F401 - two seconds that the model job need not spend


@contextmanager
def fresh_session(spark: SparkSession) -> Iterator[SparkSession]:
    """A session with its own settings and views, that `SparkSession.builder.getOrCreate()` finds.

    Tables and caches live as long as a driver does; on EMR each job has its own, so they are dropped with the session.
    What Delta knows of its logs stays: it looks for new commits each time, and each job would read all of them again.
    """
    session = spark.newSession()
    make_current(session)
    try:
        yield session
    finally:
        if is_alive(spark):
            session.catalog.clearCache()
            for database in session.catalog.listDatabases():
                drop_tables(session, database.name)
        make_current(spark)


def make_current(session: SparkSession) -> None:
    """Make this the session that jobs get."""
    SparkSession._instantiatedSession = session
    SparkSession._activeSession = session
    java(session).SparkSession.setDefaultSession(session._jsparkSession)
    java(session).SparkSession.setActiveSession(session._jsparkSession)


def java(session: SparkSession) -> Any:
    """The Java side, for what pyspark has no call for."""
    return session._jvm


def drop_tables(session: SparkSession, database: str) -> None:
    """Forget the tables of a database; their files stay where they have a location of their own."""
    if database != "default":
        session.sql(f"DROP DATABASE `{database}` CASCADE")
        return
    for table in session.catalog.listTables(database):
        if not table.isTemporary:
            session.sql(f"DROP TABLE `{database}`.`{table.name}`")


def apply_settings(session: SparkSession, conf: Mapping[str, str]) -> None:
    """Set what a running session can take; the rest sizes a cluster that is not here."""
    for name, value in conf.items():
        if session.conf.isModifiable(name):
            session.conf.set(name, value)


def is_alive(spark: SparkSession) -> bool:
    """Whether Java still answers and the session was not stopped."""
    try:
        return not spark.sparkContext._jsc.sc().isStopped()
    except Exception:
        return False
