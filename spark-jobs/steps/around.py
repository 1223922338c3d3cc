"""What checks know beside the table that they judge."""

from collections.abc import Iterable
from functools import partial

from pyspark.sql import DataFrame

from checks.table_checks import Around
from shared.delta import read_table
from shared.job import Job
from shared.plan import TableRef
from shared.sql_rules import answer


def around(job: Job, name: str, reads: Iterable[TableRef], rows_in: int) -> Around:
    """The plan's time, the tables that it lets a table's checks read, and how many rows came in."""
    known = tuple(reads)

    def read(table: str) -> DataFrame:
        return read_table(job.spark, uri_of(known, table))

    return Around(name, job.plan.created_at, read, partial(answer, job.spark), rows_in)


def uri_of(reads: Iterable[TableRef], table: str) -> str:
    """Where a table is that the plan lets a table's checks read."""
    uris = {read.id: read.uri for read in reads}
    if table not in uris:
        raise ValueError(f"table '{table}' is not in the plan; allowed: {', '.join(uris) or 'none'}")
    return uris[table]
