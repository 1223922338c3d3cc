"""Maintenance of Delta tables, by delta-rs."""

import time
from collections.abc import Sequence
from datetime import timedelta

from deltalake import DeltaTable, WriterProperties
from deltalake.exceptions import TableNotFoundError

from maintain_tables import File, Partition, UnknownFeature
from storage import storage_options

# What delta-rs and Spark write for us. Anything newer may ask for more of who rewrites files than we know of.
LEGACY_READER, LEGACY_WRITER = 1, 4
FEATURE_READER, FEATURE_WRITER = 3, 7
KNOWN_FEATURES = {"appendOnly", "invariants", "changeDataFeed", "checkConstraints", "generatedColumns", "timestampNtz"}
# What an interrupted compaction has done up to here stays done.
COMMIT_EVERY = timedelta(minutes=1)
HOUR_MS = 3_600_000


class DeltaMaintenance:
    """A table that is rewritten without changing a row: readers of changes see nothing of it."""

    def __init__(self, table: DeltaTable) -> None:
        refuse_unknown(table)
        self._table = table

    def version(self) -> int:
        return int(self._table.version())

    def files(self) -> Sequence[File]:
        self._table.update_incremental()
        actions = self._table.get_add_actions(flatten=True)
        names = [name for name in actions.column_names if name.startswith("partition.")]
        values = zip(*(actions.column(name).to_pylist() for name in names), strict=True)
        keys = [name.removeprefix("partition.") for name in names]
        partitions = [_partition(keys, each) for each in values] or [()] * actions.num_rows
        return [File(*each) for each in zip(partitions, actions.column("size_bytes").to_pylist(), strict=True)]

    def hours_since(self, version: int) -> float | None:
        newer = self._table.history(self._table.version() - version + 1)
        found = [each["timestamp"] for each in newer if each["version"] == version]
        return (time.time() * 1000 - found[0]) / HOUR_MS if found else None

    def compact(self, partition: Partition, target_bytes: int) -> None:
        self._table.optimize.compact(
            partition_filters=[(name, "=", value) for name, value in partition] or None,
            target_size=target_bytes,
            # A function has the memory for one file at a time.
            max_concurrent_tasks=1,
            min_commit_interval=COMMIT_EVERY,
            writer_properties=WriterProperties(compression="ZSTD"),
        )

    def vacuum(self, hours: float) -> int:
        # In full, which also finds what commits that failed have left.
        return len(self._table.vacuum(retention_hours=round(hours), dry_run=False, full=True))

    def checkpoint(self) -> None:
        self._table.create_checkpoint()

    def clean_log(self) -> None:
        self._table.cleanup_metadata()


def open_maintenance(uri: str) -> DeltaMaintenance | None:
    """The table at a place, or None where nothing has been committed yet."""
    try:
        return DeltaMaintenance(DeltaTable(uri, storage_options=storage_options()))
    except TableNotFoundError:
        return None


def refuse_unknown(table: DeltaTable) -> None:
    """Whoever rewrites files must know all that the table's protocol asks for."""
    protocol = table.protocol()
    features = {*(protocol.reader_features or ()), *(protocol.writer_features or ())}
    if unknown := sorted(features - KNOWN_FEATURES):
        raise UnknownFeature(
            f"the table uses {', '.join(unknown)}; maintained are tables with {', '.join(sorted(KNOWN_FEATURES))}"
        )
    known_reader = protocol.min_reader_version in (LEGACY_READER, FEATURE_READER)
    if not known_reader or not (
        protocol.min_writer_version <= LEGACY_WRITER or protocol.min_writer_version == FEATURE_WRITER
    ):
        found = f"reader {protocol.min_reader_version}, writer {protocol.min_writer_version}"
        raise UnknownFeature(f"the table's protocol is {found}; maintained are reader 1, writer up to 4, and 3, 7")


def _partition(names: Sequence[str], values: Sequence[object]) -> Partition:
    return tuple((name, str(value)) for name, value in zip(names, values, strict=True))
