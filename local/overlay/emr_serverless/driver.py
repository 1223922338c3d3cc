"""The one warm Spark driver: a child process that runs jobs one after another, as pre-initialised capacity would."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from overlay.settings import Settings

LOCAL = Path(__file__).parent.parent.parent  # where the package spark_driver is
INSTALL_JAVA = "apt install openjdk-17-jre-headless, brew install openjdk@17"
GRACE_SECONDS = 5.0  # for a cancelled job's `finally` blocks


@dataclass(frozen=True)
class Outcome:
    """How a job ended, with what it wrote."""

    succeeded: bool
    details: str
    stdout: bytes = b""
    stderr: bytes = b""


@dataclass
class Process:
    """A running driver and the two pipes to it."""

    popen: subprocess.Popen[bytes]
    requests: IO[str]
    replies: IO[str]

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Send a request and wait for the reply; None when the driver died."""
        try:
            self.requests.write(json.dumps(request) + "\n")
            self.requests.flush()
        except OSError:
            return None
        return self.listen()

    def listen(self) -> dict[str, Any] | None:
        """The next reply; None when the driver died."""
        line = self.replies.readline()
        return json.loads(line) if line else None

    def kill(self) -> None:
        """End the driver and the Java process below it."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        with suppress(OSError):  # what it never read cannot be flushed to it
            self.requests.close()
        self.replies.close()


class SparkDriver:
    """Starts the driver, gives it jobs, replaces it when it died."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._starting = threading.Lock()
        self._process: Process | None = None
        self._spawned: Process | None = None  # the newest, ready or not
        self._stopped = False

    def problem(self) -> str | None:
        """What this machine lacks for Spark, in one line; None when nothing."""
        if java_of(os.environ) is None:
            return f"no Java: Spark jobs will fail; install Java 17 ({INSTALL_JAVA}) or point JAVA_HOME at it"
        jars = self._settings.spark_jars
        if jars is None or not any(jars.glob("delta-spark_*.jar")):
            return f"no Spark jars in {jars or 'SLUICE_SPARK_JARS'}: Spark jobs will fail; run `npm run setup`"
        return None

    def warm_up(self) -> None:
        """Start the driver now, so that the first job does not wait for it."""
        if self.problem() is None:
            threading.Thread(target=self._ready, args=["--warm"], name="spark-warm-up", daemon=True).start()

    def prepare(self) -> str | None:
        """Wait for the driver, starting it if need be; returns why there is none."""
        if problem := self.problem():
            return problem
        ready = self._ready()
        return ready if isinstance(ready, str) else None

    def run(self, request: Mapping[str, Any]) -> Outcome:
        """Run one job to its end."""
        process = self._ready()
        if isinstance(process, str):
            return Outcome(succeeded=False, details=process)
        written = {name: self._log(name).stat().st_size for name in ("stdout", "stderr")}
        reply = process.ask(request)
        outputs = {name: self._since(name, start) for name, start in written.items()}
        if reply is None:
            return Outcome(succeeded=False, details=self._bury(process), **outputs)
        if reply["leaving"]:
            self._bury(process)
        return Outcome(succeeded=reply["succeeded"], details=reply["details"], **outputs)

    def interrupt(self) -> None:
        """Stop the job that runs. The driver goes with it: an interrupted Java connection cannot be trusted again."""
        process, self._process = self._process, None
        if process is None:
            return
        process.popen.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.popen.wait(timeout=GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.popen.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the driver for good."""
        self._stopped = True
        if self._spawned:  # also one that is still starting, or its Java would outlive us
            with suppress(ProcessLookupError):
                os.killpg(self._spawned.popen.pid, signal.SIGKILL)

    def _ready(self, *flags: str) -> Process | str:
        """The running driver, started if need be; or why there is none."""
        with self._starting:
            if self._process and self._process.popen.poll() is None:
                return self._process
            if self._process:
                self._bury(self._process)
            process = self._spawn(*flags)
            reply = process.listen()
            if reply and "ready" in reply:
                self._process = process
                return process
            details = reply["problem"] if reply else self._death(process)
            process.kill()
            return f"Spark's driver did not start: {details}; see {self._log('stderr')}"

    def _spawn(self, *flags: str) -> Process:
        request_read, request_write = os.pipe()
        reply_read, reply_write = os.pipe()
        with self._log("stdout").open("wb") as stdout, self._log("stderr").open("wb") as stderr:
            popen = subprocess.Popen(
                [sys.executable, "-m", "spark_driver", str(request_read), str(reply_write), *flags],
                env={**os.environ, "PYTHONPATH": str(LOCAL), "SPARK_LOCAL_IP": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                pass_fds=(request_read, reply_write),
                cwd=self._settings.scratch,
                start_new_session=True,  # a group of its own, so that Java goes with it
            )
        os.close(request_read)
        os.close(reply_write)
        self._spawned = Process(popen, os.fdopen(request_write, "w"), os.fdopen(reply_read))
        if self._stopped:
            self._spawned.kill()
        return self._spawned

    def _bury(self, process: Process) -> str:
        """Clean up after a driver that died, and say how it did."""
        death = self._death(process)
        process.kill()
        if self._process is process:
            self._process = None
        return f"the Spark driver died ({death}); it is started again for the next job"

    def _death(self, process: Process) -> str:
        try:
            code = process.popen.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "it answered nothing"
        return f"killed by signal {-code}, perhaps for want of memory" if code < 0 else f"exit code {code}"

    def _log(self, name: str) -> Path:
        return self._settings.logs / f"spark-driver.{name}.log"

    def _since(self, name: str, start: int) -> bytes:
        with self._log(name).open("rb") as log:
            log.seek(start)
            return log.read()


def java_of(environment: Mapping[str, str]) -> str | None:
    """Where Java is: in JAVA_HOME, else on the path, as Spark looks for it."""
    home = environment.get("JAVA_HOME")
    return shutil.which(f"{home}/bin/java" if home else "java")
