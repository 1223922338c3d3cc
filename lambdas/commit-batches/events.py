"""What `commit-batches` tells the rest of the platform."""

import json
from typing import Any

from commit_batches import Outcome


class EventBus:
    """The account's default bus."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def table_committed(self, table: str, outcome: Outcome) -> None:
        """Tell that a table has a version; telling it twice does no harm, since runs are coalesced."""
        detail = {
            "domain": table.split(".")[0],
            "table": table,
            "version": outcome.version,
            "rows": outcome.added,
        }
        entry = {"Source": "sluice", "DetailType": "TableCommitted", "Detail": json.dumps(detail)}
        answer = self._client.put_events(Entries=[entry])
        # The bus answers 200 even when it refused the entry.
        if answer.get("FailedEntryCount"):
            refusal = answer["Entries"][0].get("ErrorMessage")
            raise RuntimeError(f"the event bus refused TableCommitted of '{table}': {refusal}")
