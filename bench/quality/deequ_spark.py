"""PyDeequ on Spark: python deequ_spark.py <lines.parquet> <rules.json> <rounds>."""

import os
from typing import Any

os.environ["SPARK_VERSION"] = "3.5"

import pydeequ
from pydeequ.checks import Check, CheckLevel
from pydeequ.verification import VerificationResult, VerificationSuite
from pyspark.sql import DataFrame

from contender import Failed, compete, session

JARS = "com.amazon.deequ:deequ:2.0.7-spark-3.5"
spark = session(**{"spark.jars.packages": JARS, "spark.jars.excludes": pydeequ.f2j_maven_coord})
COMPLIES = {
    "minLength": "char_length({}) >= {}",
    "maxLength": "char_length({}) <= {}",
    "minimum": "{} >= {}",
    "maximum": "{} <= {}",
}


def all_of(share: float) -> bool:
    """Every row complies."""
    return share == 1.0


def add(check: Check, rule: dict[str, Any]) -> Check:
    """The nearest that PyDeequ has."""
    kind, columns, value = rule["kind"], rule["columns"], rule.get("value")
    if kind == "rowCount":
        low, high = rule["expect"]["bounds"]
        return check.hasSize(lambda rows: low <= rows <= high)
    if kind == "unique":
        return check.hasUniqueness(columns, all_of)
    [name] = columns
    if kind == "required" and "expect" in rule:
        return check.hasCompleteness(name, lambda share: share > 1 - rule["expect"]["bounds"][0] / 100)
    if kind == "required":
        return check.isComplete(name)
    if kind == "pattern":
        return check.hasPattern(name, value, all_of)
    if kind == "enum":
        return check.isContainedIn(name, rule["values"])
    if kind == "notIn":
        return check.satisfies(f"{name} NOT IN ({', '.join(rule['values'])})", rule["id"], all_of)
    return check.satisfies(COMPLIES[kind].format(name, value), rule["id"], all_of)


def judge(rows: DataFrame, rules: list[dict[str, Any]]) -> Failed:
    """All rules as one check."""
    check = Check(spark, CheckLevel.Error, "lines")
    for rule in rules:
        check = add(check, rule)
    result = VerificationSuite(spark).onData(rows).addCheck(check).run()
    verdicts = VerificationResult.checkResultsAsDataFrame(spark, result).collect()
    metrics = VerificationResult.successMetricsAsDataFrame(spark, result).collect()
    values = {(metric["name"], metric["instance"]): metric["value"] for metric in metrics}
    size = values["Size", "*"]
    failed: Failed = {}
    for rule, verdict in zip(rules, verdicts, strict=True):
        share = values.get(metric_of(rule))
        count = None if share is None else round((1 - share) * size)
        failed[rule["id"]] = 0 if verdict["constraint_status"] == "Success" else count
    return failed


def metric_of(rule: dict[str, Any]) -> tuple[str, str]:
    """Where the share of rows that comply is told."""
    instance = ",".join(rule["columns"])
    match rule["kind"]:
        case "required":
            return "Completeness", instance
        case "pattern":
            return "PatternMatch", instance
        case "unique":
            return "Uniqueness", instance
        case "rowCount":
            return "Size", "*"
        case "enum":
            return "Compliance", f"{instance} contained in {','.join(rule['values'])}"
    return "Compliance", rule["id"]


compete(spark, judge)
gateway = spark.sparkContext._gateway
assert gateway  # PyDeequ has opened it, and it would keep the process
gateway.shutdown_callback_server()
spark.stop()
