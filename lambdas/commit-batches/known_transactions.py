"""The transactions of a table that stays open. To ask for one means to read the log since the last checkpoint, so what
is known is kept for as long as nobody else can have written one.
"""

from collections.abc import Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

# What maintenance and deploys commit beside the committer: it writes no transaction.
WITHOUT_TRANSACTIONS = {"OPTIMIZE", "VACUUM START", "VACUUM END", "ADD COLUMN"}

# Commits of others that are looked at; to look at more would cost as much as to ask again.
LOOKED_AT = 5

# An answer takes several requests to S3, one after the other.
ASKED_AT_ONCE = 8


class Log(Protocol):
    """What is asked of a Delta table."""

    def version(self) -> int: ...

    def history(self, limit: int) -> list[dict[str, Any]]: ...

    def transaction_version(self, app_id: str) -> int | None: ...


class KnownTransactions:
    """What the transactions of a table say at the version that it was read at last."""

    def __init__(self, table: Log) -> None:
        self._table = table
        self._known: dict[str, int | None] = {}
        self._at = -1

    def read(self, app_ids: Set[str]) -> dict[str, int]:
        """The versions of these transactions; one that the table lacks is left out."""
        self._follow(self._table.version())
        asked = sorted(app_ids - self._known.keys())
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            self._known.update(zip(asked, pool.map(self._table.transaction_version, asked), strict=True))
        return {app_id: found for app_id in app_ids if (found := self._known[app_id]) is not None}

    def add(self, txns: Mapping[str, int]) -> None:
        """Know what the table's newest commit wrote, which was this process's own."""
        newest = self._table.version()
        self._follow(newest - 1)
        self._known.update(txns)
        self._at = newest

    def _follow(self, version: int) -> None:
        if version != self._at and not self._is_silent(version):
            self._known.clear()
        self._at = version

    def _is_silent(self, version: int) -> bool:
        """Whether no commit since, up to this version, can have written a transaction."""
        since = self._table.version() - self._at
        if not 0 < since <= LOOKED_AT:
            return False
        commits = [each["operation"] for each in self._table.history(since) if int(each["version"]) <= version]
        return len(commits) == version - self._at and WITHOUT_TRANSACTIONS.issuperset(commits)
