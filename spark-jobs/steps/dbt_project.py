"""A dbt project in a folder of its own: the frame, the domain's models, and what the plan says about this run."""

import json
import re
import shutil
from collections.abc import Mapping, Set
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from shared.plan import ModelTable, ModelTask
from shared.types import quote, statistics_columns
from steps.choose_models import Choice, InputRange

FRAME = Path(__file__).resolve().parents[1] / "dbt"
PROJECT = FRAME.parents[1]
#: Its log lines would not say which run they belong to; the job logs what matters.
QUIET = ["--log-level", "none", "--log-level-file", "none", "--no-version-check", "--no-send-anonymous-usage-stats"]

SOURCE = re.compile(r"""\bsource\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]\s*\)""")

Described = Mapping[str, Mapping[str, Any]]
NOT_DESCRIBED: Described = {}


def assemble(folder: Path, domain: str, task: ModelTask, described: Described = NOT_DESCRIBED) -> None:
    """
    Put the project together; a gold table without a model is an error of the domain, found before anything runs.

    :param described: by id of an input what dbt's documentation says of it: `description`, `columns`
    """
    models = PROJECT / "domains" / domain / "models"
    for table in task.tables:
        _model_of(models, table, domain)
    shutil.copytree(FRAME, folder, dirs_exist_ok=True)
    shutil.copytree(models, folder / "models", dirs_exist_ok=True)
    found = sources(task, described, _read_by(models))
    (folder / "models" / "sources.yml").write_text(json.dumps(found))  # JSON is YAML


def _model_of(models: Path, table: ModelTable, domain: str) -> Path:
    found = next(models.rglob(f"{table.table}.sql"), None)
    if found is None:
        raise FileNotFoundError(f"{table.id}: found no model; write domains/{domain}/models/{table.table}.sql")
    return found


def _read_by(models: Path) -> set[tuple[str, str]]:
    """Source and table of what any model reads."""
    return {found for model in models.rglob("*.sql") for found in SOURCE.findall(model.read_text())}


def sources(task: ModelTask, described: Described, read: Set[tuple[str, str]]) -> dict[str, Any]:
    """
    The silver tables as dbt's sources: by their URI, so that no catalogue has to know them. Those that only models
    outside the plan read have a name alone: dbt reads all models, and there may be nothing in these tables yet.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in task.inputs:
        place = {"name": table.table, "identifier": quote(table.uri)}
        tables.setdefault(table.source, []).append({**described.get(table.id, {}), **place})
    for source, name in sorted(read - {(table.source, table.table) for table in task.inputs}):
        tables.setdefault(source, []).append({"name": name})
    found = [{"name": name, "schema": "delta", "tables": listed} for name, listed in tables.items()]
    return {"version": 2, "sources": found}


def variables(task: ModelTask, ranges: Mapping[str, InputRange], choice: Choice) -> dict[str, Any]:
    """What differs from run to run."""
    return {
        "database": task.database,
        "location_root": task.location_root,
        "inputs": {table.name: {"uri": table.uri, **asdict(ranges[table.id])} for table in task.inputs},
        "statistics": {table.table: statistics_columns(table.columns) for table in task.tables},
        "made_by": dict(choice.made_by),
        "rebuilt": sorted(choice.rebuilt),
    }


def parse(folder: Path, values: Mapping[str, Any]) -> Any:
    """The project's manifest, as dbt reads it: nothing has run yet."""
    return _invoke(dbtRunner(), "parse", folder, values)


def build(folder: Path, task: ModelTask, values: Mapping[str, Any], manifest: Any, choice: Choice) -> Any:
    """
    Run the models of the plan, but those that are kept, in this process and its Spark session; returns dbt's results,
    one for each model and test.
    """
    planned = [argument for table in task.tables for argument in ("--select", f"+{table.table}")]
    kept = [argument for name in sorted(choice.kept) for argument in ("--exclude", name)]
    # They judge the text of a model, on made-up rows: that is done before it is deployed.
    no_unit_tests = ["--exclude-resource-type", "unit_test"]
    outcome = _invoke(dbtRunner(manifest=manifest), "build", folder, values, *planned, *kept, *no_unit_tests)
    failed = [result for result in outcome.results if result.status in ("error", "fail")]
    if failed:
        raise RuntimeError("; ".join(f"{_name(result.node)}: {_head(result.message)}" for result in failed))
    return outcome


def _invoke(dbt: dbtRunner, command: str, folder: Path, values: Mapping[str, Any], *more: str) -> Any:
    place = ["--project-dir", str(folder), "--profiles-dir", str(folder), "--log-path", str(folder / "logs")]
    outcome: Any = dbt.invoke([command, *place, *QUIET, "--vars", json.dumps(values), *more])
    if outcome.exception:
        raise RuntimeError(f"dbt: {_head(str(outcome.exception))}") from outcome.exception
    return outcome.result


def _name(node: Any) -> str:
    return f"{node.resource_type} {node.name}"


def _head(message: str | None) -> str:
    """The lines that say what happened."""
    lines = [line.strip() for line in (message or "no message").splitlines() if line.strip()]
    return " ".join(lines[:3])
