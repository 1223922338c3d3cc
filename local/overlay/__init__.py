"""What MiniStack lacks on our paths: each module here is one patch, each guarded by a probe in test/python/local."""

import logging
from collections.abc import Sequence

from overlay import emr_serverless, executions, lambda_workers, metrics
from overlay.patching import OverlayError, Patch, check
from overlay.settings import Settings

__all__ = ["Cloud", "OverlayError", "Settings", "install"]

PATCHES: Sequence[Patch] = (lambda_workers, metrics, executions, emr_serverless)

logger = logging.getLogger("overlay")


class Cloud:
    """The patched emulator: what runs beside the requests."""

    def start(self) -> list[str]:
        """Start the background work, once requests are answered; returns what this machine lacks."""
        emr_serverless.driver.warm_up()
        executions.start()
        problem = emr_serverless.driver.problem()
        return [problem] if problem else []

    def stop(self) -> None:
        """Stop the background work."""
        emr_serverless.driver.stop()


def install(settings: Settings) -> Cloud:
    """Check that every symbol we patch is there, then patch."""
    check(PATCHES)
    settings.logs.mkdir(exist_ok=True)
    for patch in PATCHES:
        patch.install(settings)
    logger.info("Overlay: %d patches", len(PATCHES))
    return Cloud()
