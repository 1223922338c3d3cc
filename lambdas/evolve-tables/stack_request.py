"""What CloudFormation asks of a custom resource, and how it wants to be answered."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from evolve_tables import Required

PHYSICAL_ID = "table-evolution"
# CloudFormation takes 4 KB for the whole answer.
MAX_REASON = 3000

Event = Mapping[str, Any]


def answer_request(event: Event, act: Callable[[], Mapping[str, Any]], stack_status: Callable[[str], str]) -> Event:
    """Do what is asked and say how it went; a failure too is an answer, or the deploy would hang until its timeout."""
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    # The same for ever: another id would be another resource, and the old one would be deleted.
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", f"{PHYSICAL_ID}-{domain_of(event)}")
    try:
        data = act() if _is_due(event, stack_status) else {}
    except Exception as error:
        return {**answer, "Status": "FAILED", "Reason": str(error)[:MAX_REASON]}
    return {**answer, "Status": "SUCCESS", "Data": data}


def _is_due(event: Event, stack_status: Callable[[str], str]) -> bool:
    """
    A deletion leaves tables as they are. So does a stack that rolls back: columns that the deploy has added stay,
    which writers of the older contract do not mind, and a refusal now would break the way back.
    """
    return event["RequestType"] != "Delete" and "ROLLBACK" not in stack_status(event["StackId"])


def domain_of(event: Event) -> str:
    """Whose tables are meant."""
    domain: str = event["ResourceProperties"]["Domain"]
    return domain


def required_of(event: Event, table: str) -> Required:
    """A table's required columns: now, and at the last deploy; unknown for a table that had no contract then."""
    now = event["ResourceProperties"]["Required"].get(table, [])
    return Required(now, event.get("OldResourceProperties", {}).get("Required", {}).get(table))


def send(url: str, answer: Event) -> None:
    """Put the answer where CloudFormation waits for it."""
    body = json.dumps(answer).encode()
    # The URL is signed without a content type, and urllib would add one.
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})
    with urllib.request.urlopen(request, timeout=30):
        return
