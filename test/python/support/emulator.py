"""A local cloud in a folder of its own, and what the probes do with it."""

import io
import json
import os
import platform
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import boto3

PROJECT = Path(__file__).parents[3]
LAUNCHER = PROJECT / "local" / "launcher.py"
ROLE = "arn:aws:iam::000000000000:role/probe"
PATIENCE = 60.0  # for what takes a second on a machine that does nothing else

Found = TypeVar("Found")


def node_bin() -> str:
    """The Node that the project brings, or the machine's."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    names = (f"node-{sys.platform}-{machine}", f"node-bin-{sys.platform}-{machine}")
    found = [path for name in names if (path := PROJECT / "node_modules" / name / "bin" / "node").exists()]
    return str(found[0]) if found else "node"


def spark_jars() -> str:
    """Where the setup puts Spark's jars."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return str(cache / "sluice" / "spark-jars")


class Emulator:
    """A launcher's process."""

    def __init__(self, home: Path, *flags: str, **environment: str) -> None:
        self.home = home
        self._command = [sys.executable, str(LAUNCHER), "--home", str(home), *flags]
        self._environment = {
            **os.environ,
            "SLUICE_NODE_BIN": node_bin(),
            "SLUICE_SPARK_JARS": spark_jars(),
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.CompletedProcess[str]:
        """Start it where it is expected to refuse, and wait for its end."""
        return subprocess.run(
            self._command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def start(self) -> "Emulator":
        """Start it and wait until it answers."""
        (self.home / "cloud.json").unlink(missing_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "cloud.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        eventually((self.home / "cloud.json").exists)
        return self

    def stop(self) -> None:
        """Ask it to stop."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Give it no chance to save anything."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)

    @property
    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        content: dict[str, Any] = json.loads((self.home / "cloud.json").read_text())
        return content

    @property
    def log(self) -> str:
        """What it logged."""
        return (self.home / "cloud.log").read_text()

    def client(self, service: str) -> Any:
        """A client of one of its services."""
        return boto3.client(
            service,
            endpoint_url=self.about["endpoint"],
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def function(self, code: str, *, runtime: str = "nodejs24.x", **settings: Any) -> str:
        """Deploy a function; returns its name."""
        name = unique("function")
        file = "index.js" if runtime.startswith("nodejs") else "index.py"
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime=runtime,
            Handler="index.handler",
            Code={"ZipFile": zipped({file: code})},
            **{"Timeout": 30, "Role": ROLE, **settings},
        )
        return name

    def queue(self) -> tuple[str, str]:
        """Make a queue; returns its URL and ARN."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def messages(self, url: str) -> list[Any]:
        """Take the messages that wait in a queue."""
        sqs = self.client("sqs")
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in found]

    def collect(self, url: str, count: int) -> list[Any]:
        """Take the first messages of a queue, once that many came."""
        found: list[Any] = []

        def complete() -> bool:
            found.extend(self.messages(url))
            return len(found) >= count

        eventually(complete)
        return found

    def bucket(self) -> str:
        """Make a bucket; returns its name."""
        name = unique("bucket")
        self.client("s3").create_bucket(Bucket=name)
        return name

    def deploy(self, resources: dict[str, Any]) -> dict[str, Any]:
        """Deploy a template; returns the stack, whether it came up or not."""
        cloudformation, name = self.client("cloudformation"), unique("stack")
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
        return self.settled(name)

    def failures(self, stack: dict[str, Any]) -> str:
        """Why resources of a stack failed."""
        events = self.client("cloudformation").describe_stack_events(StackName=stack["StackId"])["StackEvents"]
        return "\n".join(event.get("ResourceStatusReason", "") for event in events)

    def settled(self, stack: str) -> dict[str, Any]:
        """The stack, once nothing changes any more."""

        def described() -> dict[str, Any] | None:
            found: dict[str, Any] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
            return None if found["StackStatus"].endswith("IN_PROGRESS") else found

        return eventually(described)

    def run(self, machine: dict[str, Any], payload: Any = None) -> dict[str, Any]:
        """Run a state machine to its end; returns the execution."""
        return self.ended(self.start_execution(machine, payload))

    def start_execution(self, machine: dict[str, Any], payload: Any = None) -> str:
        """Start a state machine; returns the execution's ARN."""
        states = self.client("stepfunctions")
        arn = states.create_state_machine(name=unique("machine"), definition=json.dumps(machine), roleArn=ROLE)
        started = states.start_execution(stateMachineArn=arn["stateMachineArn"], input=json.dumps(payload or {}))
        return str(started["executionArn"])

    def ended(self, execution: str) -> dict[str, Any]:
        """The execution, once it has ended."""

        def described() -> dict[str, Any] | None:
            found: dict[str, Any] = self.client("stepfunctions").describe_execution(executionArn=execution)
            return None if found["status"] == "RUNNING" else found

        return eventually(described)


def eventually(probe: Callable[[], Found | None], patience: float = PATIENCE) -> Found:
    """What the probe finds, as soon as it finds something."""
    deadline = time.monotonic() + patience
    while True:
        found = probe()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {patience} s in vain"
        time.sleep(0.05)


def unique(name: str) -> str:
    """A name that no other probe has."""
    return f"{name}-{uuid.uuid4().hex[:10]}"


def zipped(files: dict[str, str]) -> bytes:
    """Files as a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
