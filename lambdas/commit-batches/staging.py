"""Staged Parquet files in S3."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from arro3.compute import filter as filter_rows
from arro3.compute import max as maximum
from arro3.core import Array, DataType, RecordBatch
from arro3.core import Table as ArrowTable
from arro3.io import read_parquet

from commit_batches import Key
from staged_batch import InvalidBatch

MAGIC = b"PAR1"


@dataclass(frozen=True)
class ParquetRows:
    """The rows of a staged batch, in memory."""

    table: ArrowTable

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def keys(self, columns: Key) -> Sequence[Key]:
        """The values of these columns, row by row."""
        return list(zip(*(self.table.column(name).to_pylist() for name in columns), strict=True))

    def types(self) -> list[tuple[str, str]]:
        """The columns, to tell files of one form from those of another."""
        return [(name, str(self.table.schema.field(name).type)) for name in self.table.column_names]

    def last_event_time(self) -> str | None:
        """The latest event time, ISO 8601; None where rows have none, as in quarantine."""
        if "_event_time" not in self.table.column_names or len(self) == 0:
            return None
        latest = maximum(self.table.column("_event_time")).as_py()
        return str(latest.isoformat(timespec="milliseconds")).replace("+00:00", "Z")

    def select(self, mask: Sequence[bool] | None) -> list[RecordBatch]:
        """Record batches with the rows that the mask keeps."""
        batches = self.table.combine_chunks().to_batches()
        if mask is None:
            return list(batches)
        kept = Array(list(mask), type=DataType.bool())
        return [RecordBatch.from_struct_array(filter_rows(batch.to_struct_array(), kept)) for batch in batches]


class S3Staging:
    """Reads what a message names: one file, or a folder of files."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def read(self, uri: str) -> ParquetRows:
        """The rows of a file or a folder; raises `InvalidBatch` for what can never be read."""
        place = urlsplit(uri)
        bucket, key = place.netloc, place.path.lstrip("/")
        keys = self._files_below(bucket, key) if key.endswith("/") else [key]
        tables = [read_table(f"s3://{bucket}/{each}", self._bytes_of(bucket, each)) for each in keys]
        if not tables:
            raise InvalidBatch(f"{uri}: no Parquet file there")
        batches = [batch for table in tables for batch in table.to_batches()]
        return ParquetRows(ArrowTable.from_batches(batches, schema=tables[0].schema))

    def _files_below(self, bucket: str, prefix: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        return [key for key in keys if key.endswith(".parquet")]

    def _bytes_of(self, bucket: str, key: str) -> bytes:
        try:
            found = self._client.get_object(Bucket=bucket, Key=key)
        except self._client.exceptions.NoSuchKey as error:
            raise InvalidBatch(f"s3://{bucket}/{key}: the staged file is gone") from error
        return bytes(found["Body"].read())


def read_table(name: str, content: bytes) -> ArrowTable:
    """A Parquet file's rows."""
    if not (content.startswith(MAGIC) and content.endswith(MAGIC)):
        raise InvalidBatch(f"{name}: {len(content)} bytes that are no Parquet file")
    try:
        return read_parquet(BytesIO(content)).read_all()
    except BaseException as error:
        # The Parquet reader panics on a corrupt file, which is no `Exception`.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise InvalidBatch(f"{name}: the Parquet file is corrupt: {error}") from error
