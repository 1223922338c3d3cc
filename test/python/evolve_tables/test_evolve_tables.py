"""A deploy adds optional columns to existing tables, while they are written, and refuses any other change."""

import json
import random
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from compare_schemas import compare_schemas
from delta_evolution import open_evolution
from delta_table import DeltaLakeTable
from evolve_tables import ChangeRefused, Required, evolve_tables
from order_domain import COLUMNS, LINE, ORDER_SCHEMA, ORDERS, Domain, column, order
from random_columns import changed, random_columns
from table_schema import TableContract, fields_of

SOURCES = Path(__file__).parents[3] / "lib" / "landing"
SYSTEM = json.loads((SOURCES / "system-columns.json").read_text())["bronze"]
NEW_COLUMNS = [
    *COLUMNS[:2],
    column("lines", "array", items={"type": "struct", "fields": [*LINE, column("discount", "decimal(18,4)")]}),
    column("channel", "string"),
]


def contract_of(columns: Sequence[dict[str, Any]], table: str = ORDERS) -> TableContract:
    return TableContract(table, [*columns, *SYSTEM])


def evolve(
    folder: Path,
    columns: Sequence[dict[str, Any]],
    now: Sequence[str] = ("order_id",),
    before: Sequence[str] | None = ("order_id",),
) -> list[str]:
    contract = contract_of(columns)
    required = {contract.table: Required(now, before)}
    return evolve_tables([contract], required, lambda table: open_evolution(str(folder / table)))[contract.table]


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    """Three orders of the first contract are in the table."""
    made = Domain(tmp_path, SOURCES)
    assert made.commit(made.stage("a", [order(1), order(2), order(3)])) == []
    return made


def schema_with(**changes: pa.DataType) -> pa.Schema:
    """The schema of staged orders with columns of other types, or more of them."""
    return pa.schema({**dict(zip(ORDER_SCHEMA.names, ORDER_SCHEMA.types, strict=True)), **changes})


def test_optional_columns_are_added_at_the_top_and_inside_structs_of_arrays(domain: Domain) -> None:
    assert evolve(domain.folder, NEW_COLUMNS) == ["channel string", "lines[].discount decimal(18,4)"]
    table = DeltaTable(str(domain.folder / ORDERS))
    assert compare_schemas(fields_of(table.schema()), fields_of(contract_of(NEW_COLUMNS).schema())) == []
    assert "channel" in table.metadata().configuration["delta.dataSkippingStatsColumns"]
    assert domain.sequences() == [1, 2, 3]


def test_a_second_deploy_of_the_same_contract_commits_nothing(domain: Domain) -> None:
    evolve(domain.folder, NEW_COLUMNS)
    version = DeltaTable(str(domain.folder / ORDERS)).version()
    assert evolve(domain.folder, NEW_COLUMNS) == []
    assert DeltaTable(str(domain.folder / ORDERS)).version() == version


def test_producers_of_both_contracts_land_side_by_side_before_and_after_the_functions_roll(domain: Domain) -> None:
    evolve(domain.folder, NEW_COLUMNS)
    assert domain.commit(domain.stage("old-committer", [order(4)])) == []
    contract = json.loads((domain.folder / "contracts.json").read_text())[0] | {"columns": NEW_COLUMNS}
    (domain.folder / "contracts.json").write_text(json.dumps([contract]))
    line = {"line_no": 1, "unit_price": None, "discount": None}
    new = order(6) | {"channel": "web", "lines": [line]}
    members = [*ORDER_SCHEMA.field("lines").type.value_type, pa.field("discount", pa.decimal128(18, 4))]
    lines = pa.list_(pa.struct(members))
    old_file = domain.stage("old-file", [order(5)])
    new_file = domain.stage("new-file", [new], schema=schema_with(lines=lines, channel=pa.string()))
    assert domain.commit(old_file, new_file) == []
    table = DeltaTable(str(domain.folder / ORDERS)).to_pyarrow_table().sort_by("_sequence")
    assert table.column("channel").to_pylist() == [None, None, None, None, None, "web"]
    assert all("discount" in each[0] for each in table.column("lines").to_pylist())


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            [column("order_id", "long"), *COLUMNS[1:]],
            "column 'order_id': found string; the contract wants long",
        ),
        (COLUMNS[1:], "column 'order_id': found string; the contract wants no such column"),
        (
            [column("orderId", "string"), *COLUMNS[1:]],
            "column 'order_id': found string; the contract wants no such column",
        ),
        (
            [*COLUMNS[:2], column("lines", "array", items={"type": "struct", "fields": LINE[:1]})],
            "column 'lines[].unit_price': found decimal(18,4); the contract wants no such column",
        ),
        (
            [*COLUMNS[:2], column("lines", "string")],
            "column 'lines': found array<struct<line_no: integer, unit_price: decimal(18,4)>>; "
            "the contract wants string",
        ),
    ],
)
def test_a_change_that_readers_would_feel_is_refused_with_table_column_found_wanted_and_fix(
    domain: Domain, columns: list[dict[str, Any]], reason: str
) -> None:
    before = DeltaTable(str(domain.folder / ORDERS)).version()
    with pytest.raises(ChangeRefused) as refusal:
        evolve(domain.folder, columns)
    assert f"{ORDERS}: {reason}" in str(refusal.value)
    assert "new major version" in str(refusal.value)
    assert DeltaTable(str(domain.folder / ORDERS)).version() == before


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (
            ["order_id", "customer_id"],
            ["order_id"],
            "found optional at the last deploy; the contract wants it required",
        ),
        (
            ["order_id"],
            ["order_id", "customer_id"],
            "found required at the last deploy; the contract wants it optional",
        ),
    ],
)
def test_a_column_that_becomes_required_or_optional_is_refused(
    domain: Domain, now: list[str], before: list[str], reason: str
) -> None:
    with pytest.raises(ChangeRefused, match=f"column 'customer_id': {reason}"):
        evolve(domain.folder, COLUMNS, now, before)


