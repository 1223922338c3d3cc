"""Entry script: silver → gold, for all gold tables of a plan."""

import sys
from pathlib import Path

ARCHIVE = Path("sluice/spark-jobs")  # where spark.archives unpacks the project
sys.path.insert(0, str(ARCHIVE if ARCHIVE.is_dir() else Path(__file__).resolve().parents[1]))

from shared.job import Job  # noqa: E402 # after the path above
from steps.build_gold import build_gold  # noqa: E402 # after the path above

if __name__ == "__main__":
    job = Job.start("model", sys.argv[1:])
    job.finish(job.plan.results.model, build_gold)
