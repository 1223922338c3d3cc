"""Frames that are kept for as long as they are used."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import DataFrame


@contextmanager
def persisted(frame: DataFrame) -> Iterator[DataFrame]:
    """Keep what a frame turns out to be, for use inside."""
    cached = frame.persist()
    try:
        yield cached
    finally:
        cached.unpersist()
