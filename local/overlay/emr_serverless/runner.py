"""Takes job runs through their states, one at a time, in the order they came."""

import contextvars
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope

from overlay.emr_serverless import billing
from overlay.emr_serverless.driver import Outcome, SparkDriver
from overlay.emr_serverless.events import advance, announce_utilization
from overlay.emr_serverless.logs import upload_logs
from overlay.emr_serverless.records import Record, application_of, is_active
from overlay.emr_serverless.spark_submit import SparkSubmit, UnsupportedFlagError, spark_submit_of

FAILED = "Job failed, please check complete logs in configured logging destination. Last few exceptions: "

logger = logging.getLogger("emr-serverless")


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
            outcome = self._execute(run)
            upload_logs(run, application_of(run["applicationId"]), outcome, self._endpoint)
        except Exception as error:  # whatever goes wrong, the run must end: a state machine waits for it
            logger.exception("job run %s", run["jobRunId"])
            outcome = Outcome(succeeded=False, details=f"{type(error).__name__}: {error}")
        finally:
            self._running = None
        advance(run, "SUCCESS" if outcome.succeeded else "FAILED", outcome.details)
        if "billedResourceUtilization" in run:
            announce_utilization(run)

    def _execute(self, run: Record) -> Outcome:
        application = application_of(run["applicationId"])
        advance(run, "SCHEDULED")
        try:
            submit = spark_submit_of(application, run)
        except UnsupportedFlagError as refusal:
            return failed(str(refusal))
        if problem := self._driver.prepare():
            return failed(problem)
        advance(run, "RUNNING")
        if not is_active(run):
            return failed("it was cancelled while it waited for the driver")
        run["startedAt"] = time.time()
        with deadline(60 * run["executionTimeoutMinutes"], lambda: self.cancel(run, "the run exceeded its timeout")):
            outcome = self._driver.run(request_of(run, submit))
        application["updatedAt"] = time.time()
        run.update(usage(run, submit.conf))
        return outcome if outcome.succeeded else replace(outcome, details=FAILED + outcome.details)


def failed(reason: str) -> Outcome:
    """The end of a run that never reached Spark."""
    return Outcome(succeeded=False, details=FAILED + reason, stderr=f"{reason}\n".encode())


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


@contextmanager
def deadline(seconds: float, missed: Callable[[], None]) -> Iterator[None]:
    """Call back when the block takes longer than it may; 0 means as long as it likes."""
    timer = threading.Timer(seconds, contextvars.copy_context().run, (missed,))
    timer.daemon = True
    if seconds > 0:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
