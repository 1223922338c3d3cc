"""What Spark says when something fails, without its plans and stack traces."""

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped] # it has no types
from pyspark.errors import PySparkException

#: PySpark translates what fails in analysis, but not what fails in a task.
SPARK_ERRORS = (PySparkException, Py4JJavaError)


def brief(error: BaseException) -> str:
    """The first line of the root cause."""
    if not isinstance(error, Py4JJavaError):
        return _first_line(str(error))
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return _first_line(cause.toString())


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
