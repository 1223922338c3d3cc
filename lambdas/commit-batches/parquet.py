"""Staged Parquet, decoded within limits."""

from io import BytesIO

from arro3.core import Table as ArrowTable
from arro3.io import read_parquet

from staged_batch import InvalidBatch

MAGIC = b"PAR1"
MEGABYTE = 1 << 20

# What one staged file may be. Senders stay far below; more would be a bug, or somebody's bomb.
MOST_STAGED = 128 * MEGABYTE
MOST_DECODED = 512 * MEGABYTE
MOST_ROWS = 5_000_000

BATCH_ROWS = 16_384


def check_size(name: str, size: int) -> None:
    """Refuse what is too large before a byte of it is read."""
    if size > MOST_STAGED:
        raise InvalidBatch(f"{name}: found {size} bytes; allowed are {MOST_STAGED}")


def read_table(name: str, content: bytes) -> ArrowTable:
    """A Parquet file's rows; raises `InvalidBatch` for what can never be read."""
    if not (content.startswith(MAGIC) and content.endswith(MAGIC)):
        raise InvalidBatch(f"{name}: {len(content)} bytes that are no Parquet file")
    try:
        return _decode(name, content)
    except BaseException as error:
        # The Parquet reader panics on a corrupt file, which is no `Exception`.
        if isinstance(error, InvalidBatch) or not _is_of_parquet(error):
            raise
        raise InvalidBatch(f"{name}: the Parquet file is corrupt: {error}") from error


def _decode(name: str, content: bytes) -> ArrowTable:
    """Batch by batch, so that a file beyond the limits is noticed before it has filled the memory."""
    reader = read_parquet(BytesIO(content), batch_size=BATCH_ROWS)
    schema, batches, rows, size = reader.schema, [], 0, 0
    for batch in reader:
        batches.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > MOST_ROWS or size > MOST_DECODED:
            raise InvalidBatch(f"{name}: allowed are {MOST_ROWS} rows and {MOST_DECODED} bytes decoded; found more")
    return ArrowTable.from_batches(batches, schema=schema)


def _is_of_parquet(error: BaseException) -> bool:
    """What says nothing of the file, such as too little memory, passes through."""
    is_usual = isinstance(error, Exception) and not isinstance(error, MemoryError)
    return is_usual or type(error).__name__ == "PanicException"
