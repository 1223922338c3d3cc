"""One file → staged rows of its tables and of the quarantine, judged as land-file judges them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark import RDD, StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from landing.gate import Gate, Row
from landing.lines import Numbered, UnreadableFileError, header_of, is_whole, join_lines, line_reader
from landing.shape import tokeniser
from landing.source import columns_read, digester, event_maker
from shared.files import status_of
from shared.load_keys import DataKey, Keys
from shared.load_plan import LoadPlan
from shared.load_results import LoadResults, Produced, StagedFile
from steps.landed_rows import refused_rows, table_rows
from steps.numbered_lines import numbered_lines

_QUARANTINE_VERSION = "1.0.0"
_ROWS_PER_FILE = 200_000  # far below what commit-batches takes
_HEADER_LINES = 100


@dataclass(frozen=True)
class Header:
    """The columns of a CSV file, and the number of the line that its rows begin at."""

    columns: list[str]
    rows_from: int


def load_file(spark: SparkSession, plan: LoadPlan, keys: Keys) -> LoadResults:
    """Stage the rows of the file that the plan names. Repeated, it stages the same rows again."""
    _require_version(spark, plan)
    lines = numbered_lines(spark, plan.uri)
    reason = None
    try:
        rows = _judged(lines, plan, _header_of(lines, plan), keys)
    except UnreadableFileError as error:
        reason = str(error)
        rows = spark.sparkContext.parallelize([Gate(plan, tokeniser(keys.tokens)).refuse_file(reason)], 1)
    rows.persist(StorageLevel.DISK_ONLY)
    try:
        return _staged(spark, plan, rows, keys, reason)
    finally:
        rows.unpersist()


def _require_version(spark: SparkSession, plan: LoadPlan) -> None:
    """A file that was replaced is another version, with places of its own."""
    size, modified_millis = status_of(spark, plan.uri)
    if (size, modified_millis // 1000) != (plan.size, plan.arrived_micros // 1_000_000):
        raise ValueError(f"{plan.uri}: the file was replaced since the load was planned; announce it again")


def _header_of(lines: "RDD[Numbered]", plan: LoadPlan) -> Header:
    form, source = plan.form, plan.source
    if form.format != "csv" or source is None:
        return Header([], 1)
    if form.header:
        return Header(list(form.header), 1)
    head = lines.filter(lambda line: line[0] <= _HEADER_LINES).collect()
    first = next(join_lines(sorted(head), form), None)
    if first is None:
        return Header([], 1)
    return Header(header_of(first, form, columns_read(source)), first.number + first.breaks + 1)


def _judged(lines: "RDD[Numbered]", plan: LoadPlan, header: Header, keys: Keys) -> "RDD[Row]":
    form = plan.form
    rows = lines.filter(lambda line: line[0] >= header.rows_from)
    if not rows.filter(lambda line: not is_whole(line[1], form)).isEmpty():
        # Whether a line break stands within quotes is known only by whoever has read all before it.
        rows = rows.sortByKey(True, 1)  # type: ignore[call-overload] # its types forget that numbers have an order
    return rows.mapPartitions(_judge_with(plan, header, keys.tokens, keys.event_ids))


def _judge_with(
    plan: LoadPlan, header: Header, token_key: str, event_id_key: str
) -> Callable[[Iterable[Numbered]], Iterator[Row]]:
    """The keys travel to the workers within the function, so that no query's plan and no setting shows them."""

    def judge(numbered: Iterable[Numbered]) -> Iterator[Row]:
        gate = Gate(plan, tokeniser(token_key))
        event_of = event_maker(plan.source, plan.uri, digester(event_id_key))
        read = line_reader(plan.form, header.columns)
        for found in filter(None, map(read, join_lines(numbered, plan.form))):
            if found.data is None:
                yield gate.refuse_line(found.reason, found.text, found.number)
            else:
                yield gate.take(event_of(found.data), found.number)

    return judge


def _staged(spark: SparkSession, plan: LoadPlan, rows: "RDD[Row]", keys: Keys, reason: str | None) -> LoadResults:
    counts = rows.map(_counted_by(plan)).countByValue()
    produced, refused = _sum_by(counts, 1), _sum_by(counts, 0).get(plan.quarantine, 0)
    staged: list[StagedFile] = []
    for table in _sum_by(counts, 0):
        frame = _frame(spark, plan, table, rows, keys.payloads)
        staged += _write(frame, plan, table)
    total = sum(produced.values())
    read = 0 if reason else total
    meant = tuple(Produced(table, events) for table, events in sorted(produced.items()))
    return LoadResults(1, plan.shard, read, total - refused, refused, meant, tuple(staged), reason)


def _counted_by(plan: LoadPlan) -> Callable[[Row], tuple[str, str]]:
    """The table that a row goes to, and the one that its event was meant for."""
    meant = [column.name for column in plan.quarantine_columns].index("table")
    quarantine, unknown = plan.quarantine, f"{plan.domain}.unknown"

    def tables(row: Row) -> tuple[str, str]:
        table, values = row
        return table, (values[meant] or unknown) if table == quarantine else table

    return tables


def _sum_by(counts: Mapping[tuple[str, str], int], index: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for tables, rows in counts.items():
        sums[tables[index]] = sums.get(tables[index], 0) + rows
    return sums


def _frame(spark: SparkSession, plan: LoadPlan, table: str, rows: "RDD[Row]", key: DataKey) -> DataFrame:
    own: RDD[tuple[Any, ...]] = rows.filter(lambda row: row[0] == table).map(lambda row: row[1])
    if table == plan.quarantine:
        return refused_rows(spark, own, plan.quarantine_columns, key)
    columns = next(contract.columns for contract in plan.contracts if contract.id == table)
    return table_rows(spark, own, (*columns, *plan.bronze_columns))


def _write(frame: DataFrame, plan: LoadPlan, table: str) -> list[StagedFile]:
    folder = f"{plan.staged}{table.replace('.', '/')}/{plan.shard}/"
    frame.write.mode("overwrite").option("maxRecordsPerFile", _ROWS_PER_FILE).option("compression", "zstd").parquet(
        folder
    )
    file = F.element_at(F.split("_metadata.file_path", "/"), -1).alias("file")
    counts = frame.sparkSession.read.parquet(folder).groupBy(file).count().orderBy("file").collect()
    versions = {contract.id: contract.version for contract in plan.contracts}
    version = versions.get(table, _QUARANTINE_VERSION)
    return [StagedFile(table, f"{folder}{row['file']}", row["count"], version) for row in counts]
