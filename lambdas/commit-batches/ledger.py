"""What the ledger says about tables that `commit-batches` writes."""

from collections.abc import Sequence
from typing import Any

from commit_batches import Outcome
from staged_batch import StagedBatch

# As many deletions as one request may hold.
REQUEST_SIZE = 25


class DynamoLedger:
    """The ledger's table in DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def record(self, table: str, outcome: Outcome, now: str, last_event_time: str | None) -> None:
        """Record a table's version. An older version than the one known, as from a slow retry, is left out."""
        values = {
            ":version": {"N": str(outcome.version)},
            ":rows": {"N": str(outcome.rows)},
            ":accounted": {"N": str(outcome.accounted)},
            ":now": {"S": now},
            ":type": {"S": "table"},
            ":v": {"N": "1"},
        }
        self._update(
            table,
            "SET #version = :version, #rows = :rows, accounted = :accounted, committedAt = :now, #type = :type, v = :v",
            "attribute_not_exists(#version) OR #version < :version",
            values,
            {"#version": "version", "#rows": "rows", "#type": "type"},
        )
        if last_event_time:
            self._update(
                table,
                "SET lastEventTime = :time",
                "attribute_not_exists(lastEventTime) OR lastEventTime < :time",
                {":time": {"S": last_event_time}},
            )

    def forget(self, batches: Sequence[StagedBatch]) -> None:
        """The batches are committed, so nobody has to announce them again. What stays is announced once more."""
        # A request must name an item once, and a batch may be announced twice in one commit.
        hand_overs = {batch.staged: _hand_over(batch) for batch in batches}
        deletions = [{"DeleteRequest": {"Key": key}} for key in hand_overs.values()]
        for start in range(0, len(deletions), REQUEST_SIZE):
            self._client.batch_write_item(RequestItems={self._table: deletions[start : start + REQUEST_SIZE]})

    def _update(
        self,
        table: str,
        update: str,
        condition: str,
        values: dict[str, dict[str, str]],
        names: dict[str, str] | None = None,
    ) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": f"TABLE#{table}"}, "sk": {"S": "STATE"}},
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                **({"ExpressionAttributeNames": names} if names else {}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            # What is known is as new, or newer.
            return


def _hand_over(batch: StagedBatch) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"STAGED#{batch.table.split('.')[0]}"}, "sk": {"S": batch.staged}}
