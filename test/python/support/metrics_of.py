"""What the local cloud counted."""

import time

from emulator import Emulator


def total(emulator: Emulator, namespace: str, name: str, **dimensions: str) -> float | None:
    """The sum of a metric over the last minutes, or none when nothing was counted."""
    now = time.time()
    points = emulator.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - 600,
        EndTime=now + 60,
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points) if points else None
