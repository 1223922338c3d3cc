"""What a run would be billed on EMR Serverless: its workers' size, per second, one minute at least."""

import math
from collections.abc import Mapping

DEFAULT_CORES = "4"
DEFAULT_MEMORY = "14g"
DEFAULT_EXECUTORS = "3"
MEMORY_OVERHEAD = 1.1  # Spark asks for a tenth on top of the heap
MINIMUM_SECONDS = 60


def utilization(conf: Mapping[str, str], seconds: float) -> dict[str, float]:
    """vCPU and memory hours of a run of this length, were its driver and executors there from start to end."""
    executors = int(
        conf.get("spark.executor.instances")
        or conf.get("spark.dynamicAllocation.initialExecutors")
        or DEFAULT_EXECUTORS
    )
    executors = min(executors, int(conf.get("spark.dynamicAllocation.maxExecutors") or executors))
    workers = [worker(conf, "driver")] + [worker(conf, "executor")] * executors
    hours = seconds / 3600
    return {
        "vCPUHour": round(sum(cores for cores, _ in workers) * hours, 3),
        "memoryGBHour": round(sum(memory for _, memory in workers) * hours, 3),
        "storageGBHour": 0.0,  # the first 20 GB of a worker are free
    }


def billed(conf: Mapping[str, str], seconds: float) -> dict[str, float]:
    """As `utilization`, with the minimum that is billed."""
    return utilization(conf, max(seconds, MINIMUM_SECONDS))


def worker(conf: Mapping[str, str], role: str) -> tuple[int, int]:
    """Cores and GB of a worker."""
    cores = int(conf.get(f"spark.{role}.cores", DEFAULT_CORES))
    return cores, math.ceil(gigabytes(conf.get(f"spark.{role}.memory", DEFAULT_MEMORY)) * MEMORY_OVERHEAD)


def gigabytes(size: str) -> float:
    """`4g`, `512m` or plain MB as GB."""
    number, unit = size.lower().rstrip("b"), 1 / 1024
    if number[-1] in "kmgt":
        unit = {"k": 1 / 1024**2, "m": 1 / 1024, "g": 1, "t": 1024}[number[-1]]
        number = number[:-1]
    return float(number) * unit
