"""Staged Parquet files in S3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from arro3.compute import cast
from arro3.compute import filter as filter_rows
from arro3.compute import max as maximum
from arro3.compute import min as minimum
from arro3.core import Array, ChunkedArray, DataType, RecordBatch
from arro3.core import Table as ArrowTable

from commit_batches import Bounds, Key
from decoder import Decoder
from parquet import check_size, read_table
from staged_batch import InvalidBatch
from table_schema import PARTITION
from watermark import latest, watermark

TIMES = {"_event_time", "_ingested_at"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ParquetRows:
    """The rows of a staged batch, in memory."""

    table: ArrowTable
    # As staged, compressed.
    size: int = 0

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def decoded(self) -> int:
        """Bytes in memory."""
        return int(self.table.nbytes)

    def keys(self, columns: Key) -> Sequence[Key]:
        """The values of these columns, row by row."""
        return list(zip(*(self.table.column(name).to_pylist() for name in columns), strict=True))

    def bounds(self, columns: Key) -> Bounds:
        """Between what the values of these columns lie."""
        if len(self) == 0:
            return Bounds(columns, {}, ("", ""))
        return Bounds(columns, self._spans(columns), _range(self.table.column(PARTITION)))

    def lack(self, column: str) -> bool:
        """Whether a row has no value in this column."""
        return column not in self.table.column_names or bool(self.table.column(column).null_count)

    def types(self) -> list[tuple[str, str]]:
        """The columns, to tell files of one form from those of another."""
        return [(name, str(self.table.schema.field(name).type)) for name in self.table.column_names]

    def last_event_time(self) -> str | None:
        """The watermark of the rows, ISO 8601; None where rows have no time, as in quarantine."""
        if not set(self.table.column_names) >= TIMES:
            return None
        reached = latest(_watermark(batch) for batch in self.table.to_batches())
        if reached is None:
            return None
        time = EPOCH + timedelta(microseconds=reached)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def select(self, mask: Sequence[bool] | None) -> list[RecordBatch]:
        """Record batches with the rows that the mask keeps."""
        batches = list(self.table.to_batches())
        if mask is None:
            return batches
        kept, start = [], 0
        for batch in batches:
            part = Array(list(mask[start : start + batch.num_rows]), type=DataType.bool())
            kept.append(RecordBatch.from_struct_array(filter_rows(batch.to_struct_array(), part)))
            start += batch.num_rows
        return kept

    def _spans(self, columns: Key) -> dict[Key, tuple[str, str]]:
        """A file mostly holds one shard, so that no row has to be touched."""
        *before, last = [self.table.column(name) for name in columns]
        ends = [_range(column) for column in before]
        if all(low == high for low, high in ends):
            return {tuple(low for low, _ in ends): _range(last)}
        spans: dict[Key, tuple[str, str]] = {}
        for *group, value in self.keys(columns):
            low, high = spans.get(tuple(group), (value, value))
            spans[tuple(group)] = (min(low, value), max(high, value))
        return spans


def _watermark(batch: RecordBatch) -> int | None:
    """Numbers, since they are compared several times as fast as times are."""
    event, arrival = (
        cast(batch.column(name), DataType.int64()).to_pylist() for name in ("_event_time", "_ingested_at")
    )
    return watermark(event, arrival)


def _range(column: ChunkedArray) -> tuple[str, str]:
    return str(minimum(column).as_py()), str(maximum(column).as_py())


class S3Staging:
    """Reads what a message names: one file, or a folder of files."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._decoder = Decoder()

    def read(self, uri: str, is_suspect: bool) -> ParquetRows:
        """The rows of a file or a folder; raises `InvalidBatch` for what can never be read.

        A suspect file has been here before, and may be what ended the process that read it.
        """
        files = {name: self._bytes_of(name) for name in self._files_of(uri)}
        if not files:
            raise InvalidBatch(f"{uri}: no Parquet file there")
        if is_suspect:
            for name, content in files.items():
                self._decoder.check(name, content)
        tables = [read_table(name, content) for name, content in files.items()]
        batches = [batch for table in tables for batch in table.to_batches()]
        return ParquetRows(ArrowTable.from_batches(batches, schema=tables[0].schema), sum(map(len, files.values())))

    def _files_of(self, uri: str) -> list[str]:
        place = urlsplit(uri)
        if not uri.endswith("/"):
            return [uri]
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=place.netloc, Prefix=place.path[1:])
        found = [each for page in pages for each in page.get("Contents", []) if each["Key"].endswith(".parquet")]
        check_size(uri, sum(each["Size"] for each in found))
        return [f"s3://{place.netloc}/{each['Key']}" for each in found]

    def _bytes_of(self, uri: str) -> bytes:
        place = urlsplit(uri)
        try:
            found = self._client.get_object(Bucket=place.netloc, Key=place.path[1:])
        except self._client.exceptions.NoSuchKey as error:
            raise InvalidBatch(f"{uri}: the staged file is gone") from error
        check_size(uri, found["ContentLength"])
        return bytes(found["Body"].read())
