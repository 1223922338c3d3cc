"""Small files, local or on S3, through the file systems that Spark is set up with: a job needs no SDK of its own."""

from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession


def read_text(spark: SparkSession, uri: str) -> str:
    """Read a file as UTF-8."""
    files, path = _locate(spark, uri)
    stream = files.open(path)
    try:
        return str(_jvm(spark).org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
    finally:
        stream.close()


def write_text(spark: SparkSession, uri: str, text: str) -> None:
    """Write a file as UTF-8, in place of one that is there."""
    files, path = _locate(spark, uri)
    stream = files.create(path, True)
    try:
        stream.write(bytearray(text, "utf-8"))
    finally:
        stream.close()


def copy_from_local(spark: SparkSession, source: Path, uri: str) -> None:
    """Upload a file of the driver."""
    write_text(spark, uri, source.read_text("utf-8"))


def exists(spark: SparkSession, uri: str) -> bool:
    """Whether a file or folder is there."""
    files, path = _locate(spark, uri)
    return bool(files.exists(path))


def status_of(spark: SparkSession, uri: str) -> tuple[int, int]:
    """Size in bytes, and when it was written, in milliseconds since 1970."""
    files, path = _locate(spark, uri)
    status = files.getFileStatus(path)
    return int(status.getLen()), int(status.getModificationTime())


def _locate(spark: SparkSession, uri: str) -> tuple[Any, Any]:
    path = _jvm(spark).org.apache.hadoop.fs.Path(uri)
    return path.getFileSystem(spark._jsc.hadoopConfiguration()), path


def _jvm(spark: SparkSession) -> Any:
    return spark._jvm
