"""Entry script: one file that is too large for `land-file` → staged rows."""

import sys
from pathlib import Path

ARCHIVE = Path("sluice/spark-jobs")  # where spark.archives unpacks the project
sys.path.insert(0, str(ARCHIVE if ARCHIVE.is_dir() else Path(__file__).resolve().parents[1]))

from steps.run_load import run_load  # noqa: E402 # after the path above

if __name__ == "__main__":
    run_load(sys.argv[1:])
