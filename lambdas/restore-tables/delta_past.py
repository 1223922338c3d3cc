"""Earlier versions of a Delta table, by delta-rs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlparse

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from storage import storage_options

# Names by Spark and by delta-rs of commits that change no row.
QUIET = {"OPTIMIZE", "VACUUM START", "VACUUM END", "SET TBLPROPERTIES", "ADD COLUMN", "ADD COLUMNS"}

# Whether a file is there, by its URI.
IsThere = Callable[[str], bool]


class DeltaPast:
    """A table that is taken back by commits to its log alone: no row is read or written."""

    def __init__(self, uri: str, is_there: IsThere) -> None:
        self._uri = uri
        self._is_there = is_there
        self._table = DeltaTable(uri, storage_options=storage_options())

    def version(self) -> int:
        return int(self._table.version())

    def holds(self, version: int) -> bool:
        newer = self.version() - version
        if newer <= 0:
            return newer == 0
        commits = self._table.history(newer)
        return len(commits) == newer and all(each["operation"] in QUIET for each in commits)

    def why_lost(self, version: int) -> str | None:
        if version > self.version():
            return f"version {version} is ahead of the table, which was made anew"
        try:
            files = DeltaTable(self._uri, version=version, storage_options=storage_options()).file_uris()
        except DeltaError:
            return f"version {version} is in the table's log no more"
        lost = sum(not self._is_there(file) for file in files)
        return f"{lost} of the {len(files)} files of version {version} are deleted" if lost else None

    def restore(self, version: int) -> int:
        self._table.restore(version)
        return self.version()


def open_past(uri: str, is_there: IsThere) -> DeltaPast | None:
    """The table at a place, or None where there is none."""
    try:
        return DeltaPast(uri, is_there)
    except TableNotFoundError:
        return None


class ListedFiles:
    """Files in S3, each folder listed once: a table has as many files as a request for each would take minutes."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._folders: dict[str, set[str]] = {}

    def below(self, folder: str) -> IsThere:
        """Whether files below a table's folder are there."""
        if folder not in self._folders:
            self._folders[folder] = self._list(folder)
        names = self._folders[folder]
        # The log writes a partition's value as it stands in a URL.
        return lambda uri: (key := _key(uri)) in names or unquote(key) in names

    def _list(self, folder: str) -> set[str]:
        place = {"Bucket": urlparse(folder).netloc, "Prefix": f"{_key(folder)}/"}
        pages = self._s3.get_paginator("list_objects_v2").paginate(**place)
        return {each["Key"] for page in pages for each in page.get("Contents", [])}


def _key(uri: str) -> str:
    return urlparse(uri).path.removeprefix("/")
