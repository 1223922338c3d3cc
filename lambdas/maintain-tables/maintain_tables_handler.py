"""Maintains the tables of a domain: on a schedule, or for a person who names some."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from delta_maintenance import open_maintenance
from maintain_tables import Maintainer, Report
from maintenance_ledger import DynamoMaintenanceLedger, deadline
from maintenance_targets import Target, targets_of
from storage import uri_of
from telemetry import log, measure

DOMAIN = os.environ["DOMAIN"]
# Left for what must follow the last compaction: vacuum, checkpoint, and giving the domain back.
MARGIN_SECONDS = 180
contracts = json.loads((Path(__file__).parent / "contracts.json").read_text())
targets = targets_of(DOMAIN, contracts)
dynamodb, functions = boto3.client("dynamodb"), boto3.client("lambda")


def chosen(event: Mapping[str, Any]) -> list[Target]:
    """The tables that the event names."""
    names = set(event["tables"])
    if unknown := names - {each.table for each in targets}:
        raise ValueError(
            f"no table {', '.join(sorted(unknown))}; there are {', '.join(each.table for each in targets)}"
        )
    return [each for each in targets if each.table in names]


def tell(report: Report) -> None:
    """A line and metrics of a table."""
    log("ERROR" if report.outcome == "failed" else "INFO", "maintained", **report.facts())
    failed = ("MaintenanceFailures", "Count", int(report.outcome == "failed"))
    table = {"table": report.table + (f".{report.slot}" if report.slot else "")}
    sizes = [("TableFiles", "Count", report.files_after), ("TableBytes", "Bytes", report.bytes_after)]
    measure(
        {"domain": DOMAIN, **table},
        [failed, ("MaintenanceDuration", "Seconds", report.seconds), *(sizes if report.version >= 0 else [])],
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, list[Mapping[str, Any]]]:
    """Lambda's entry."""
    ledger = DynamoMaintenanceLedger(
        dynamodb,
        functions,
        table=os.environ["LEDGER_TABLE"],
        start_run=os.environ["START_RUN_FUNCTION"],
        domain=DOMAIN,
        holder=f"maintenance-{context.aws_request_id}",
        until=deadline(context.get_remaining_time_in_millis()),
    )
    maintainer = Maintainer(
        open_table=lambda target: open_maintenance(uri_of(target.table, target.slot)),
        ledger=ledger,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS,
    )
    reports = maintainer.maintain(chosen(event))
    for report in reports:
        tell(report)
    return {"tables": [report.facts() for report in reports]}
