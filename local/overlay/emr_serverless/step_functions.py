"""`emr-serverless:startJobRun` from a state machine, with and without `.sync`."""

import json
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from overlay.emr_serverless import records
from overlay.emr_serverless.api import Api, described
from overlay.emr_serverless.records import ApiError, Record, is_active
from overlay.emr_serverless.runner import JobRunner

PREFIX = "arn:aws:states:::emr-serverless:startJobRun"
POLL_SECONDS = 0.05

# Members whose keys are the user's own and keep their case.
FREE_FORM = ("Tags", "tags", "Properties", "properties")


def start_job_run(
    api: Api, runner: JobRunner, is_wanted: ContextVar[Callable[[], bool]]
) -> Callable[[str, Record], Record]:
    """The task; `is_wanted` says whether the execution still waits for it."""

    def task(resource: str, parameters: Record) -> Record:
        from ministack.services.stepfunctions import _ExecutionError

        if not is_wanted.get()():
            # Another attempt of a task whose job was cancelled with its execution.
            raise _ExecutionError("States.TaskFailed", "the execution has ended")
        request: Record = recase(parameters, str.lower)
        request.setdefault("clientToken", records.new_id())
        try:
            started = api.start_job_run(request.pop("applicationId", ""), request, {})
        except ApiError as refusal:
            raise _ExecutionError(f"EMRServerless.{refusal.code}", str(refusal)) from refusal
        if not resource.endswith(".sync"):
            return pascal(started)
        run = wait(records.job_runs[started["jobRunId"]], runner, is_wanted.get())
        output = pascal(described(run))
        if run["state"] != "SUCCESS":
            raise _ExecutionError("States.TaskFailed", json.dumps(output))
        return output

    return task


def wait(run: Record, runner: JobRunner, is_wanted: Callable[[], bool]) -> Record:
    """Wait for the run's end; cancel it when the execution was stopped or the task timed out, as AWS does."""
    while is_active(run):
        if run["state"] != "CANCELLING" and not is_wanted():
            runner.cancel(run, "the execution that started it no longer waits for it")
        time.sleep(POLL_SECONDS)
    return run


def pascal(record: Record) -> Record:
    """A record as Step Functions shows it."""
    recased: Record = recase(record, str.upper)
    return recased


def recase(value: Any, first: Callable[[str], str]) -> Any:
    """Keys between EMR's camelCase and Step Functions' PascalCase."""
    if isinstance(value, list):
        return [recase(each, first) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        first(name[0]) + name[1:]: content if name in FREE_FORM else recase(content, first)
        for name, content in value.items()
    }
