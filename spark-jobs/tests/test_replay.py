"""Rows that refine refused are judged again, once their contract is repaired."""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tests.lake import LINES, Lake, line, order
from tests.test_refine_any_order import NO_LIMIT, cut, deliveries, random_events

Entry = Mapping[str, Any]


def repaired(lake: Lake) -> list[Any]:
    """The contract's checks without the rule that a quantity must not be zero."""
    return [check for check in lake.plan()["refine"][0]["checks"] if check["id"] != "quantity_not_zero"]


def wish(lake: Lake, entries: Iterable[Entry]) -> str:
    """The document that `replay-records` writes when a person wants these rows judged again."""
    document = {"version": 1, "table": LINES, "entries": [as_asked(entry) for entry in entries]}
    file = lake.folder / f"replay-{sha256(json.dumps(document).encode()).hexdigest()[:8]}.json"
    file.write_text(json.dumps(document))
    return str(file)


def as_asked(entry: Entry) -> dict[str, Any]:
    same = {"gate": "gate", "reasons": "reasons", "rules": "rules", "attempts": "attempts", "source": "source"}
    spelled = {"quarantineId": "quarantine_id", "contractVersion": "contract_version", "eventId": "event_id"}
    place = {"runId": "run_id", "shard": "_shard", "sequence": "_sequence"}
    first_seen = entry["first_seen"].replace(tzinfo=UTC).timestamp() * 1_000_000
    return {
        **{key: entry[name] for key, name in {**same, **spelled, **place}.items()},
        "firstSeen": int(first_seen),
        "ingestDate": entry["_ingest_date"].isoformat(),
    }


def replay(lake: Lake, last: int, *uris: str, checks: list[Any] | None = None) -> dict[str, Any]:
    """A run that finds nothing new in bronze, which ends at `last`."""
    changes = {"checks": checks} if checks is not None else {}
    return dict(lake.refine(last + 1, last, replays=list(uris), **changes)[LINES])


Replayed = tuple[Lake, Entry, dict[str, Any]]


@pytest.fixture(scope="module")
def begun(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Entry]:
    """A lake of which one run has refused one row, and its entry; for tests that change nothing."""
    lake = Lake(spark, tmp_path_factory.mktemp("begun"))
    lake.land(order("A", line(1), line(2, 0)), order("B", line(1)))
    [refused] = lake.quarantined(lake.refine(0, 1)[LINES])
    return lake, refused


@pytest.fixture(scope="module")
def replayed(begun: tuple[Lake, Entry], tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """The same after a replay of the row under a repaired contract, and the results."""
    lake = begun[0].copy_to(tmp_path_factory.mktemp("replayed"))
    return lake, begun[1], replay(lake, 1, wish(lake, [begun[1]]), checks=repaired(lake))


@pytest.fixture
def shop(begun: tuple[Lake, Entry], lake: Lake) -> Lake:
    """The lake before the replay, to go on from."""
    return begun[0].copy_to(lake.folder)


def test_a_row_goes_to_silver_once_its_contract_is_repaired_and_its_entry_is_closed(replayed: Replayed) -> None:
    lake, refused, first = replayed
    assert lake.rows(LINES, "order_id", "line_no", "quantity") == [("A", 1, 1), ("A", 2, 0), ("B", 1, 1)]
    [closed] = lake.quarantined(first)
    assert (first["judgedAgain"], first["replayed"], first["entries"], first["quarantined"]) == (1, 1, 1, 0)
    assert (closed["quarantine_id"], closed["status"], closed["attempts"]) == (refused["quarantine_id"], "replayed", 2)
    assert closed["entry_id"] == sha256(f"{refused['quarantine_id']}:2:replayed".encode()).hexdigest()
    kept = ("first_seen", "gate", "rules", "reasons", "event_id", "source", "_shard", "_sequence", "_ingest_date")
    assert {name: closed[name] for name in kept} == {name: refused[name] for name in kept}
    assert (closed["payload"], closed["sealed"], closed["note"]) == (None, None, None)


def test_the_same_wish_again_changes_nothing_and_gives_the_same_entry(replayed: Replayed, lake: Lake) -> None:
    before, refused, first = replayed
    shop = before.copy_to(lake.folder)
    asked = wish(shop, [refused])
    again = replay(shop, 1, asked, asked, checks=repaired(shop))
    assert shop.table(LINES).collect() == before.table(LINES).collect()
    assert shop.quarantined(again) == before.quarantined(first)
    assert again["deltaVersion"] == first["deltaVersion"]


def test_what_is_refused_again_stays_open_with_one_attempt_more_and_blocks_no_run(lake: Lake) -> None:
    lake.land(order("A", line(1), line(2, 0), line(3, 0)))
    refused = lake.quarantined(lake.refine(0, 1)[LINES])
    asked = wish(lake, refused)
    strict = [
        {**check, "onFailure": "block", "blockAbovePercent": None} for check in lake.plan()["refine"][0]["checks"]
    ]
    lake.land(order("B", line(1)))
    result = lake.refine(2, 2, replays=[asked], checks=strict)[LINES]
    assert lake.rows(LINES, "order_id", "line_no") == [("A", 1), ("B", 1)]
    entries = lake.quarantined(result)
    assert [(row["status"], row["attempts"]) for row in entries] == [("open", 2)] * 2
    assert [row["first_seen"] for row in entries] == [row["first_seen"] for row in refused]
    counted = {check["id"]: (check["failed"], check["evaluated"]) for check in result["checks"]}
    assert (counted["quantity_not_zero"], counted["rows:refused"]) == ((0, 1), (0, 1))
    assert (result["quarantined"], result["judgedAgain"], result["replayed"]) == (0, 2, 0)


def test_a_row_that_a_newer_event_replaced_does_not_come_back(begun: tuple[Lake, Entry], shop: Lake) -> None:
    shop.land(order("A", line(1, 9), event="A-2", minute=1))
    shop.refine(2, 2)
    [closed] = shop.quarantined(replay(shop, 2, wish(shop, [begun[1]]), checks=repaired(shop)))
    assert closed["status"] == "replayed"
    assert shop.rows_of("A", "line_no", "quantity") == [(1, 9)]


def test_a_row_that_no_event_makes_any_more_stays_open_and_says_so(begun: tuple[Lake, Entry], shop: Lake) -> None:
    asked = wish(shop, [{**begun[1], "_sequence": f"{7:064}"}])
    [entry] = shop.quarantined(replay(shop, 1, asked))
    assert (entry["status"], entry["attempts"]) == ("open", 2)
    assert entry["note"] == "bronze holds no event that makes this row"


def test_replays_in_any_run_give_what_a_clean_run_would_have_given(lake: Lake, tmp_path: Path) -> None:
    dice = random.Random(5)
    clean = Lake(lake.spark, tmp_path / "clean")
    entries: list[Entry] = []
    for batch in cut(dice, deliveries(dice, random_events(dice)), 2):
        version = lake.land(*batch)
        clean.land(*batch)
        entries += lake.quarantined(lake.refine(version, version, limit=NO_LIMIT)[LINES])
    assert any("quantity_not_zero" in entry["rules"] for entry in entries)
    dice.shuffle(entries)
    for part in (entries[len(entries) // 2 :], entries):
        replay(lake, version, wish(lake, part), checks=repaired(lake))
    clean.refine(0, version, checks=repaired(clean), limit=NO_LIMIT)
    columns = ("order_id", "line_no", "quantity", "_event_id")
    assert lake.rows(LINES, *columns) == clean.rows(LINES, *columns)
