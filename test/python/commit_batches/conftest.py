"""Makes the modules of `commit-batches` importable, as they are in Lambda."""

import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "lambdas" / "commit-batches"
sys.path.insert(0, str(SOURCES))

from order_domain import Domain  # noqa: E402 it imports what the path leads to


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return Domain(tmp_path, SOURCES)
