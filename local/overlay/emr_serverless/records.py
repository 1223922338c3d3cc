"""Applications and job runs as EMR Serverless describes them; kept per account and region, saved with the rest."""

import copy
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

Record = dict[str, Any]

FINAL_STATES = ("SUCCESS", "FAILED", "CANCELLED")
STARTED_STATES = ("STARTING", "STARTED")

applications: Any = AccountRegionScopedDict()
job_runs: Any = AccountRegionScopedDict()

_changing = threading.Lock()


class ApiError(Exception):
    """A refusal, with the error code that EMR Serverless gives."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def new_id() -> str:
    """An id in EMR's form."""
    return "00" + uuid.uuid4().hex[:14]


def arn_of(path: str) -> str:
    """An ARN of the current account and region."""
    return f"arn:aws:emr-serverless:{get_region()}:{get_account_id()}:{path}"


def create_application(request: Mapping[str, Any]) -> Record:
    """A new application, in state CREATED."""
    for required in ("releaseLabel", "type"):
        if not request.get(required):
            raise ApiError("ValidationException", f"{required} is missing; an application needs a release and a type")
    application_id, now = new_id(), time.time()
    kept = {name: value for name, value in request.items() if name != "clientToken"}
    application = {
        "autoStartConfiguration": {"enabled": True},
        "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": 15},
        "architecture": "X86_64",
        **kept,
        "applicationId": application_id,
        "arn": arn_of(f"/applications/{application_id}"),
        "state": "CREATED",
        "createdAt": now,
        "updatedAt": now,
    }
    applications[application_id] = application
    return application


def application_of(application_id: str) -> Record:
    """The application with this id, stopped if it has been idle for long enough."""
    application: Record | None = applications.get(application_id)
    if application is None:
        raise ApiError("ResourceNotFoundException", f"Application {application_id} does not exist.", 404)
    stop_when_idle(application)
    return application


def stop_when_idle(application: Record) -> None:
    """Do what the auto-stop timer of the application would have done by now."""
    auto_stop = application["autoStopConfiguration"]
    idle_seconds = time.time() - application["updatedAt"]
    is_idle = not any(is_active(run) for run in runs_of(application["applicationId"]))
    overdue = idle_seconds > 60 * auto_stop.get("idleTimeoutMinutes", 15)
    if application["state"] == "STARTED" and auto_stop.get("enabled", True) and is_idle and overdue:
        change_state(application, "STOPPED")


def create_job_run(application: Record, request: Mapping[str, Any]) -> Record:
    """A new job run, in state SUBMITTED."""
    run_id, now = new_id(), time.time()
    run = {
        "applicationId": application["applicationId"],
        "jobRunId": run_id,
        "arn": arn_of(f"/applications/{application['applicationId']}/jobruns/{run_id}"),
        "createdBy": arn_of("local").replace("emr-serverless", "sts"),
        "executionRole": request["executionRoleArn"],
        "releaseLabel": application["releaseLabel"],
        "jobDriver": request["jobDriver"],
        **{
            name: request[name] for name in ("name", "tags", "configurationOverrides", "retryPolicy") if name in request
        },
        "executionTimeoutMinutes": request.get("executionTimeoutMinutes", 720),
        "mode": "BATCH",
        "attempt": 1,
        "state": "SUBMITTED",
        "stateDetails": "",
        "clientToken": request["clientToken"],
        "createdAt": now,
        "updatedAt": now,
    }
    job_runs[run_id] = run
    return run


def job_run_of(application_id: str, run_id: str) -> Record:
    """The job run with this id."""
    run: Record | None = job_runs.get(run_id)
    if run is None or run["applicationId"] != application_id:
        raise ApiError("ResourceNotFoundException", f"Job run {run_id} does not exist.", 404)
    return run


def runs_of(application_id: str) -> list[Record]:
    """The application's runs, newest first."""
    runs = [run for run in job_runs.values() if run["applicationId"] == application_id]
    return sorted(runs, key=lambda run: float(run["createdAt"]), reverse=True)


def is_active(run: Mapping[str, Any]) -> bool:
    """Whether the run can still change."""
    return run["state"] not in FINAL_STATES


def change_state(record: Record, state: str, details: str = "") -> str | None:
    """Move a record to a state and return the one before; None when nothing changes.

    A final state is final, and what is being cancelled ends cancelled, whatever comes last.
    """
    with _changing:
        before: str = record["state"]
        if before in FINAL_STATES or before == state:
            return None
        if before == "CANCELLING":
            state, details = "CANCELLED", record["stateDetails"]
        record.update(state=state, stateDetails=details, updatedAt=time.time())
        return before


def snapshot() -> dict[str, Any]:
    """Everything, for saving."""
    return {"applications": copy.deepcopy(applications), "job_runs": copy.deepcopy(job_runs)}


def restore(saved: Mapping[str, Any]) -> None:
    """Everything back; what ran when the cloud stopped has failed."""
    applications.update(saved.get("applications", {}))
    job_runs.update(saved.get("job_runs", {}))
    for run in job_runs.all_values():
        change_state(run, "FAILED", "Job failed: the local cloud stopped while it ran; start it again")


def clear() -> None:
    """Forget everything."""
    applications.clear()
    job_runs.clear()
