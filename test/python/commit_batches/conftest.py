"""What all tests of the committer share."""

from pathlib import Path

import pytest

from order_domain import Domain

SOURCES = Path(__file__).parents[3] / "lib" / "landing"


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return Domain(tmp_path, SOURCES)
