"""The committer decides as the model of the simulator does: both read the same cases."""

import json
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

import pytest

from commit_batches import Append, Bounds, Committed, Key, plan_append
from list_table import ListRows
from staged_batch import parse_batch

VECTORS = Path(__file__).parents[2] / "vectors"
# Written by hand, and drawn by the simulator's model of the committer.
CASES = [
    case
    for name in ("commit-batches", "commit-histories")
    for case in json.loads((VECTORS / f"{name}.json").read_text())
]


def planned(case: dict[str, Any]) -> tuple[Append, list[ListRows]]:
    committed = case["committed"]
    positions = {shard: int(last) for shard, last in committed["positions"].items()}
    state = Committed(committed["version"], committed["rows"], committed["accounted"], positions, committed["txns"])
    held = {tuple(key) for key in case["held"]}
    rows = [ListRows([tuple(key) for key in each["keys"]]) for each in case["staged"]]

    def present(_bounds: Bounds, keys: Callable[[], Set[Key]]) -> Set[Key]:
        return keys() & held

    batches = [parse_batch(json.dumps(each["message"])) for each in case["staged"]]
    return plan_append(state, list(zip(batches, rows, strict=True)), tuple(case["key"]), present), rows


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_a_plan_is_what_the_model_says(case: dict[str, Any]) -> None:
    append, rows = planned(case)
    expected = case["expected"]
    masks = {id(kept.rows): kept.mask or [True] * len(kept.rows) for kept in append.kept}
    assert [list(masks.get(id(each), [False] * len(each))) for each in rows] == expected["kept"]
    positions = {**append.committed.positions, **append.positions}
    assert {shard: str(last) for shard, last in positions.items()} == expected["positions"]
    assert {**append.committed.txns, **append.txns} == expected["txns"]
    totals = {"rows": expected["rows"], "accounted": expected["accounted"]}
    assert append.totals() == totals
