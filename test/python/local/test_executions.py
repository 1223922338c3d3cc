"""Probes: state machine executions."""

import time

from emulator import Emulator

WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3, "End": True}}, "TimeoutSeconds": 1}


def test_an_execution_ends_when_its_machine_times_out(cloud: Emulator, bare: Emulator) -> None:
    assert cloud.run(WAITS)["status"] == "TIMED_OUT"
    assert bare.run(WAITS)["status"] == "SUCCEEDED"


def test_a_map_takes_its_concurrency_from_its_input_and_starts_nothing_once_it_was_stopped(
    cloud: Emulator, bare: Emulator
) -> None:
    assert sent_until_stopped(cloud) == [1]
    assert sorted(sent_until_stopped(bare)) == [1, 2, 3]


def sent_until_stopped(emulator: Emulator) -> list[int]:
    """What the items of a map sent that was stopped as soon as one of them had."""
    url, _ = emulator.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": url, "MessageBody.$": "States.Format('{}', $)"},
        "ResultPath": None,
        "Next": "Wait",
    }
    states = {"Send": send, "Wait": {"Type": "Wait", "Seconds": 1, "End": True}}
    each = {"StartAt": "Send", "States": states}
    items = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.most", "ItemProcessor": each, "End": True}
    payload = {"most": 1, "items": [1, 2, 3]}
    execution = emulator.start_execution({"StartAt": "Each", "States": {"Each": items}}, payload)
    found: list[int] = emulator.collect(url, 1)
    emulator.client("stepfunctions").stop_execution(executionArn=execution)
    time.sleep(2.5)
    return [*found, *emulator.messages(url)]
