"""The project's code for functions that run on Spark's workers: they have nothing but what the driver sends them."""

import tempfile
from pathlib import Path
from zipfile import ZipFile

from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = ("landing", "shared", "steps", "transforms")


def ship_code(spark: SparkSession) -> None:
    """Make the project's packages importable on the workers."""
    path = Path(tempfile.mkdtemp()) / "sluice-jobs.zip"
    with ZipFile(path, "w") as archive:
        for file in (file for package in _PACKAGES for file in sorted((ROOT / package).glob("*.py"))):
            archive.write(file, file.relative_to(ROOT))
    spark.sparkContext.addPyFile(str(path))
