"""A run opens the files that it needs, by Spark's own count of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

from tests.lake import LINES, Lake, line, order

PATHS = "spark.sql.maxMetadataStringLength"


def test_a_run_opens_what_is_new_in_bronze_and_of_silver_what_may_hold_its_orders(lake: Lake) -> None:
    for hour in "123":
        version = lake.land(*(order(f"{hour}-{number}", line(1), line(2), minute=int(hour)) for number in range(3)))
        lake.refine(version, version)
    for file in (lake.folder / "bronze").rglob("*.parquet"):
        file.unlink()  # whoever opens one now fails

    new = lake.land(order("4-0", line(1), minute=20))
    with silver_files_read(lake.spark) as read:
        assert lake.refine(new, new)[LINES]["rowsOut"] == 1
    # All of the table is opened once, for the check that its keys are unique.
    assert [files for files in read if files] == [4]

    changed = lake.land(order("2-1", line(1, 7), event="2-1b", minute=20))
    with silver_files_read(lake.spark) as read:
        result = lake.refine(changed, changed)[LINES]
    assert (result["rowsOut"], result["rowCount"]) == (1, 18)
    assert set(read) - {0} == {1, 4}
    assert read.count(4) == 1


@contextmanager
def silver_files_read(spark: SparkSession) -> Iterator[list[int]]:
    """How many files each scan of silver opened that was made inside."""
    spark.conf.set(PATHS, 1000)  # else those of plans are cut
    before, found = _newest(spark), list[int]()
    yield found
    spark.conf.unset(PATHS)
    store = _store(spark)
    for execution in range(before + 1, _newest(spark) + 1):
        values = store.executionMetrics(execution)
        for node in _each(store.planGraph(execution).allNodes()):
            if "FileScan parquet" in node.desc() and "/silver/" in node.desc():
                ids = [metric.accumulatorId() for metric in _each(node.metrics()) if "number of files" in metric.name()]
                # A part of a plan whose rows were kept from before opens nothing, and tells nothing.
                found += [int(values.apply(one)) for one in ids if values.contains(one)]


def _each(items: Any) -> list[Any]:
    return [items.apply(index) for index in range(items.size())]


def _newest(spark: SparkSession) -> int:
    """The number of the newest query. Spark forgets old ones, so that how many there are says nothing."""
    jvm: Any = spark.sparkContext._jsc
    jvm.sc().listenerBus().waitUntilEmpty()
    known = _store(spark).executionsList()
    return int(known.apply(known.size() - 1).executionId())


def _store(spark: SparkSession) -> Any:
    session: Any = spark._jsparkSession
    return session.sharedState().statusStore()