@pytest.mark.parametrize("path", ["channel", "lines[].discount"])
def test_a_new_column_that_is_required_is_refused(domain: Domain, path: str) -> None:
    with pytest.raises(ChangeRefused, match=rf"column '{path.replace('[', chr(92) + '[')}': found no such column"):
        evolve(domain.folder, NEW_COLUMNS, ["order_id", path])


def test_one_refusal_stops_the_other_tables_before_anything_is_changed(domain: Domain) -> None:
    other = f"{ORDERS}_other"
    DeltaTable.create(str(domain.folder / other), contract_of(COLUMNS).schema())
    contracts = [contract_of(NEW_COLUMNS), contract_of(COLUMNS[1:], other)]
    required = {contract.table: Required([], None) for contract in contracts}
    with pytest.raises(ChangeRefused, match=other):
        evolve_tables(contracts, required, lambda table: open_evolution(str(domain.folder / table)))
    assert DeltaTable(str(domain.folder / ORDERS)).version() == 1


def test_a_table_without_a_commit_is_left_to_its_first_one(tmp_path: Path) -> None:
    contract = contract_of(COLUMNS)
    required = {contract.table: Required([], None)}
    assert evolve_tables([contract], required, lambda table: open_evolution(str(tmp_path / table))) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(60))
def test_added_columns_are_taken_and_everything_else_is_refused_wherever_it_happens(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = random_columns(chance)
    change = chance.choice(["add", "drop", "rename", "retype", "reorder"])
    after = changed(chance, before, change)
    table = DeltaTable.create(str(tmp_path / "t"), contract_of(before).schema())
    contract = contract_of(after, "t")

    def evolved() -> dict[str, list[str]]:
        return evolve_tables([contract], {"t": Required([], None)}, lambda name: open_evolution(str(tmp_path / name)))

    if change in ("add", "reorder"):
        assert len(evolved()["t"]) == (change == "add")
        now = fields_of(DeltaTable(str(tmp_path / "t")).schema())
        assert compare_schemas(now, fields_of(contract.schema())) == []
    else:
        with pytest.raises(ChangeRefused):
            evolved()
        assert DeltaTable(str(tmp_path / "t")).version() == table.version()


def test_columns_are_added_while_rows_are_appended_and_no_append_is_lost(domain: Domain) -> None:
    """The committer is the old one: it tries again where the deploy came in between."""
    contract = contract_of(COLUMNS)
    failures: list[list[str]] = []
    stop = threading.Event()

    def produce() -> None:
        number = 10
        while not stop.is_set() or number < 20:
            failures.append(domain.commit(domain.stage(f"s{number}", [order(number)])))
            number += 1

    assert isinstance(domain.open_table(contract), DeltaLakeTable)
    producer = threading.Thread(target=produce)
    producer.start()
    columns: list[dict[str, Any]] = list(COLUMNS)
    for number in range(10):
        columns.append(column(f"extra_{number}", "string"))
        evolve(domain.folder, columns)
    stop.set()
    producer.join()
    assert failures == [[]] * len(failures)
    assert domain.sequences() == [1, 2, 3, *range(10, 10 + len(failures))]
    found = DeltaTable(str(domain.folder / ORDERS)).schema().fields
    assert {f"extra_{number}" for number in range(10)} <= {field.name for field in found}
