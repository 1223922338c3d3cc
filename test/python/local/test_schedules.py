"""Probes: rules that call their targets by the clock."""

import pytest

from emulator import Emulator, eventually


@pytest.mark.last
def test_a_schedule_by_rate_calls_its_target(cloud: Emulator) -> None:
    url = cloud.client("sqs").get_queue_url(QueueName="every-minute")["QueueUrl"]
    assert eventually(lambda: cloud.messages(url), 150)[0] == {}
