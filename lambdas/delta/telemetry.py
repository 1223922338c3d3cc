"""Log lines and metrics (EMF) as JSON on standard output. No line holds a payload."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

# Name of a metric, its unit and its value.
Metric = tuple[str, str, float]


def log(level: str, message: str, **facts: Any) -> None:
    """Write a line as the Powertools logger of the other functions does."""
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", "sluice")
    _write({"level": level, "message": message, "service": service, **facts})


def measure(dimensions: Mapping[str, str], metrics: Sequence[Metric]) -> None:
    """Publish metrics for the first dimension alone, and for all of them together where there are more."""
    names = list(dimensions)
    emf = {
        "Timestamp": int(time.time() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Sluice"),
                "Dimensions": [names[:1], names] if len(names) > 1 else [names],
                "Metrics": [{"Name": name, "Unit": unit} for name, unit, _ in metrics],
            }
        ],
    }
    values = {name: value for name, _, value in metrics}
    _write({"_aws": emf, **dimensions, **values})


def _write(line: Mapping[str, Any]) -> None:
    """In one piece: tables are committed side by side, and a line is one document."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
