"""Log lines and metrics (EMF) as JSON on standard output. No line holds a payload."""

import json
import os
import time
from typing import Any

from commit_batches import Outcome


def log(level: str, message: str, **facts: Any) -> None:
    """Write a line as the Powertools logger of the other functions does."""
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", "commit-batches")
    print(json.dumps({"level": level, "message": message, "service": service, **facts}), flush=True)


def measure_commit(table: str, outcome: Outcome, seconds: float) -> None:
    """Count the rows of a commit, for the domain and for its table."""
    domain, layer, _ = table.split(".")
    rows = "RowsQuarantined" if layer == "ops" else "RowsLanded"
    metrics = [{"Name": rows, "Unit": "Count"}, {"Name": "CommitDuration", "Unit": "Seconds"}]
    emf = {
        "Timestamp": int(time.time() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Sluice"),
                "Dimensions": [["domain"], ["domain", "table"]],
                "Metrics": metrics,
            }
        ],
    }
    values = {"domain": domain, "table": table, rows: outcome.added, "CommitDuration": seconds}
    print(json.dumps({"_aws": emf, **values}), flush=True)
