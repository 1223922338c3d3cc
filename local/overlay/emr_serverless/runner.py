"""Takes job runs through their states, one at a time, in the order they came."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope

from overlay.emr_serverless import billing
from overlay.emr_serverless.driver import Outcome, SparkDriver
from overlay.emr_serverless.events import advance, announce_utilization
from overlay.emr_serverless.logs import upload_logs
from overlay.emr_serverless.records import Record, application_of, is_active
from overlay.emr_serverless.spark_submit import SparkSubmit, UnsupportedFlag, spark_submit_of

FAILED = "Job failed, please check complete logs in configured logging destination. Last few exceptions: "


class JobRunner:
    """A queue of runs before the one driver."""

    def __init__(self, driver: SparkDriver, endpoint: str) -> None:
        self._driver = driver
        self._endpoint = endpoint
        self._queue: queue.SimpleQueue[tuple[str, str, Record]] = queue.SimpleQueue()
        self._running: Record | None = None
        threading.Thread(target=self._work, name="emr-serverless", daemon=True).start()

    def submit(self, run: Record) -> None:
        """Queue a run."""
        advance(run, "PENDING")
        self._queue.put((get_account_id(), get_region(), run))

    def cancel(self, run: Record, details: str = "") -> None:
        """Stop a run, or take it out of the queue."""
        if not is_active(run):
            return
        advance(run, "CANCELLING", details)
        if run is self._running:
            threading.Thread(target=self._driver.interrupt, daemon=True).start()
        else:
            advance(run, "CANCELLED", details)

    def _work(self) -> None:
        while True:
            account, region, run = self._queue.get()
            with request_scope(account, region):
                self._run(run)

    def _run(self, run: Record) -> None:
        if run["state"] != "PENDING":
            return
        self._running = run
        try:
            outcome, conf = self._execute(run)
            if "startedAt" in run:
                run.update(usage(run, conf))
            upload_logs(run, application_of(run["applicationId"]), outcome, self._endpoint)
        except Exception as error:  # whatever goes wrong, the run must end: a state machine waits for it
            outcome = Outcome(succeeded=False, details=f"{type(error).__name__}: {error}")
        finally:
            self._running = None
        advance(run, "SUCCESS" if outcome.succeeded else "FAILED", outcome.details)
        if "billedResourceUtilization" in run:
            announce_utilization(run)

    def _execute(self, run: Record) -> tuple[Outcome, dict[str, str]]:
        application = application_of(run["applicationId"])
        advance(run, "SCHEDULED")
        try:
            submit = spark_submit_of(application, run)
        except UnsupportedFlag as problem:
            return Outcome(succeeded=False, details=f"{FAILED}{problem}", stderr=str(problem).encode()), {}
        advance(run, "RUNNING")
        run["startedAt"] = time.time()
        with deadline(60 * run["executionTimeoutMinutes"], lambda: self.cancel(run, "the run exceeded its timeout")):
            outcome = self._driver.run(request_of(run, submit))
        application["updatedAt"] = time.time()
        if not outcome.succeeded:
            outcome = Outcome(succeeded=False, details=FAILED + outcome.details, stdout=outcome.stdout, stderr=outcome.stderr)
        return outcome, submit.conf


def request_of(run: Record, submit: SparkSubmit) -> dict[str, Any]:
    """The run as the driver gets it."""
    return {
        "id": run["jobRunId"],
        "entryPoint": submit.entry_point,
        "arguments": submit.arguments,
        "conf": submit.conf,
    }


def usage(run: Record, conf: dict[str, str]) -> dict[str, Any]:
    """What the run took, as GetJobRun tells it."""
    started, ended = run["startedAt"], time.time()
    return {
        "endedAt": ended,
        "totalExecutionDurationSeconds": round(ended - started),
        "queuedDurationMilliseconds": round((started - run["createdAt"]) * 1000),
        "totalResourceUtilization": billing.utilization(conf, ended - started),
        "billedResourceUtilization": billing.billed(conf, ended - started),
    }


class deadline:  # noqa: N801 - reads as the statement it is
    """Calls back when the block takes longer than it may."""

    def __init__(self, seconds: float, missed: Callable[[], None]) -> None:
        account, region = get_account_id(), get_region()

        def call() -> None:
            with request_scope(account, region):
                missed()

        self._timer = threading.Timer(seconds, call)
        self._timer.daemon = True

    def __enter__(self) -> None:
        if self._timer.interval > 0:  # 0 minutes means no timeout
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
