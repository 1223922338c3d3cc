"""Two clouds for the probes: MiniStack as it is, and with the overlay."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator import Emulator


@pytest.fixture(scope="session")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, Emulator]]:
    """Both, started side by side."""
    homes = tmp_path_factory.mktemp("clouds")
    both = (Emulator(homes / "bare", "--bare"), Emulator(homes / "cloud", AWS_PROFILE="of-the-developer"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(Emulator.start, reversed(both)))
        yield both
        list(pool.map(Emulator.stop, both))


@pytest.fixture(scope="session")
def bare(clouds: tuple[Emulator, Emulator]) -> Emulator:
    """MiniStack as it is. A probe that no longer finds the gap here tells that the patch can go."""
    return clouds[0]


@pytest.fixture(scope="session")
def cloud(clouds: tuple[Emulator, Emulator]) -> Emulator:
    """MiniStack with the overlay."""
    return clouds[1]
