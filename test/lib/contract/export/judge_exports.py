"""What other tools say of files, in one process, since each of them takes long to start.

Reads `{"odcs": {name: text}, "spark": [statement], "dbt": {name: sources.yml}}` and writes what they make of it.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import sqlglot
from datacontract.data_contract import DataContract
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

PROFILE = "p: {target: t, outputs: {t: {type: spark, method: session, schema: s, host: NA}}}"


def lint(text: str) -> list[str]:
    """Everything that datacontract-cli says of a contract: by which version it is valid, or what is wrong."""
    run = DataContract(data_contract_str=text, inline_references=False, all_errors=True).lint()
    said = [(str(check.result.value if check.result else "none"), check) for check in run.checks or []]
    return [": ".join([result, check.name or "", *([check.reason] if check.reason else [])]) for result, check in said]


def spark_columns(statement: str) -> list[list[str]]:
    """Name, type and comment of a table's columns as a parser of Spark's SQL has them."""
    table = next(t for t in sqlglot.parse(statement, read="spark") if t and t.args.get("kind") == "TABLE")
    columns = table.this.expressions
    comments = [c.find(sqlglot.exp.CommentColumnConstraint) for c in columns]
    return [
        [c.name, c.args["kind"].sql("spark"), comment.this.name if comment else ""]
        for c, comment in zip(columns, comments, strict=True)
    ]


def parse_dbt(sources: dict[str, str]) -> dict[str, Any]:
    """The tables and tests that dbt finds in these files; a warning of dbt's is an error here."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "models").mkdir()
        (root / "dbt_project.yml").write_text("{name: p, version: '1.0', profile: p}")
        (root / "profiles.yml").write_text(PROFILE)
        for name, text in sources.items():
            (root / "models" / f"{name}.yml").write_text(text)
        runner = dbtRunner()
        place = ["--project-dir", folder, "--profiles-dir", folder]
        quiet = ["--warn-error", "--quiet", "--no-send-anonymous-usage-stats", "--no-partial-parse"]
        parsed = runner.invoke([*quiet, "parse", *place])
        if not isinstance(parsed.result, Manifest):
            raise SystemExit(f"dbt refuses the sources: {parsed.exception}")
        manifest = parsed.result.to_dict()
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    return {
        "tables": {
            source["name"]: {
                "freshness": source["freshness"],
                "loadedAt": source["loaded_at_field"],
                "columns": {name: column["data_type"] for name, column in source["columns"].items()},
            }
            for source in manifest["sources"].values()
        },
        "tests": sorted(f"{t['column_name']} {t['test_metadata']['name']} {t['config']['severity']}" for t in tests),
    }


asked = json.load(sys.stdin)
json.dump(
    {
        "odcs": {name: lint(text) for name, text in asked["odcs"].items()},
        "spark": [spark_columns(statement) for statement in asked["spark"]],
        "dbt": parse_dbt(asked["dbt"]),
    },
    sys.stdout,
)
