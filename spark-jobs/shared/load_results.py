"""What a load reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StagedFile:
    """One Parquet file that waits for its commit."""

    table: str
    staged: str
    rows: int
    contract_version: str


@dataclass(frozen=True)
class Produced:
    """Events by the table that they were meant for, as they were read."""

    table: str
    events: int


@dataclass(frozen=True)
class LoadResults:
    """What became of a file's rows. `reason` is set when the file could not be read as a whole."""

    version: int
    shard: str
    rows: int
    landed: int
    refused: int
    produced: tuple[Produced, ...]
    staged: tuple[StagedFile, ...]
    reason: str | None = None
