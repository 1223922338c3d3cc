"""Entry script: bronze → silver, for all tables of a plan."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ARCHIVE = Path("sluice/spark-jobs")  # where spark.archives unpacks the project
sys.path.insert(0, str(ARCHIVE if ARCHIVE.is_dir() else Path(__file__).resolve().parents[1]))

from shared.job import Job  # noqa: E402
from shared.results import TableResult  # noqa: E402
from steps.refine_table import refine_table  # noqa: E402


def work(job: Job) -> list[TableResult]:
    """All tables at once: small ones leave the cluster idle between their stages."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda task: refine_table(job, task), job.plan.refine))


if __name__ == "__main__":
    job = Job.start("refine", sys.argv[1:])
    job.finish(job.plan.results.refine, work)
