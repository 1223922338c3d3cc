"""What the launcher tells the overlay about this machine."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where things are; made once by the launcher, before the emulator is imported."""

    home: Path
    scratch: Path
    endpoint: str
    region: str
    node_bin: str
    spark_jars: Path | None

    @property
    def logs(self) -> Path:
        """The folder of log files."""
        return self.home / "logs"
