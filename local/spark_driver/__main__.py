"""The warm Spark driver: runs job scripts in this process, each as spark-submit would, and answers over two pipes.

Usage: python -m spark_driver REQUESTS_FD REPLIES_FD [--warm], started by overlay/emr_serverless/driver.py. One JSON
request a line, one reply a line. What a job prints goes to this process's own stdout and stderr, which the launcher
cuts into the job's logs.
"""

import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any, TextIO

from pyspark.sql import SparkSession

from spark_driver.job import run_script
from spark_driver.session import apply_settings, fresh_session, is_alive, start_session, warm_up


def main() -> int:
    """Start Spark, then run jobs until the launcher is gone."""
    requests, replies = os.fdopen(int(sys.argv[1])), os.fdopen(int(sys.argv[2]), "w")
    waiting = read_ahead(requests)
    try:
        spark = start_session()
        if "--warm" in sys.argv:  # not when a job waits already: it loads what it needs by itself
            warm_up(spark)
    except Exception as error:
        traceback.print_exc()
        send(replies, {"problem": last_line(error)})
        return 1
    send(replies, {"ready": True})
    while True:
        reply = run_job(spark, waiting.get())
        leaving = not is_alive(spark)
        send(replies, {**reply, "leaving": leaving})
        if leaving:
            return 1


def read_ahead(requests: TextIO) -> "queue.SimpleQueue[dict[str, Any]]":
    """Requests as they come. When the launcher is gone this process must go at once, even in the midst of a job:
    the next launcher starts a driver of its own, and two drivers may not write one table."""
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        for line in requests:
            waiting.put(json.loads(line))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return waiting


def send(replies: TextIO, reply: Mapping[str, Any]) -> None:
    """Answer the launcher."""
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


def run_job(spark: SparkSession, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run one script in a session and a folder of its own; say how it ended."""
    details: str | None = None
    try:
        with fresh_session(spark) as session:
            apply_settings(session, request["conf"])
            run_script(request)
    except SystemExit as leaving:
        details = failed_exit(leaving.code)
    except BaseException as error:  # an interrupted job ends like one that failed
        details = last_line(error)
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return {"succeeded": details is None, "details": details or ""}


def failed_exit(code: str | int | None) -> str | None:
    """Why a script that left early failed; None when it did not."""
    if isinstance(code, str):
        print(code, file=sys.stderr)
        return code
    return f"the script exited with code {code}" if code else None


def last_line(error: BaseException) -> str:
    """The error as one line."""
    message = str(error).strip().splitlines()
    return f"{type(error).__name__}: {message[0] if message else ''}"


if __name__ == "__main__":
    sys.exit(main())
