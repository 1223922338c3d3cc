"""Balances the accounts of a domain: on a schedule, or from an hour on for whoever asks."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from account_ledger import AccountLedger, iso
from audit_events import read_tables
from audit_stream import Budget, StreamAuditor
from audit_tables import open_table
from auditor import Auditor
from kinesis_stream import KinesisStream
from on_failure import OnFailureFolder

# For what follows the count of the stream.
RESERVE_SECONDS = 30
BYTES_A_RUN = 2**30

domain = os.environ["DOMAIN"]
tables = read_tables(domain, Path(__file__).parent / "contracts.json")
stream = KinesisStream(boto3.client("kinesis"), os.environ["STREAM_NAME"], int(os.environ["BYTES_PER_SECOND"]))
ledger = AccountLedger(boto3.client("dynamodb"), os.environ["LEDGER_TABLE"], domain, stream.name)
auditor = Auditor(
    domain=domain,
    tables=tables,
    ledger=ledger,
    stream=StreamAuditor(stream, ledger, tables),
    on_failure=OnFailureFolder(boto3.client("s3"), os.environ["ON_FAILURE_URI"]),
    open_table=open_table,
    grace=timedelta(seconds=int(os.environ["GRACE_SECONDS"])),
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry: takes `{since}`, ISO 8601, from a person; the schedule's own event has none."""
    seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    since = datetime.fromisoformat(event["since"]) if "since" in event else None
    check = auditor.balance(datetime.now(UTC), Budget(time.monotonic() + seconds, BYTES_A_RUN), since)
    return {"checkedAt": iso(check.checked_at), "isCaughtUp": check.is_caught_up}
