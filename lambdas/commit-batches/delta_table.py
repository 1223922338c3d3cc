"""Delta tables, by delta-rs."""

from collections.abc import Callable, Mapping, Sequence, Set

from arro3.core import Table as ArrowTable
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from commit_batches import ACCOUNTED, ROWS, Bounds, CommitFailed, Committed, Kept, Key, identity_of
from known_transactions import KnownTransactions
from limbs import app_ids as limbs
from limbs import position
from row_search import present
from staging import ParquetRows
from storage import storage_options
from table_schema import PARTITION, TableContract

# In a commit's info, beside what delta-rs writes there.
TOKEN = "sluice.token"


class DeltaLakeTable:
    """A table that only `commit-batches` adds rows to; it is created when the first batch comes."""

    def __init__(self, uri: str, contract: TableContract) -> None:
        self.identity: Key = identity_of(contract.table)
        self._uri = uri
        self._contract = contract
        self._table = self._open()
        self._transactions = KnownTransactions(self._table)

    def load(self, shards: Set[str], app_ids: Set[str]) -> Committed:
        """Read the newest version, and what its transactions say."""
        self._table.update_incremental()
        # Each time: a table may change while this process keeps it open.
        self._contract.check_table(self._uri, self._table.schema())
        of_shards = {limb for shard in shards for limb in limbs(shard)}
        found = self._transactions.read({ROWS, ACCOUNTED} | app_ids | of_shards)
        positions = {shard: position(shard, found.get) for shard in shards}
        return Committed(
            version=self._table.version(),
            rows=found.get(ROWS, 0),
            accounted=found.get(ACCOUNTED, 0),
            positions={shard: reached for shard, reached in positions.items() if reached is not None},
            txns={app_id: found[app_id] for app_id in app_ids & found.keys()},
        )

    def present(self, bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
        """Those of the keys that the table holds rows of."""
        return present(self._table, bounds, keys)

    def append(self, kept: Sequence[Kept], txns: Mapping[str, int], token: str) -> int:
        """Commit rows and transactions as one version."""
        batches = [batch for each in kept for batch in each.rows.select(each.mask)]
        transactions = [Transaction(*txn) for txn in txns.items()]
        try:
            write_deltalake(
                self._table,
                ArrowTable.from_batches(batches),
                mode="append",
                # Fills columns that a file lacks, and adds those that the table lacks.
                schema_mode="merge",
                commit_properties=CommitProperties(custom_metadata={TOKEN: token}, app_transactions=transactions),
                writer_properties=WriterProperties(compression="ZSTD"),
            )
        except (DeltaError, OSError) as error:
            raise CommitFailed(f"{self._uri}: {error}") from error
        self._transactions.add(txns)
        return self._table.version()

    def version_of(self, token: str, after: int) -> int | None:
        """The version after this one that was committed with the token."""
        self._table.update_incremental()
        commits = self._table.history(max(self._table.version() - after, 1))
        return next((int(each["version"]) for each in commits if each.get(TOKEN) == token), None)

    def _open(self) -> DeltaTable:
        try:
            return DeltaTable(self._uri, storage_options=storage_options())
        except TableNotFoundError:
            return self._create()

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


class OpenTables:
    """Tables that stay open from one invocation to the next, so that only what was committed since has to be read."""

    def __init__(self, make: Callable[[TableContract], DeltaLakeTable]) -> None:
        self._make = make
        self._open: dict[str, DeltaLakeTable] = {}

    def open(self, contract: TableContract) -> DeltaLakeTable:
        """The table of a contract."""
        if contract.table not in self._open:
            self._open[contract.table] = self._make(contract)
        return self._open[contract.table]

    def forget(self, table: str) -> None:
        """Open the table anew the next time."""
        self._open.pop(table, None)


def schema_of(rows: ParquetRows) -> Schema:
    """The schema of staged rows, in the form of Delta."""
    return Schema.from_arrow(rows.table.schema)
