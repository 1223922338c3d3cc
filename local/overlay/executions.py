"""
State machine executions: machines time out, what was stopped stays stopped and starts no more of a map's items, what a
restart cut off is announced, a map's concurrency may be part of its input.
"""

import contextvars
import functools
import json
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import now_iso, request_scope

from overlay.settings import Settings

NEEDS = {
    "ministack.core.responses": ("now_iso", "request_scope"),
    "ministack.services.stepfunctions": (
        "_executions",
        "_state_machines",
        "_run_execution",
        "_fail_execution",
        "_add_event",
        "_emit_execution_status_event",
        "_invoke_resource_with_timeout",
        "_ExecutionError",
        "_apply_input_path",
        "_resolve_path_or_ctx",
        "_run_map_items",
        "_run_sub_machine",
    ),
}

Execution = dict[str, Any]

# Whether the execution still waits for what the current task started; long tasks ask now and then.
is_wanted: ContextVar[Callable[[], bool]] = ContextVar("is_wanted", default=lambda: True)

CUT_OFF = "States.ServiceRestart"  # MiniStack's error for executions that ran when it stopped


def install(_settings: Settings) -> None:
    """Wrap how executions run, fail and time out."""
    from ministack.services import stepfunctions

    stepfunctions._run_execution = run_with_timeout(stepfunctions._run_execution)
    stepfunctions._fail_execution = fail_once(stepfunctions._fail_execution)
    stepfunctions._run_map_items = take_concurrency(stepfunctions._run_map_items)
    stepfunctions._run_sub_machine = only_wanted(stepfunctions._run_sub_machine)
    stepfunctions._invoke_resource_with_timeout = tell_deadline(stepfunctions._invoke_resource_with_timeout)


def start() -> None:
    """Announce executions that the last stop cut off: rules on failed executions clean up after them."""
    from ministack.services import stepfunctions

    for (account, region, _), execution in list(stepfunctions._executions._data.items()):
        if execution.get("error") == CUT_OFF and not execution.get("announced"):
            execution["announced"] = True
            with request_scope(account, region):
                stepfunctions._emit_execution_status_event(execution)


def run_with_timeout(run: Callable[[str], None]) -> Callable[[str], None]:
    """End an execution as TIMED_OUT after its machine's TimeoutSeconds."""

    @functools.wraps(run)
    def running(arn: str) -> None:
        from ministack.services import stepfunctions

        execution = stepfunctions._executions.get(arn)
        if execution is None:
            return
        is_wanted.set(lambda: bool(execution["status"] == "RUNNING"))
        seconds = timeout_of(stepfunctions._state_machines.get(execution["stateMachineArn"]))
        timer = threading.Timer(seconds or 0, contextvars.copy_context().run, (time_out, execution))
        timer.daemon = True
        if seconds:
            timer.start()
        try:
            run(arn)
        finally:
            timer.cancel()

    return running


def timeout_of(machine: dict[str, Any] | None) -> int | None:
    """The machine's timeout; None when it has none."""
    try:
        seconds = json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None
    except ValueError:
        return None  # MiniStack fails the execution with the reason
    return int(seconds) if seconds else None


def time_out(execution: Execution) -> None:
    """Mark the execution as timed out, if it still runs."""
    from ministack.services import stepfunctions

    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=now_iso(), error="States.Timeout")
    stepfunctions._add_event(
        execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}}
    )
    stepfunctions._emit_execution_status_event(execution)


def fail_once(fail: Callable[[Execution, str, str], None]) -> Callable[[Execution, str, str], None]:
    """Leave an execution that was stopped or timed out as it is when its task fails in consequence."""

    @functools.wraps(fail)
    def failed(execution: Execution, error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    return failed


def tell_deadline(invoke: Callable[[str, Any, float], Any]) -> Callable[[str, Any, float], Any]:
    """Tell a task with a timeout when nobody waits for it any longer."""

    @functools.wraps(invoke)
    def invoked(resource: str, parameters: Any, timeout: float) -> Any:
        wanted, end = is_wanted.get(), time.monotonic() + timeout
        token = is_wanted.set(lambda: wanted() and time.monotonic() < end)
        try:
            return invoke(resource, parameters, timeout)
        finally:
            is_wanted.reset(token)

    return invoked


def take_concurrency(run: Callable[..., Any]) -> Callable[..., Any]:
    """Resolve MaxConcurrencyPath, which MiniStack passes over: it would start all items at once."""

    @functools.wraps(run)
    def running(state: dict[str, Any], raw_input: Any, execution: Execution, ctx: dict[str, Any]) -> Any:
        from ministack.services import stepfunctions

        if path := state.get("MaxConcurrencyPath"):
            effective = stepfunctions._apply_input_path(state, raw_input, ctx)
            state = {**state, "MaxConcurrency": stepfunctions._resolve_path_or_ctx(path, effective, ctx)}
        return run(state, raw_input, execution, ctx)

    return running


def only_wanted(run: Callable[..., Any]) -> Callable[..., Any]:
    """Start no item of a map once its execution has ended: MiniStack would go through all of them."""

    @functools.wraps(run)
    def running(*args: Any) -> Any:
        from ministack.services import stepfunctions

        if not is_wanted.get()():
            raise stepfunctions._ExecutionError("States.Runtime", "the execution has ended")
        return run(*args)

    return running
