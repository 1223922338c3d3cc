"""Takes tables of a domain's silver or gold to earlier versions, for who holds the domain, or tells which are lost."""

import os
from typing import Any

import boto3

from delta_past import DeltaPast, ListedFiles, open_past
from restore_tables import Past, lost_of, restore_tables
from storage import uri_of
from telemetry import log

DOMAIN = os.environ["DOMAIN"]
OWN = (f"{DOMAIN}.silver.", f"{DOMAIN}.gold.")
OWN = (f"{DOMAIN}.silver.", f"{DOMAIN}.gold.")
s3 = boto3.client("s3")


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Lambda's entry: `{"action": "check" | "restore", "tables": [{"table", "slot", "version"}]}`."""
    files = ListedFiles(s3)

    def open_table(past: Past) -> DeltaPast | None:
        uri = uri_of(past.table, past.slot)
        return open_past(uri, files.below(uri))

    wanted = [Past(each["table"], each["slot"], each["version"]) for each in event["tables"]]
    if foreign := [each.table for each in wanted if not each.table.startswith(OWN)]:
        raise ValueError(f"{', '.join(foreign)}: only tables of silver and gold of '{DOMAIN}' are taken back")
    if event["action"] == "check":
        return {"lost": lost_of(wanted, open_table)}
    restored = restore_tables(wanted, open_table)
    log("INFO", "restored", tables=restored)
    return {"tables": restored}
