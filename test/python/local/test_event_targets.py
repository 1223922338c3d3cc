"""Probes: event rules whose target nothing is delivered to."""

import json

import pytest
from botocore.exceptions import ClientError

from emulator import Emulator, unique

STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/events"
PATTERN = {"source": ["sluice"]}


def put_target(emulator: Emulator) -> None:
    events, rule = emulator.client("events"), unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps(PATTERN))
    events.put_targets(Rule=rule, Targets=[{"Id": "stream", "Arn": STREAM, "RoleArn": "arn:aws:iam::0:role/r"}])


def test_a_target_that_would_be_dropped_in_silence_is_refused(cloud: Emulator, bare: Emulator) -> None:
    with pytest.raises(ClientError, match="delivers no events to"):
        put_target(cloud)
    put_target(bare)


def test_a_template_with_such_a_target_does_not_deploy(cloud: Emulator, bare: Emulator) -> None:
    rule = {"EventPattern": PATTERN, "Targets": [{"Id": "stream", "Arn": STREAM}]}
    template = {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule}}
    stack = cloud.deploy(template)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "delivers no events to" in cloud.failures(stack)
    assert bare.deploy(template)["StackStatus"] == "CREATE_COMPLETE"
