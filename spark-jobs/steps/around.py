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
    uris = {table.id: table.uri for table in reads}

    def read(table: str) -> DataFrame:
        if table not in uris:
            raise ValueError(f"table '{table}' is not in the plan; allowed: {', '.join(uris) or 'none'}")
        return read_table(job.spark, uris[table])

    return Around(name, job.plan.created_at, read, partial(answer, job.spark), rows_in)
