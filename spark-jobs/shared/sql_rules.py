"""Rules in SQL: one statement that answers with one number. Read by Spark's own parser before it runs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import Any
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession

SECONDS = 60.0

#: As in `lib/contract/lint-sql.ts`, which has refused the rest already: but that was another parser.
FUNCTIONS = frozenset(
    (
        *("count", "sum", "min", "max", "avg", "abs", "floor", "ceil", "coalesce", "nullif", "greatest", "least"),
        *("lower", "upper", "trim", "length", "row_number", "rank", "dense_rank", "lag", "lead"),
    )
)
_CATALYST = "org.apache.spark.sql.catalyst."
_PLANS = frozenset(
    (
        *("Project", "Filter", "Aggregate", "Join", "Sort", "GlobalLimit", "LocalLimit", "Offset", "Distinct", "Union"),
        *("SubqueryAlias", "UnresolvedWith", "OneRowRelation", "LateralJoin", "WithWindowDefinition"),
    )
)
_UNRESOLVED = frozenset(
    (
        *("UnresolvedRelation", "UnresolvedAttribute", "UnresolvedAlias", "UnresolvedStar", "UnresolvedFunction"),
        *("UnresolvedHaving", "UnresolvedSubqueryColumnAliases", "UnresolvedOrdinal"),
    )
)


def answer(spark: SparkSession, query: str, tables: Mapping[str, DataFrame], seconds: float = SECONDS) -> float | None:
    """The number that a statement over the tables answers with. It reads nothing else, and ends in time."""
    refuse_unsafe(_parsed(spark, query), list(tables))
    for name, rows in tables.items():
        rows.createOrReplaceTempView(name)
    asked = spark.sql(query)
    _refuse_endless(asked)
    with _limited(spark, seconds):
        found = asked.limit(2).collect()
    if len(found) != 1 or len(found[0]) != 1:
        raise ValueError(f"found {len(found)} rows, allowed: 1 row with one number")
    return None if found[0][0] is None else float(found[0][0])


def refuse_unsafe(plan: Any, tables: list[str]) -> None:
    """Raise a ValueError for all but a SELECT of the tables with functions that are known to be harmless."""
    known = list(tables)
    for node in _nodes(plan):
        if isinstance(node.get("_1"), str):
            known.append(node["_1"])  # a name of a WITH, which holds from here on
        problem = _problem(node, known)
        if problem:
            raise ValueError(problem)


def _refuse_endless(asked: DataFrame) -> None:
    """Raise a ValueError for a join of all with all: Spark cannot stop a task in the middle of one."""
    physical = asked._jdf.queryExecution().executedPlan().toString()
    if "CartesianProduct" in physical or "BroadcastNestedLoopJoin" in physical:
        raise ValueError("joins rows without an equality, which may never end; allowed: JOIN ... ON a = b")


def _parsed(spark: SparkSession, query: str) -> Any:
    java = spark._jsparkSession
    return json.loads(java.sessionState().sqlParser().parsePlan(query).toJSON())


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a plan's JSON; a name of a WITH comes after its own definition."""
    if isinstance(tree, list):
        for item in tree:
            yield from _nodes(item)
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from _nodes(item)
        yield tree


def _problem(node: Mapping[str, Any], tables: list[str]) -> str | None:
    name = node.get("class", "").removeprefix(_CATALYST)
    if not name or name.startswith("expressions."):
        return None
    kind = name.rpartition(".")[2]
    if kind not in _PLANS and kind not in _UNRESOLVED:
        return f"found {kind}, allowed: a SELECT of what is there"
    if kind == "UnresolvedRelation" and _plain(node["multipartIdentifier"]) not in tables:
        return f"table: found {node['multipartIdentifier']}, allowed: {', '.join(tables)}"
    if kind == "UnresolvedFunction" and _plain(node["nameParts"]).lower() not in FUNCTIONS:
        return f"function: found {node['nameParts']}, allowed: {', '.join(sorted(FUNCTIONS))}"
    return None


def _plain(parts: str) -> str:
    """A name of one part; one of several keeps its comma and equals no plain one."""
    return parts.removeprefix("[").removesuffix("]")


@contextmanager
def _limited(spark: SparkSession, seconds: float) -> Iterator[None]:
    """Cancel what this thread has Spark do when it takes too long."""
    context = spark.sparkContext
    group = f"sql-rule-{uuid4()}"
    context.setJobGroup(group, "a rule in SQL", interruptOnCancel=True)
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(seconds)
        context.cancelJobGroup(group)

    timer = Timer(seconds, stop)
    timer.start()
    try:
        yield
    except Exception as error:
        if stopped:
            raise ValueError(f"took longer than {seconds:g} s, which is the limit of a rule in SQL") from error
        raise
    finally:
        timer.cancel()
        context.setLocalProperty("spark.jobGroup.id", "")
