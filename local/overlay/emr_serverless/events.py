"""State changes as EMR Serverless announces them on the default event bus."""

import json
import time
from collections.abc import Mapping
from typing import Any

from overlay.emr_serverless.records import Record, change_state


def advance(record: Record, state: str, details: str = "") -> None:
    """Change the state of a job run or an application, and announce it."""
    before = change_state(record, state, details)
    if before is not None:
        announce(record, before)


def announce(record: Mapping[str, Any], previous: str | None = None) -> None:
    """Publish the record's state."""
    is_run = "jobRunId" in record
    names = (
        ("jobRunId", "applicationId", "arn", "releaseLabel", "state", "createdBy")
        if is_run
        else ("applicationId", "arn", "releaseLabel", "state", "type")
    )
    detail = {name: record[name] for name in names}
    detail |= {"createdAt": iso(record["createdAt"]), "updatedAt": iso(record["updatedAt"])}
    detail |= {"jobRunName" if is_run else "applicationName": record["name"]} if "name" in record else {}
    detail |= {"previousState": previous} if previous else {}
    publish(f"EMR Serverless {'Job Run' if is_run else 'Application'} State Change", detail)


def announce_utilization(run: Mapping[str, Any]) -> None:
    """Publish what the finished run used; AWS sends the last of these events when a run ends."""
    detail = {name: run[name] for name in ("jobRunId", "applicationId", "arn", "attempt", "mode")}
    publish(
        "EMR Serverless Job Resource Utilization Update",
        {
            **detail,
            "totalResourceUtilization": run["totalResourceUtilization"],
            "totalBilledResourceUtilization": run["billedResourceUtilization"],
        },
    )


def publish(detail_type: str, detail: Mapping[str, Any]) -> None:
    """Put one event of EMR's on the bus."""
    from ministack.services import eventbridge

    entry = {"Source": "aws.emr-serverless", "DetailType": detail_type, "Detail": json.dumps(detail)}
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def iso(seconds: float) -> str:
    """A time as events carry it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
