"""Runs dbt as a person types it, over the silver tables of the local cloud, into tables that nobody else sees.

Usage: python local/run_dbt.py FOLDER DBT-ARGUMENT…
FOLDER has plan.json, and what contracts say of the inputs in described.json. The project, its tables and dbt's target
come to lie beside them. Each build is a full one.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.clients.yaml_helper import load_yaml_text

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "spark-jobs"))

from shared.delta import latest_version, table_exists  # after the path above
from shared.plan import ModelTask, parse_plan
from spark_driver.session import start_session
from steps.build_gold import make_missing, register_tables
from steps.choose_models import Choice, InputRange
from steps.dbt_project import assemble, variables

#: They read the project and no table.
WITHOUT_TABLES = ("ls", "list", "parse", "deps", "clean")


def main(folder: Path, arguments: Sequence[str]) -> int:
    """Put the project together, show dbt the tables that there are, and let it run; 0 when dbt says so."""
    plan = parse_plan((folder / "plan.json").read_text())
    if plan.model is None or not plan.model.tables:
        print(
            f"sluice: silver of '{plan.domain}' has no rows yet; send events first, then `sluice wait`", file=sys.stderr
        )
        return 1
    task = with_own_missing(plan.model, folder)
    shutil.rmtree(folder / "project", ignore_errors=True)
    assemble(folder / "project", plan.domain, task, json.loads((folder / "described.json").read_text()))
    if not set(WITHOUT_TABLES) & set(arguments[:1]):
        show_tables(task)
    given, rest = own_variables(arguments)
    values = {**variables(task, {table.id: InputRange(0, 0) for table in task.inputs}, everything(task)), **given}
    outcome = dbtRunner().invoke([*rest, *place(folder), "--vars", json.dumps(values)])
    if outcome.exception:
        print(f"sluice: {outcome.exception}", file=sys.stderr)
    return 0 if outcome.success else 1


def with_own_missing(task: ModelTask, folder: Path) -> ModelTask:
    """Optional inputs of which nothing has landed are made here, and not in silver."""
    inputs = (
        replace(table, uri=str(folder / "missing" / table.id)) if table.missing is not None else table
        for table in task.inputs
    )
    return replace(task, inputs=tuple(inputs))


def show_tables(task: ModelTask) -> None:
    """A session for dbt to find, whose catalogue has the tables of earlier builds."""
    spark = start_session()
    spark.sparkContext.setLogLevel("ERROR")
    make_missing(spark, task)
    built = {table.id: latest_version(spark, table.uri) for table in task.tables if table_exists(spark, table.uri)}
    register_tables(spark, task, built)


def everything(task: ModelTask) -> Choice:
    """All tables are made anew."""
    return Choice(rebuilt=frozenset(table.table for table in task.tables))


def own_variables(arguments: Sequence[str]) -> tuple[Mapping[str, Any], list[str]]:
    """What a person gave as `--vars`, and the other arguments: dbt takes only one of them."""
    rest = list(arguments)
    if "--vars" not in rest:
        return {}, rest
    at = rest.index("--vars")
    text = "".join(rest[at + 1 : at + 2])
    return load_yaml_text(text) or {}, rest[:at] + rest[at + 2 :]


def place(folder: Path) -> list[str]:
    """Where dbt finds the project, and where it leaves what it writes."""
    project = str(folder / "project")
    target, logs = str(folder / "target"), str(folder / "logs")
    return ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", logs]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
