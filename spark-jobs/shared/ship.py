"""The project's code for functions that run on Spark's workers: they have nothing but what the driver sends them."""

import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = ("landing", "shared", "steps", "transforms")


def ship_code(spark: SparkSession) -> None:
    """Make the project's packages importable on the workers."""
    content = _archive()
    # A driver that stays warm may see the code change, and Spark refuses another content under a name it knows.
    path = Path(tempfile.mkdtemp()) / f"sluice-jobs-{sha256(content).hexdigest()[:16]}.zip"
    path.write_bytes(content)
    spark.sparkContext.addPyFile(str(path))


def _archive() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for file in (file for package in _PACKAGES for file in sorted((ROOT / package).glob("*.py"))):
            archive.write(file, file.relative_to(ROOT))
    return buffer.getvalue()
