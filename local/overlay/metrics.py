"""CloudWatch metrics that AWS publishes by itself and MiniStack does not: EMF documents in logs, functions invoked by
mappings and state machines, executions, queue depth.
"""

import functools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from overlay.settings import Settings

NEEDS = {
    "ministack.services.cloudwatch": ("record_metric",),
    "ministack.services.cloudwatch_logs": ("_append_log_events",),
    "ministack.services.lambda_svc": ("_execute_function_dispatch", "_emit_lambda_metrics"),
    "ministack.services.stepfunctions": ("_emit_execution_status_event",),
}

EXECUTION_METRICS = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}


def install(_settings: Settings) -> None:
    """Listen where logs are appended, functions executed and executions change."""
    from ministack.services import cloudwatch_logs, lambda_svc, stepfunctions

    cloudwatch_logs._append_log_events = extract_metrics(cloudwatch_logs._append_log_events)
    lambda_svc._execute_function_dispatch = count_invocation(lambda_svc._execute_function_dispatch)
    lambda_svc._emit_lambda_metrics = count_throttle
    stepfunctions._emit_execution_status_event = count_execution(stepfunctions._emit_execution_status_event)


def record(namespace: str, name: str, value: float, unit: str, dimensions: Mapping[str, str]) -> None:
    """Publish one data point in the current account and region."""
    from ministack.services import cloudwatch

    cloudwatch.record_metric(namespace, name, value, unit, dict(dimensions))


def extract_metrics(append: Callable[..., None]) -> Callable[..., None]:
    """Publish the metrics of each log line that is an EMF document."""

    @functools.wraps(append)
    def appended(stream: Any, events: Iterable[Mapping[str, Any]]) -> None:
        append(stream, events)
        for event in events:
            for metric in metrics_in(event["message"]):
                record(*metric)

    return appended


def metrics_in(line: str) -> Iterator[tuple[str, str, float, str, dict[str, str]]]:
    """The metrics of one log line: namespace, name, value, unit, dimensions."""
    document = emf_document(line)
    if document is None:
        return
    for directive in document["_aws"].get("CloudWatchMetrics", []):
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in names if name in document}
            for metric in directive.get("Metrics", []):
                values = document.get(metric["Name"], [])
                for value in values if isinstance(values, list) else [values]:
                    yield directive["Namespace"], metric["Name"], float(value), metric.get("Unit", "None"), dimensions


def emf_document(line: str) -> dict[str, Any] | None:
    """The line as an EMF document; None for any other line."""
    if '"_aws"' not in line:
        return None
    try:
        document = json.loads(line[line.index("{") :])
    except ValueError:
        return None
    is_emf = isinstance(document, dict) and isinstance(document.get("_aws"), dict)
    return document if is_emf else None


def count_invocation(dispatch: Callable[..., Any]) -> Callable[..., Any]:
    """Count each invocation, whoever made it."""

    @functools.wraps(dispatch)
    def dispatched(func: Any, config: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        started = time.monotonic()
        result = dispatch(func, config, *args, **kwargs)
        dimensions = {"FunctionName": config.get("FunctionName", "unknown")}
        record("AWS/Lambda", "Invocations", 1, "Count", dimensions)
        record("AWS/Lambda", "Errors", 1 if result.get("error") else 0, "Count", dimensions)
        record("AWS/Lambda", "Duration", (time.monotonic() - started) * 1000, "Milliseconds", dimensions)
        return result

    return dispatched


def count_throttle(function_name: str, *, throttle: bool, **_: object) -> None:
    """In place of MiniStack's counter, which saw direct invocations only: what is left to it are throttles."""
    if throttle:
        record("AWS/Lambda", "Throttles", 1, "Count", {"FunctionName": function_name})


def count_execution(emit: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Count each change of an execution's status."""

    @functools.wraps(emit)
    def emitted(execution: dict[str, Any]) -> None:
        emit(execution)
        dimensions = {"StateMachineArn": execution["stateMachineArn"]}
        record("AWS/States", EXECUTION_METRICS[execution["status"]], 1, "Count", dimensions)

    return emitted
