"""The warm Spark driver: runs job scripts in this process, each as spark-submit would, and answers over two pipes.

Usage: spark_driver.py REQUESTS_FD REPLIES_FD, started by emr_serverless/driver.py. One JSON request a line, one reply a
line. What a job prints goes to this process's own stdout and stderr, which the launcher cuts into the job's logs.
"""

import json
import os
import queue
import runpy
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO
from urllib.parse import urlsplit

from pyspark.sql import SparkSession

SCRATCH = Path(tempfile.gettempdir())
JVM_FLAGS = "-XX:+UseSerialGC -Xshare:auto -Duser.timezone=UTC"


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
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(SCRATCH / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.hadoop.fs.s3.impl": file_system,
        "spark.hadoop.fs.s3a.impl": file_system,
        **{f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()},
    }


def main() -> int:
    """Start Spark, then run jobs until the launcher is gone."""
    requests, replies = os.fdopen(int(sys.argv[1])), os.fdopen(int(sys.argv[2]), "w")
    waiting = read_ahead(requests)
    try:
        spark = start_session()
        warm_up(spark)
    except Exception as error:
        traceback.print_exc()
        send(replies, {"problem": last_line(error)})
        return 1
    send(replies, {"ready": True})
    while True:
        reply = run_job(spark, waiting.get())
        leaving = not is_alive(spark)
        send(replies, {**reply, "leaving": leaving})
        if leaving:
            return 1


def read_ahead(requests: TextIO) -> "queue.SimpleQueue[dict[str, Any]]":
    """Requests as they come. When the launcher is gone this process must go at once, even in the midst of a job:
    the next launcher starts a driver of its own, and two drivers may not write one table."""
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        for line in requests:
            waiting.put(json.loads(line))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return waiting


