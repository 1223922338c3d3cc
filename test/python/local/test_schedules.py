"""Probes: rules and schedules that call their targets by the clock."""

from datetime import UTC, datetime
from typing import Any

import pytest
from ministack.services import eventbridge

from emulator import ROLE, Emulator, eventually, unique
from overlay.schedules import ZonedText, by_the_wall, keep_zone_of_text


@pytest.mark.last
def test_a_schedule_by_rate_calls_its_target(cloud: Emulator) -> None:
    url = cloud.client("sqs").get_queue_url(QueueName="every-minute")["QueueUrl"]
    assert eventually(lambda: cloud.messages(url), 150)[0] == {}


@pytest.mark.last
def test_a_schedule_by_cron_calls_its_target_with_its_input(cloud: Emulator) -> None:
    url = cloud.client("sqs").get_queue_url(QueueName="every-minute-by-cron")["QueueUrl"]
    assert eventually(lambda: cloud.messages(url), 150)[0] == {"trigger": "schedule * * * * * Asia/Tokyo"}


def schedule(name: str, queue_arn: str, zone: str) -> dict[str, Any]:
    properties = {
        "Name": name,
        "ScheduleExpression": "cron(0 2 * * ? *)",
        "ScheduleExpressionTimezone": zone,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": queue_arn, "RoleArn": ROLE},
    }
    return {"Type": "AWS::Scheduler::Schedule", "Properties": properties}


def test_a_schedule_keeps_the_time_zone_of_its_template(cloud: Emulator, bare: Emulator) -> None:
    name = unique("schedule")
    zones = {}
    for emulator in (cloud, bare):
        _, arn = emulator.queue()
        emulator.deploy({"Schedule": schedule(name, arn, "Europe/London")})
        zones[emulator] = emulator.client("scheduler").get_schedule(Name=name)["ScheduleExpressionTimezone"]
    assert zones == {cloud: "Europe/London", bare: "UTC"}


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        ("cron(0 2 * * ? *)", "UTC", "2026-07-01T00:00", "2026-07-01T02:00"),
        ("cron(0 2 * * ? *)", "Europe/London", "2026-07-01T00:00", "2026-07-01T01:00"),
        ("cron(0 2 * * ? *)", "Europe/London", "2026-12-01T00:00", "2026-12-01T02:00"),
        ("cron(0 2 * * ? *)", "Asia/Tokyo", "2026-12-01T00:00", "2026-12-01T17:00"),
        ("cron(30 6 ? * MON-FRI *)", "America/New_York", "2026-07-03T11:00", "2026-07-06T10:30"),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T12:00", "2026-03-30T00:30"),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25T01:10", "2026-10-26T01:30"),
    ],
)
def test_a_cron_goes_by_the_wall_of_its_zone(expression: str, zone: str, after: str, expected: str) -> None:
    fields = keep_zone_of_text(eventbridge._parse_cron_fields)(ZonedText(expression, zone))
    assert fields is not None
    found = by_the_wall(eventbridge._cron_next_fire)(fields, datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M") == expected
