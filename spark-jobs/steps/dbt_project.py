"""A dbt project in a folder of its own: the frame, the domain's models, and what the plan says about this run."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from shared.plan import ModelTable, ModelTask
from shared.types import quote, statistics_columns

FRAME = Path(__file__).resolve().parents[1] / "dbt"
PROJECT = FRAME.parents[1]
#: Its log lines would not say which run they belong to; the job logs what matters.
QUIET = ["--log-level", "none", "--log-level-file", "none", "--no-version-check", "--no-send-anonymous-usage-stats"]


@dataclass(frozen=True)
class InputRange:
    """The change of an input since the slot was last built: nothing when from is above to, all of it when from is 0."""

    from_version: int
    to_version: int


def assemble(folder: Path, domain: str, task: ModelTask) -> None:
    """Put the project together; a gold table without a model is an error of the domain, found before anything runs."""
    models = PROJECT / "domains" / domain / "models"
    for table in task.tables:
        _model_of(models, table, domain)
    shutil.copytree(FRAME, folder, dirs_exist_ok=True)
    shutil.copytree(models, folder / "models", dirs_exist_ok=True)
    (folder / "models" / "sources.yml").write_text(json.dumps(sources(task)))  # JSON is YAML


def _model_of(models: Path, table: ModelTable, domain: str) -> Path:
    found = next(models.rglob(f"{table.table}.sql"), None)
    if found is None:
        raise FileNotFoundError(f"{table.id}: found no model; write domains/{domain}/models/{table.table}.sql")
    return found


def fingerprints(folder: Path, domain: str, task: ModelTask) -> dict[str, str]:
    """By name of a table without inputs: what its contract and its model come to. Of any other, rows tell more."""
    return {
        table.table: _fingerprint(_model_of(folder / "models", table, domain), table)
        for table in task.tables
        if table.is_fixed
    }


def _fingerprint(model: Path, table: ModelTable) -> str:
    text = json.dumps([table.contract_version, [asdict(column) for column in table.columns], model.read_text()])
    return sha256(text.encode()).hexdigest()


def sources(task: ModelTask) -> dict[str, Any]:
    """The silver tables as dbt's sources: by their URI, so that no catalogue has to know them."""
    tables: dict[str, list[dict[str, str]]] = {}
    for table in task.inputs:
        tables.setdefault(table.source, []).append({"name": table.table, "identifier": quote(table.uri)})
    found = [{"name": name, "schema": "delta", "tables": listed} for name, listed in tables.items()]
    return {"version": 2, "sources": found}


def variables(task: ModelTask, ranges: Mapping[str, InputRange], made_by: Mapping[str, str]) -> dict[str, Any]:
    """What differs from run to run."""
    return {
        "database": task.database,
        "location_root": task.location_root,
        "inputs": {table.name: {"uri": table.uri, **asdict(ranges[table.id])} for table in task.inputs},
        "statistics": {table.table: statistics_columns(table.columns) for table in task.tables},
        "made_by": dict(made_by),
    }


def build(folder: Path, values: Mapping[str, Any], full: bool, kept: Iterable[str]) -> Any:
    """
    Run the models, but those that are kept, in this process and its Spark session; returns dbt's results, one for
    each model and test.
    """
    place = ["--project-dir", str(folder), "--profiles-dir", str(folder), "--log-path", str(folder / "logs")]
    choice = [*(["--full-refresh"] if full else []), *(argument for name in kept for argument in ("--exclude", name))]
    arguments = ["build", *place, *QUIET, "--vars", json.dumps(values), *choice]
    outcome: Any = dbtRunner().invoke(arguments)
    if outcome.exception:
        raise RuntimeError(f"dbt: {_head(str(outcome.exception))}") from outcome.exception
    failed = [result for result in outcome.result.results if result.status in ("error", "fail")]
    if failed:
        raise RuntimeError("; ".join(f"{_name(result.node)}: {_head(result.message)}" for result in failed))
    return outcome.result


def inputs_of(folder: Path, model: str) -> set[tuple[str, str]]:
    """Source and table of what a model reads, through other models too."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text())
    parents, found, waiting = manifest["parent_map"], set(), [f"model.sluice.{model}"]
    while waiting:
        node = waiting.pop()
        if node.startswith("source."):
            source = manifest["sources"][node]
            found.add((source["source_name"], source["name"]))
        waiting += parents.get(node, [])
    return found


def _name(node: Any) -> str:
    return f"{node.resource_type} {node.name}"


def _head(message: str | None) -> str:
    """The lines that say what happened."""
    lines = [line.strip() for line in (message or "no message").splitlines() if line.strip()]
    return " ".join(lines[:3])
