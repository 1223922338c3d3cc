"""Two clouds for the probes: MiniStack as it is, and with the overlay."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator import ROLE, Emulator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for the clock comes last: by then its time has come."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, Emulator]]:
    """Both, started side by side."""
    homes = tmp_path_factory.mktemp("clouds")
    both = (Emulator(homes / "bare", "--bare"), Emulator(homes / "cloud", AWS_PROFILE="of-the-developer"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(Emulator.start, reversed(both)))
        yield both
        list(pool.map(Emulator.stop, both))


@pytest.fixture(scope="session")
def bare(clouds: tuple[Emulator, Emulator]) -> Emulator:
    """MiniStack as it is. A probe that no longer finds the gap here tells that the patch can go."""
    return clouds[0]


@pytest.fixture(scope="session")
def cloud(clouds: tuple[Emulator, Emulator]) -> Emulator:
    """MiniStack with the overlay, with a rule and a schedule whose minute passes while the probes run."""
    send_every_minute(clouds[1])
    start_every_minute(clouds[1])
    return clouds[1]


def send_every_minute(cloud: Emulator) -> None:
    """Into the queue `every-minute`."""
    cloud.client("sqs").create_queue(QueueName="every-minute")
    arn = "arn:aws:sqs:us-east-1:000000000000:every-minute"
    events = cloud.client("events")
    events.put_rule(Name="every-minute", ScheduleExpression="rate(1 minute)")
    events.put_targets(Rule="every-minute", Targets=[{"Id": "queue", "Arn": arn, "Input": "{}"}])


def start_every_minute(cloud: Emulator) -> None:
    """Into the queue `every-minute-by-cron`, as a run of a domain is started."""
    cloud.client("sqs").create_queue(QueueName="every-minute-by-cron")
    arn = "arn:aws:sqs:us-east-1:000000000000:every-minute-by-cron"
    cloud.client("scheduler").create_schedule(
        Name="every-minute",
        ScheduleExpression="cron(* * * * ? *)",
        ScheduleExpressionTimezone="Asia/Tokyo",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": '{"trigger": "schedule * * * * * Asia/Tokyo"}'},
    )
