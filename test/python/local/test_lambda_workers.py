"""Probes: what a function's process reports."""

import json
import subprocess
from typing import Any

from emulator import Emulator, eventually, node_bin

THROWS = """
let calls = 0;
class OrderMissing extends Error { constructor(id) { super(`order ${id} is missing`); this.name = "OrderMissing"; } }
exports.handler = async (event) => {
  calls += 1;
  console.log(`call ${calls}`);
  if (event.fails) throw new OrderMissing(event.fails);
  return { calls, node: process.versions.node, profile: process.env.AWS_PROFILE ?? null };
};
"""
THROWS_IN_PYTHON = """
class OrderMissing(Exception):
    pass
def handler(event, context):
    print("looking")
    raise OrderMissing("order 7 is missing")
"""


def invoke(emulator: Emulator, function: str, event: dict[str, Any]) -> dict[str, Any]:
    answer = emulator.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    return payload


def test_an_error_has_the_name_that_the_function_gave_it_and_a_trace(cloud: Emulator, bare: Emulator) -> None:
    error = invoke(cloud, cloud.function(THROWS), {"fails": 7})
    assert (error["errorType"], error["errorMessage"]) == ("OrderMissing", "order 7 is missing")
    assert "index.js" in error["trace"][1]
    assert invoke(bare, bare.function(THROWS), {"fails": 7})["errorType"] == "Runtime.HandlerError"


def test_an_error_of_a_python_function_has_its_name_too(cloud: Emulator, bare: Emulator) -> None:
    error = invoke(cloud, cloud.function(THROWS_IN_PYTHON, runtime="python3.12"), {})
    assert (error["errorType"], error["errorMessage"]) == ("OrderMissing", "order 7 is missing")
    assert "raise OrderMissing" in "".join(error["stackTrace"])
    assert (
        invoke(bare, bare.function(THROWS_IN_PYTHON, runtime="python3.12"), {})["errorType"] == "Runtime.HandlerError"
    )


def test_a_function_that_throws_stays_warm(cloud: Emulator, bare: Emulator) -> None:
    calls = {}
    for emulator in (cloud, bare):
        function = emulator.function(THROWS)
        invoke(emulator, function, {"fails": 1})
        calls[emulator] = invoke(emulator, function, {})["calls"]
    assert calls == {cloud: 2, bare: 1}


def test_a_state_machine_catches_an_error_by_its_name(cloud: Emulator, bare: Emulator) -> None:
    def outcome(emulator: Emulator) -> str:
        call = {"FunctionName": emulator.function(THROWS), "Payload": {"fails": 7}}
        catch = {"ErrorEquals": ["OrderMissing"], "Next": "Caught"}
        task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": call, "End": True}
        states = {"Call": {**task, "Catch": [catch]}, "Caught": {"Type": "Succeed"}}
        return str(emulator.run({"StartAt": "Call", "States": states})["status"])

    assert outcome(cloud) == "SUCCEEDED"
    assert outcome(bare) == "FAILED"


def test_each_line_of_an_invocation_stands_between_its_start_and_its_end(cloud: Emulator) -> None:
    function = cloud.function(THROWS)
    for _ in range(3):
        invoke(cloud, function, {})

    def logged() -> list[str] | None:
        events = cloud.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
        lines = [event["message"].split(" ")[0:2] for event in events]
        words = [" ".join(line) if line[0] == "call" else line[0] for line in lines]
        return words if words.count("REPORT") == 3 else None

    lines = eventually(logged)
    assert [line for line in lines if line.startswith("call")] == ["call 1", "call 2", "call 3"]


def test_functions_run_on_the_node_that_the_project_brings(cloud: Emulator, bare: Emulator) -> None:
    def version(binary: str) -> str:
        return subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    assert f"v{invoke(cloud, cloud.function(THROWS), {})['node']}" == version(node_bin())
    assert f"v{invoke(bare, bare.function(THROWS), {})['node']}" == version("node")


def test_nothing_of_the_developers_environment_reaches_a_function(cloud: Emulator) -> None:
    assert invoke(cloud, cloud.function(THROWS), {})["profile"] is None
