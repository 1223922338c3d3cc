"""A backfill's intervals and its end as jobs: the plan, the session, the results."""

import argparse
from collections.abc import Sequence

from pyspark.sql import SparkSession

from shared.backfill_plan import parse_backfill_plan
from shared.decode import encode
from shared.files import read_text, write_text
from shared.job import Context, configure
from steps.fill_interval import fill_interval
from steps.settle_backfill import settle_backfill


def run_backfill(argv: Sequence[str]) -> None:
    """Fill one interval, or settle; the result is where the plan says."""
    arguments = _parse(argv)
    spark = SparkSession.builder.getOrCreate()
    configure(spark)
    plan = parse_backfill_plan(read_text(spark, arguments.plan))
    job = Context("backfill", plan.backfill_id, spark)
    with job.timed("job", plan.task.table):
        if arguments.settle is None:
            filled = fill_interval(job, plan, arguments.fill)
            write_text(spark, plan.interval_uri(arguments.fill), encode(filled))
        else:
            settled = settle_backfill(job, plan, arguments.settle, arguments.dry_run)
            write_text(spark, plan.settled_uri, encode(settled))


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="backfill")
    parser.add_argument("--plan", required=True, help="URI of the backfill's plan.json")
    work = parser.add_mutually_exclusive_group(required=True)
    work.add_argument("--fill", type=int, metavar="INDEX", help="the interval to fill")
    work.add_argument("--settle", type=int, metavar="VERSION", help="bronze's version that silver has taken in")
    parser.add_argument("--dry-run", action="store_true", help="with --settle: compare only")
    return parser.parse_args(argv)
