"""What the entry scripts share: the plan, the session, the clock, log lines and the results' file."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from shared.decode import encode
from shared.files import read_text, write_text
from shared.plan import Plan, parse_plan
from shared.results import StepResults, TableResult

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",  # INT96, the default, is out of date
    # Dates of long ago are what they say: by default Spark stops at them, in case some old Hive means another calendar.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}
#: Names that PySpark looks up with every expression. Each time the JVM searches all of its jars, a package at a time:
#: some hundred times for a table.
LOOKED_UP = ("functions", "PythonUtils", "SparkSession")


def configure(spark: SparkSession) -> None:
    """Set what every job relies on."""
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    for name in LOOKED_UP:
        setattr(spark._jvm, name, getattr(spark._jvm, name))


@dataclass(frozen=True)
class Context:
    """What any part of a job may use: the session, and log lines that say what they belong to."""

    step: str
    #: Of the run or the backfill.
    run_id: str
    spark: SparkSession

    def log(self, message: str) -> None:
        """One line."""
        print(f"run={self.run_id} job={self.step} {message}", flush=True)

    @contextmanager
    def timed(self, step: str, table: str = "all") -> Iterator[None]:
        """Log how long a part of the work took."""
        begin = time.monotonic()
        yield
        self.log(f"step={step} table={table} seconds={time.monotonic() - begin:.2f}")


@dataclass(frozen=True)
class Job(Context):
    """A step of a run, in a Spark session that was configured by whoever started it."""

    plan: Plan

    @classmethod
    def start(cls, step: str, argv: Sequence[str]) -> "Job":
        """Read the plan that `--plan` names."""
        parser = argparse.ArgumentParser(prog=step)
        parser.add_argument("--plan", required=True, help="URI of plan.json")
        uri = parser.parse_args(argv).plan
        spark = SparkSession.builder.getOrCreate()
        configure(spark)
        plan = parse_plan(read_text(spark, uri))
        return cls(step, plan.run_id, spark, plan)

    def finish(self, uri: str, work: Callable[["Job"], Sequence[TableResult]]) -> StepResults:
        """Do the work and leave its results."""
        started_at, read_before = now(), bytes_read(self.spark)
        with self.timed("job"):
            tables = tuple(work(self))
        read = bytes_read(self.spark) - read_before
        results = StepResults(1, self.plan.run_id, self.step, started_at, now(), read, tables)
        write_text(self.spark, uri, encode(results))
        return results


def bytes_read(spark: SparkSession) -> int:
    """What tasks have read from files since the application started, as far as Spark has heard of it."""
    executors = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    return sum(executors.apply(index).totalInputBytes() for index in range(executors.size()))


def now() -> str:
    """ISO 8601, UTC; for reports, never for data."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
