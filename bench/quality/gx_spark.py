"""Great Expectations on Spark, with its defaults: python gx_spark.py <lines.parquet> <rules.json> <rounds>."""

import os
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
from pyspark.sql import DataFrame

from contender import Failed, compete, session

context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
asset = context.data_sources.add_spark("spark").add_dataframe_asset("lines")
whole = asset.add_batch_definition_whole_dataframe("all")


def expectation(rule: dict[str, Any]) -> Any:
    """The nearest that Great Expectations has."""
    kind, columns, value = rule["kind"], rule["columns"], rule.get("value", "")
    if kind == "rowCount":
        low, high = rule["expect"]["bounds"]
        return gxe.ExpectTableRowCountToBeBetween(min_value=low, max_value=high)
    if kind == "unique":
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=columns)
    on: dict[str, Any] = {"column": columns[0]}
    match kind:
        case "required":
            mostly = 1 - rule["expect"]["bounds"][0] / 100 if "expect" in rule else 1
            return gxe.ExpectColumnValuesToNotBeNull(**on, mostly=mostly)
        case "pattern":
            return gxe.ExpectColumnValuesToMatchRegex(**on, regex=value)
        case "enum":
            return gxe.ExpectColumnValuesToBeInSet(**on, value_set=rule["values"])
        case "notIn":
            return gxe.ExpectColumnValuesToNotBeInSet(**on, value_set=[int(each) for each in rule["values"]])
        case "minLength":
            return gxe.ExpectColumnValueLengthsToBeBetween(**on, min_value=int(value))
        case "maxLength":
            return gxe.ExpectColumnValueLengthsToBeBetween(**on, max_value=int(value))
        case "minimum":
            return gxe.ExpectColumnValuesToBeBetween(**on, min_value=int(value))
        case "maximum":
            return gxe.ExpectColumnValuesToBeBetween(**on, max_value=int(value))
    raise ValueError(f"no equal of {kind}")


def judge(rows: DataFrame, rules: list[dict[str, Any]]) -> Failed:
    """All rules as one suite."""
    named = [expectation(rule) for rule in rules]
    for rule, each in zip(rules, named, strict=True):
        each.meta = {"rule": rule["id"]}
    suite = gx.ExpectationSuite(name="lines", expectations=named)
    results = whole.get_batch({"dataframe": rows}).validate(suite).results  # in an order of its own
    failed: Failed = {}
    for result in results:
        rule_id = result.expectation_config.meta["rule"]
        if result.exception_info.get("raised_exception"):
            raise RuntimeError(f"{rule_id}: {result.exception_info}")
        failed[rule_id] = 0 if result.success else result.result.get("unexpected_count", 0)
    return failed


compete(session(), judge)
