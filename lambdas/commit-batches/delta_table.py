"""Delta tables, by delta-rs."""

from collections.abc import Iterable, Mapping, Sequence, Set

from arro3.core import Table as ArrowTable
from deltalake import CommitProperties, DeltaTable, QueryBuilder, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from commit_batches import ACCOUNTED, ROWS, CommitFailed, Committed, Kept, Key
from limbs import position
from staged_batch import StagedBatch
from staging import ParquetRows
from storage import storage_options
from table_schema import PARTITION, TableContract


class DeltaLakeTable:
    """A table that only `commit-batches` writes; it is created when the first batch comes."""

    def __init__(self, uri: str, contract: TableContract) -> None:
        self._uri = uri
        self._contract = contract
        self._table = self._open()

    def load(self, batches: Iterable[StagedBatch]) -> Committed:
        """Read the newest version, and what its transactions say about these batches."""
        self._table.update_incremental()
        version_of = self._table.transaction_version
        shards = {each.shard for batch in batches for each in batch.positions}
        positions = {shard: position(shard, version_of) for shard in shards}
        app_ids = {batch.txn.app_id for batch in batches if batch.txn}
        txns = {app_id: version_of(app_id) for app_id in app_ids}
        return Committed(
            version=self._table.version(),
            rows=version_of(ROWS) or 0,
            accounted=version_of(ACCOUNTED) or 0,
            positions={shard: found for shard, found in positions.items() if found is not None},
            txns={app_id: found for app_id, found in txns.items() if found is not None},
        )

    def present(self, columns: Key, keys: Set[Key]) -> Set[Key]:
        """Those of the keys that the table holds rows of. Statistics by file keep the search for a sequence short."""
        last = [key[-1] for key in keys]
        query = f"SELECT DISTINCT {', '.join(columns)} FROM target "
        query += f"WHERE {columns[-1]} BETWEEN {quoted(min(last))} AND {quoted(max(last))}"
        found = QueryBuilder().register("target", self._table).execute(query).read_all()
        return set(zip(*(found.column(name).to_pylist() for name in columns), strict=True)) & keys

    def append(self, kept: Sequence[Kept], txns: Mapping[str, int]) -> int:
        """Commit rows and transactions as one version."""
        batches = [batch for each in kept for batch in each.rows.select(each.mask)]
        properties = CommitProperties(app_transactions=[Transaction(*txn) for txn in txns.items()])
        try:
            write_deltalake(
                self._table,
                ArrowTable.from_batches(batches),
                mode="append",
                # Fills columns that a file lacks, and adds those that the table lacks.
                schema_mode="merge",
                commit_properties=properties,
                writer_properties=WriterProperties(compression="ZSTD"),
            )
        except (DeltaError, OSError) as error:
            raise CommitFailed(f"{self._uri}: {error}") from error
        return self._table.version()

    def _open(self) -> DeltaTable:
        try:
            table = DeltaTable(self._uri, storage_options=storage_options())
        except TableNotFoundError:
            return self._create()
        self._contract.check_table(self._uri, table.schema())
        return table

    def _create(self) -> DeltaTable:
        try:
            return DeltaTable.create(
                self._uri,
                self._contract.schema(),
                partition_by=[PARTITION],
                configuration=self._contract.properties(),
                storage_options=storage_options(),
            )
        except DeltaError as error:
            # Another invocation may have created it a moment ago; the message comes again either way.
            raise CommitFailed(f"{self._uri}: the table could not be created: {error}") from error


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def schema_of(rows: ParquetRows) -> Schema:
    """The schema of staged rows, in the form of Delta."""
    return Schema.from_arrow(rows.table.schema)
