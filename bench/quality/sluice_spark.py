"""The quality plan on Spark, as the jobs run it: python sluice_spark.py <lines.parquet> <rules.json> <rounds>."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark-jobs"))

from pyspark.sql import DataFrame

from checks.table_checks import Around, check_table
from contender import Failed, compete, session
from shared.decode import decode
from shared.plan import Check, Column

COLUMNS = [decode(Column, column) for column in json.loads(Path(sys.argv[2]).read_text())["columns"]]


def nothing(*_: Any) -> Any:
    """These rules look into no other table."""
    raise ValueError("not in this bench")


def judge(rows: DataFrame, rules: list[dict[str, Any]]) -> Failed:
    """All rules, with the samples that a run takes of what failed."""
    checks = [decode(Check, rule) for rule in rules]
    around = Around("lines", "2026-01-01T00:00:00Z", nothing, nothing)
    return {result.id: result.failed for result in check_table(rows, COLUMNS, checks, around)[1]}


compete(session(), judge)
