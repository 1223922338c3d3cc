"""The load of one file as a job: its plan, its session, its keys, its results."""

import argparse
from collections.abc import Callable, Sequence

from pyspark.sql import SparkSession

from shared.decode import encode
from shared.files import read_text, write_text
from shared.job import configure
from shared.load_keys import Keys, fetch_keys
from shared.load_plan import LoadPlan, parse_load_plan
from shared.load_results import LoadResults
from shared.ship import ship_code
from steps.load_file import load_file


def run_load(argv: Sequence[str], keys_of: Callable[[LoadPlan], Keys] = fetch_keys) -> LoadResults:
    """Load the file of the plan that `--plan` names, and leave the results."""
    parser = argparse.ArgumentParser(prog="load")
    parser.add_argument("--plan", required=True, help="URI of load.json")
    uri = parser.parse_args(argv).plan
    spark = SparkSession.builder.getOrCreate()
    configure(spark)
    ship_code(spark)
    plan = parse_load_plan(read_text(spark, uri))
    results = load_file(spark, plan, keys_of(plan))
    write_text(spark, plan.results, encode(results))
    print(f"load={plan.shard} rows={results.rows} landed={results.landed} refused={results.refused}", flush=True)
    return results