def send(replies: TextIO, reply: Mapping[str, Any]) -> None:
    """Answer the launcher."""
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


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
        session.range(2).selectExpr("id", "cast(id as string) as name").write.format("delta").mode("append").save(folder)
        session.sql(f"CREATE TABLE warm_up USING delta LOCATION '{folder}'")
        session.range(1, 3).selectExpr("id", "try_cast(id as string) as name").createOrReplaceTempView("changes")
        session.sql(
            "MERGE INTO warm_up t USING changes c ON t.id = c.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        session.sql("SELECT name, count(*) FROM warm_up GROUP BY name").collect()
        with suppress(Exception):  # there is no such bucket: looking for it is what loads the client
            path = session._jvm.org.apache.hadoop.fs.Path("s3://sluice-warm-up/none")  # type: ignore[union-attr]
            path.getFileSystem(session._jsparkSession.sessionState().newHadoopConf()).exists(path)
    with suppress(ImportError):
        import dbt.cli.main  # noqa: F401 - two seconds that the model job need not spend


def run_job(spark: SparkSession, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run one script in a session and a folder of its own; say how it ended."""
    failure: BaseException | None = None
    try:
        with fresh_session(spark) as session, job_folder(request["id"]) as folder:
            apply_settings(session, request["conf"])
            script = prepare(folder, request)
            with own_interpreter(folder, [script.name, *request["arguments"]], request["conf"]):
                runpy.run_path(str(script), run_name="__main__")
    except SystemExit as leaving:
        failure = leaving if leaving.code not in (None, 0) else None
        if failure and not isinstance(failure.code, int):  # type: ignore[attr-defined]
            print(failure.code, file=sys.stderr)  # type: ignore[attr-defined]
    except BaseException as error:
        failure = error
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return {
        "succeeded": failure is None,
        "details": last_line(failure) if failure else "",
    }


def last_line(error: BaseException) -> str:
    """The error as one line."""
    if isinstance(error, SystemExit):
        return f"the script exited with code {error.code}" if isinstance(error.code, int) else str(error.code)
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"


@contextmanager
def fresh_session(spark: SparkSession) -> Iterator[SparkSession]:
    """A session with its own settings and views, that `SparkSession.builder.getOrCreate()` finds.

    Tables and caches live as long as a driver does; on EMR each job has its own, so they are dropped with the session.
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
            spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()  # type: ignore[union-attr]
        make_current(spark)


def make_current(session: SparkSession) -> None:
    """Make this the session that jobs get."""
    SparkSession._instantiatedSession = session
    SparkSession._activeSession = session  # type: ignore[attr-defined]
    jvm: Any = session._jvm
    jvm.SparkSession.setDefaultSession(session._jsparkSession)
    jvm.SparkSession.setActiveSession(session._jsparkSession)


def drop_tables(session: SparkSession, database: str) -> None:
    """Forget the tables of a database; their files stay where they have a location of their own."""
    if database != "default":
        session.sql(f"DROP DATABASE `{database}` CASCADE")
        return
    for table in session.catalog.listTables(database):
        if not table.isTemporary:
            session.sql(f"DROP TABLE `{database}`.`{table.name}`")


@contextmanager
def job_folder(job_id: str) -> Iterator[Path]:
    """A working directory of the job's own."""
    folder = SCRATCH / "jobs" / job_id
    folder.mkdir(parents=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def apply_settings(session: SparkSession, conf: Mapping[str, str]) -> None:
    """Set what a running session can take; the rest sizes a cluster that is not here."""
    for name, value in conf.items():
        if session.conf.isModifiable(name):
            session.conf.set(name, value)


def prepare(folder: Path, request: Mapping[str, Any]) -> Path:
    """Download the script and everything that travels with it into the job's folder."""
    conf = request["conf"]
    for item in items(conf.get("spark.archives")):
        source, _, name = item.partition("#")
        shutil.copytree(unpacked(source), folder / (name or Path(source).name))
    for item in items(conf.get("spark.files")) + items(conf.get("spark.submit.pyFiles")):
        download(item, folder / Path(item).name)
    return download(request["entryPoint"], folder / Path(request["entryPoint"]).name)


def items(value: str | None) -> list[str]:
    """A comma-separated setting as a list."""
    return [item.strip() for item in (value or "").split(",") if item.strip()]


def unpacked(source: str) -> Path:
    """The archive's content, unpacked once for each version of it."""
    bucket, key = bucket_and_key(source)
    version = s3().head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
    folder = SCRATCH / "archives" / version
    if not folder.exists():
        file = download(source, SCRATCH / f"{version}-{Path(key).name}")
        draft = folder.with_suffix(".draft")
        shutil.unpack_archive(file, draft)
        draft.rename(folder)
        file.unlink()
    return folder


def download(source: str, target: Path) -> Path:
    """Fetch an object."""
    bucket, key = bucket_and_key(source)
    try:
        s3().download_file(bucket, key, str(target))
    except Exception as error:
        raise FileNotFoundError(f"{source} cannot be read: {error}") from error
    return target


def bucket_and_key(uri: str) -> tuple[str, str]:
    """An S3 URI's parts."""
    parts = urlsplit(uri)
    if parts.scheme != "s3":
        raise ValueError(f"'{uri}' is not an S3 URI; upload it and name it as s3://bucket/key")
    return parts.netloc, parts.path.lstrip("/")


def s3() -> Any:
    """The client of the local cloud's S3."""
    import boto3

    return boto3.client("s3")


@contextmanager
def own_interpreter(folder: Path, argv: list[str], conf: Mapping[str, str]) -> Iterator[None]:
    """As in a process of its own: arguments, import path, environment; modules of the job are forgotten afterwards."""
    path, arguments, environment, modules = list(sys.path), sys.argv, dict(os.environ), set(sys.modules)
    packages = [str(folder / Path(item).name) for item in items(conf.get("spark.submit.pyFiles"))]
    sys.path[:0] = [str(folder), *packages]
    sys.argv = argv
    os.environ.update(driver_environment(conf))
    try:
        yield
    finally:
        sys.path[:], sys.argv = path, arguments
        os.environ.clear()
        os.environ.update(environment)
        for name in set(sys.modules) - modules:
            if is_below(folder, sys.modules[name]):
                del sys.modules[name]
        sys.path_importer_cache.clear()  # it would find this job's modules again for the next job's relative paths


def is_below(folder: Path, module: ModuleType) -> bool:
    """Whether a module, or a package without a file of its own, came from the folder."""
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", [])]
    return any(Path(place).absolute().is_relative_to(folder) for place in places if place)


def driver_environment(conf: Mapping[str, str]) -> dict[str, str]:
    """Variables that the settings give the driver."""
    prefix = "spark.emr-serverless.driverEnv."
    return {name.removeprefix(prefix): value for name, value in conf.items() if name.startswith(prefix)}


def is_alive(spark: SparkSession) -> bool:
    """Whether Java still answers and the session was not stopped."""
    try:
        return not spark.sparkContext._jsc.sc().isStopped()  # type: ignore[union-attr]
    except Exception:
        return False


if __name__ == "__main__":
    sys.exit(main())
