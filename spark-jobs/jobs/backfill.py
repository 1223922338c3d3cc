"""Entry script: a range of bronze once more → silver, one interval or the end of a backfill."""

import sys
from pathlib import Path

ARCHIVE = Path("sluice/spark-jobs")  # where spark.archives unpacks the project
sys.path.insert(0, str(ARCHIVE if ARCHIVE.is_dir() else Path(__file__).resolve().parents[1]))

from steps.run_backfill import run_backfill  # noqa: E402 # after the path above

if __name__ == "__main__":
    run_backfill(sys.argv[1:])
