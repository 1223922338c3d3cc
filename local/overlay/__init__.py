"""What MiniStack lacks on our paths: each module here is one patch, each guarded by a probe in test/python/local."""

import logging
from collections.abc import Sequence

from overlay import (
    alarms,
    autosave,
    cloudformation,
    emr_serverless,
    event_targets,
    executions,
    firehose,
    lake_formation,
    lambda_workers,
    metrics,
    queue_mappings,
    resharding,
    schedules,
    stream_mappings,
)
from overlay.patching import OverlayError, Patch, check
from overlay.settings import Settings

__all__ = ["Cloud", "OverlayError", "Settings", "install"]

PATCHES: Sequence[Patch] = (
    lambda_workers,
    metrics,
    executions,
    resharding,
    stream_mappings,
    queue_mappings,
    emr_serverless,
    lake_formation,
    alarms,
    event_targets,
    schedules,
    cloudformation,
    firehose,
    autosave,
)

logger = logging.getLogger("overlay")


class Cloud:
    """The patched emulator: what runs beside the requests."""

    def start(self) -> list[str]:
        """Start the background work, once requests are answered; returns what this machine lacks."""
        problem = emr_serverless.driver.problem()
        emr_serverless.driver.warm_up()
        stream_mappings.start()
        alarms.start()
        autosave.start()
        executions.start()
        firehose.start()
        return [problem] if problem else []

    def stop(self) -> None:
        """Stop the background work while requests are still answered: functions that run need them to finish."""
        autosave.stop()
        firehose.stop()
        alarms.stop()
        stream_mappings.stop()
        emr_serverless.driver.stop()


def install(settings: Settings) -> Cloud:
    """Check that every symbol we patch is there, then patch."""
    check(PATCHES)
    settings.logs.mkdir(exist_ok=True)
    for patch in PATCHES:
        patch.install(settings)
    logger.info("%d patches installed", len(PATCHES))
    return Cloud()
