"""EMR Serverless's REST API over the records."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from overlay.emr_serverless import records
from overlay.emr_serverless.events import advance, announce
from overlay.emr_serverless.records import STARTED_STATES, ApiError, Record
from overlay.emr_serverless.runner import JobRunner

Response = tuple[int, dict[str, str], bytes]

logger = logging.getLogger("emr-serverless")

SUMMARY = ("applicationId", "name", "arn", "state", "stateDetails", "createdAt", "updatedAt", "type", "releaseLabel")
RUN_SUMMARY = (*SUMMARY, "jobRunId", "createdBy", "executionRole", "mode", "attempt")


class Api:
    """The operations; the runner is what makes jobs run."""

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner

    async def handle_request(
        self, method: str, path: str, _headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Response:
        """Answer one request."""
        try:
            operation, ids = self._route(method, path.strip("/").split("/"))
            return respond(operation(*ids, json.loads(body or b"{}"), query))
        except ApiError as refusal:
            logger.warning("%s %s refused: %s", method, path, refusal)
            return respond({"message": str(refusal)}, refusal.status, {"x-amzn-errortype": refusal.code})

    def _route(self, method: str, parts: list[str]) -> tuple[Callable[..., Record], list[str]]:
        pattern = "/".join("*" if index % 2 else part for index, part in enumerate(parts))
        ids = parts[1::2]
        if len(parts) == 3 and parts[2] in ("start", "stop"):
            return {"start": self.start_application, "stop": self.stop_application}[parts[2]], ids
        operations: Mapping[tuple[str, str], Callable[..., Record]] = {
            ("POST", "applications"): self.create_application,
            ("GET", "applications"): self.list_applications,
            ("GET", "applications/*"): self.get_application,
            ("PATCH", "applications/*"): self.update_application,
            ("DELETE", "applications/*"): self.delete_application,
            ("POST", "applications/*/jobruns"): self.start_job_run,
            ("GET", "applications/*/jobruns"): self.list_job_runs,
            ("GET", "applications/*/jobruns/*"): self.get_job_run,
            ("DELETE", "applications/*/jobruns/*"): self.cancel_job_run,
        }
        operation = operations.get((method, pattern))
        if operation is None:
            raise ApiError("ValidationException", f"the local EMR Serverless does not know {method} /{pattern}")
        return operation, ids

    def create_application(self, request: Record, _query: Any) -> Record:
        """CreateApplication."""
        application = records.create_application(request)
        announce(application)
        return pick(application, ("applicationId", "name", "arn"))

    def list_applications(self, _request: Record, query: Mapping[str, Any]) -> Record:
        """ListApplications."""
        wanted = query.get("states", [])
        found = [records.application_of(application_id) for application_id in list(records.applications)]
        return {"applications": [summary(each, SUMMARY) for each in found if not wanted or each["state"] in wanted]}

    def get_application(self, application_id: str, _request: Record, _query: Any) -> Record:
        """GetApplication."""
        return {"application": records.application_of(application_id)}

    def update_application(self, application_id: str, request: Record, _query: Any) -> Record:
        """UpdateApplication."""
        application = records.application_of(application_id)
        application.update({name: value for name, value in request.items() if name != "clientToken"})
        return {"application": application}

    def delete_application(self, application_id: str, _request: Record, _query: Any) -> Record:
        """DeleteApplication."""
        application = records.application_of(application_id)
        if application["state"] in STARTED_STATES:
            raise ApiError("ValidationException", f"Application {application_id} must be stopped before it is deleted.")
        records.applications.pop(application_id)
        return {}

    def start_application(self, application_id: str, _request: Record, _query: Any) -> Record:
        """StartApplication."""
        start(records.application_of(application_id))
        return {}

    def stop_application(self, application_id: str, _request: Record, _query: Any) -> Record:
        """StopApplication."""
        application = records.application_of(application_id)
        if any(records.is_active(run) for run in records.runs_of(application_id)):
            raise ApiError("ConflictException", f"Application {application_id} has active job runs.", 409)
        advance(application, "STOPPING")
        advance(application, "STOPPED")
        return {}

    def start_job_run(self, application_id: str, request: Record, _query: Any) -> Record:
        """StartJobRun; a client token that was seen before answers with the run it started."""
        application = records.application_of(application_id)
        validate(application, request)
        run = next(
            (run for run in records.runs_of(application_id) if run["clientToken"] == request["clientToken"]), None
        )
        if run is None:
            start(application)
            run = records.create_job_run(application, request)
            announce(run)
            self._runner.submit(run)
        return pick(run, ("applicationId", "jobRunId", "arn"))

    def list_job_runs(self, application_id: str, _request: Record, query: Mapping[str, Any]) -> Record:
        """ListJobRuns."""
        records.application_of(application_id)
        wanted = query.get("states", [])
        runs = [run for run in records.runs_of(application_id) if not wanted or run["state"] in wanted]
        return {"jobRuns": [summary(run, RUN_SUMMARY) | {"id": run["jobRunId"]} for run in runs]}

    def get_job_run(self, application_id: str, run_id: str, _request: Record, _query: Any) -> Record:
        """GetJobRun."""
        return {"jobRun": described(records.job_run_of(application_id, run_id))}

    def cancel_job_run(self, application_id: str, run_id: str, _request: Record, _query: Any) -> Record:
        """CancelJobRun."""
        run = records.job_run_of(application_id, run_id)
        if not records.is_active(run):
            raise ApiError("ValidationException", f"Job run {run_id} is not in a cancellable state: {run['state']}")
        self._runner.cancel(run)
        return pick(run, ("applicationId", "jobRunId"))


def start(application: Record) -> None:
    """Start an application that is not started."""
    if application["state"] not in STARTED_STATES:
        advance(application, "STARTING")
        advance(application, "STARTED")


def validate(application: Record, request: Mapping[str, Any]) -> None:
    """Refuse what EMR Serverless refuses at once."""
    for required in ("clientToken", "executionRoleArn"):
        if not request.get(required):
            raise ApiError("ValidationException", f"{required} is missing")
    if not request.get("jobDriver", {}).get("sparkSubmit", {}).get("entryPoint"):
        raise ApiError("ValidationException", "jobDriver.sparkSubmit.entryPoint is missing")
    auto_start = application["autoStartConfiguration"].get("enabled", True)
    if application["state"] not in STARTED_STATES and not auto_start:
        raise ApiError(
            "ConflictException", f"Application {application['applicationId']} is {application['state']}.", 409
        )


def described(run: Mapping[str, Any]) -> Record:
    """A run as GetJobRun shows it."""
    return {name: value for name, value in run.items() if name != "clientToken"}


def pick(record: Mapping[str, Any], names: tuple[str, ...]) -> Record:
    """Some members of a record."""
    return {name: record[name] for name in names if name in record}


def summary(record: Mapping[str, Any], names: tuple[str, ...]) -> Record:
    """A record as lists show it."""
    return {"id": record["applicationId"], **pick(record, names)}


def respond(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(content).encode()
