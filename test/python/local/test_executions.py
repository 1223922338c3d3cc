"""Probes: state machine executions."""

from emulator import Emulator

WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3, "End": True}}, "TimeoutSeconds": 1}


def test_an_execution_ends_when_its_machine_times_out(cloud: Emulator, bare: Emulator) -> None:
    assert cloud.run(WAITS)["status"] == "TIMED_OUT"
    assert bare.run(WAITS)["status"] == "SUCCEEDED"
