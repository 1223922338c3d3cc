"""What a load of one file is told: the file, how it is read, and the contracts that its events may be of, as data."""

import json
from dataclasses import dataclass
from typing import Any

from shared.decode import decode
from shared.plan import Column


@dataclass(frozen=True)
class FileForm:
    """How a file is written; see `lib/source/source-mapping.ts`."""

    format: str
    encoding: str
    delimiter: str
    quote: str
    header: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SourceFile:
    """A source's mapping as it is written in its file."""

    source: str
    event: str
    id: str
    time: str
    files: FileForm
    csv: dict[str, Any] | None = None


@dataclass(frozen=True)
class LoadContract:
    """A bronze table that takes events."""

    id: str
    version: str
    event: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class LoadPlan:
    """All that a load will do.

    `table` is that of the file's folder; `arrived_micros`, since 1970, is the only clock for data.
    """

    version: int
    domain: str
    table: str
    uri: str
    shard: str
    size: int
    arrived_micros: int
    compression: str
    form: FileForm
    contracts: tuple[LoadContract, ...]
    bronze_columns: tuple[Column, ...]
    quarantine_columns: tuple[Column, ...]
    quarantine: str
    staged: str
    results: str
    token_secret_arn: str
    event_id_secret_arn: str
    quarantine_key_arn: str
    source: SourceFile | None = None


_ENCODINGS = ("utf-8", "latin1", "windows-1252")


def parse_load_plan(text: str) -> LoadPlan:
    """Read a plan and refuse what this code cannot carry out."""
    plan = decode(LoadPlan, json.loads(text))
    if plan.version != 1:
        raise ValueError(f"load: found version {plan.version}, allowed: 1; deploy the jobs and the functions together")
    name = plan.uri.rpartition("/")[2]
    if plan.form.format not in ("csv", "jsonl"):
        raise ValueError(
            f"{plan.uri}: found a large {plan.form.format} file; allowed are csv, jsonl; write smaller files"
        )
    if plan.form.encoding not in _ENCODINGS:
        raise ValueError(f"{plan.uri}: found {plan.form.encoding} text; allowed are {', '.join(_ENCODINGS)}")
    if plan.compression not in ("none", "gzip"):
        raise ValueError(f"{plan.uri}: found {plan.compression} data; allowed are gzip and no compression")
    # Spark goes by the name alone, and passes over names of its own kind of hidden files.
    if (plan.compression == "gzip") != name.endswith(".gz") or name.startswith(("_", ".")):
        raise ValueError(
            f"{plan.uri}: allowed is a name that ends in .gz when it is gzip data, and begins with no _ or ."
        )
    return plan
