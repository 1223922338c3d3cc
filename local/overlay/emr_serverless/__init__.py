"""EMR Serverless: applications and job runs that run the same script on this machine's Spark."""

import sys
from collections.abc import Mapping
from typing import Any

from overlay.emr_serverless import cloudformation, records
from overlay.emr_serverless.api import Api
from overlay.emr_serverless.driver import SparkDriver
from overlay.emr_serverless.runner import JobRunner
from overlay.emr_serverless.step_functions import PREFIX, start_job_run
from overlay.executions import is_wanted
from overlay.patching import REGISTERED_BY, register_service
from overlay.settings import Settings

NEEDS = {
    **REGISTERED_BY,
    "ministack.core.responses": ("AccountRegionScopedDict", "get_account_id", "get_region", "request_scope"),
    "ministack.services.stepfunctions": ("_SERVICE_DISPATCH", "_ExecutionError"),
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
    "ministack.services.eventbridge": ("_put_events",),
}

driver: SparkDriver
handle_request: Any


def install(settings: Settings) -> None:
    """Add the service, its task and its resource type."""
    global driver, handle_request
    from ministack.services import stepfunctions
    from ministack.services.cloudformation import provisioners

    driver = SparkDriver(settings)
    runner = JobRunner(driver, settings.endpoint)
    api = Api(runner)
    handle_request = api.handle_request
    register_service("emr-serverless", sys.modules[__name__])
    stepfunctions._SERVICE_DISPATCH[PREFIX] = start_job_run(api, runner, is_wanted)
    provisioners._RESOURCE_HANDLERS["AWS::EMRServerless::Application"] = {
        "create": cloudformation.create,
        "update": cloudformation.update,
        "delete": cloudformation.delete,
    }


def get_state() -> dict[str, Any]:
    """What MiniStack saves with the rest."""
    return records.snapshot()


def load_persisted_state(saved: Mapping[str, Any]) -> None:
    """What MiniStack loads at start."""
    records.restore(saved)


def reset() -> None:
    """What MiniStack calls when everything is to be forgotten."""
    records.clear()
