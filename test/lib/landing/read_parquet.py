"""Prints the rows of a Parquet file on standard input as JSON, read by pyarrow and by DuckDB, which share no code."""

import io
import json
import sys
import tempfile
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow.parquet as pq


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    # JavaScript would round what is above 2^53.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def by_duckdb(content: bytes) -> list[dict[str, Any]]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(content)
        file.flush()
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        found: Any = connection.execute("SELECT * FROM read_parquet(?)", [file.name])
        return list(found.to_arrow_table().to_pylist())


content = sys.stdin.buffer.read()
file = pq.ParquetFile(io.BytesIO(content))
answer = {
    "types": {field.name: str(field.type) for field in file.schema_arrow},
    "codec": file.metadata.row_group(0).column(0).compression if file.metadata.num_row_groups else None,
    "pyarrow": plain(file.read().to_pylist()),
    "duckdb": plain(by_duckdb(content)),
}
json.dump(answer, sys.stdout)
