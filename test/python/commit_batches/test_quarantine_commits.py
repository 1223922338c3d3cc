"""What `commit-batches` does with rows of the quarantine, whose entries have ids of their own."""

from typing import Any

from deltalake import DeltaTable

from messages import Message
from order_domain import QUARANTINE, QUARANTINE_SCHEMA, Domain, quarantined, refused


def test_quarantined_rows_of_a_run_are_committed_once_and_account_for_no_event(domain: Domain) -> None:
    message = quarantined(domain, "a", 4, "q1", "q2")
    assert domain.commit(message, message) == domain.commit(message) == []
    assert sorted(row["quarantine_id"] for row in domain.rows(QUARANTINE)) == ["q1", "q2"]
    table = DeltaTable(str(domain.folder / QUARANTINE))
    assert (table.transaction_version("rows"), table.transaction_version("accounted")) == (2, 0)


def test_quarantined_rows_redriven_after_those_of_a_later_run_are_not_lost(domain: Domain) -> None:
    late = quarantined(domain, "late", 4, "q1", "q2")
    domain.commit(quarantined(domain, "a", 5, "q3"))
    assert domain.commit(late) == domain.commit(late) == []
    assert sorted(row["quarantine_id"] for row in domain.rows(QUARANTINE)) == ["q1", "q2", "q3"]


def test_an_event_has_an_entry_in_quarantine_for_each_time_it_is_judged(domain: Domain) -> None:
    def stage(name: str, *rows: dict[str, Any], **more: Any) -> Message:
        return domain.stage(name, rows, table=QUARANTINE, schema=QUARANTINE_SCHEMA, **more)

    replay: dict[str, Any] = {"events": 0, "ordered": False, "positions": []}
    first = stage("first", refused("q1", sequence=1), refused("q2", sequence=2))
    again = stage("again", refused("q1", 2, sequence=1), refused("q2", 2, "replayed", sequence=2), **replay)
    for messages in ([first], [again, again], [again, first]):
        assert domain.commit(*messages) == []
    assert sorted(row["entry_id"] for row in domain.rows(QUARANTINE)) == [
        *["q1:1:open", "q1:2:open", "q2:1:open", "q2:2:replayed"]
    ]
    table = DeltaTable(str(domain.folder / QUARANTINE))
    assert (table.transaction_version("rows"), table.transaction_version("accounted")) == (4, 2)
