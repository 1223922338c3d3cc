"""model, from silver to gold, with commerce's own dbt models."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from steps import dbt_project
from tests.lake import LINES, PERFORMANCE, SALES, Lake, line, order


@pytest.fixture
def shop(lake: Lake) -> Lake:
    """Three orders in silver, at Delta version 1."""
    return open_shop(lake)


@pytest.fixture(scope="module")
def built(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, Any]]:
    """The shop with its gold tables in the green slot, and the results; for tests that do not change silver."""
    shop = open_shop(Lake(spark, tmp_path_factory.mktemp("built")))
    return shop, shop.model("green", None)


def open_shop(lake: Lake) -> Lake:
    lake.land(
        order("A", line(1, 2, "0.10"), line(2, 3, "1.2345")),
        order("B", line(1, 1, "0.10", product_id="p1"), line(2, 4, "0.10", product_id="p1"), customer_id="tok-secret"),
        order("C1", line(1, -2, "0.10", product_id="p1"), is_cancellation=True),
    )
    lake.refine(0, 1)
    return lake


def correct(shop: Lake) -> None:
    """Another product, a line less, a new order on another day, and a cancellation."""
    shop.land(
        order("A", line(1, 2, "0.10", product_id="p9"), event="A-2", minute=1),
        order("D", line(1, 7, "3"), minute=24 * 60),
        order("C2", line(1, -4, "0.10"), is_cancellation=True, minute=2),
    )
    shop.refine(2, 2)


def test_gold_holds_every_line_with_its_exact_amount(built: tuple[Lake, dict[str, Any]]) -> None:
    shop, results = built
    assert shop.rows(SALES, "order_id", "line_no", "net_amount") == [
        ("A", 1, Decimal("0.2000")),
        ("A", 2, Decimal("3.7035")),
        ("B", 1, Decimal("0.1000")),
        ("B", 2, Decimal("0.4000")),
        ("C1", 1, Decimal("-0.2000")),
    ]
    columns = ["order_count", "line_count", "units", "units_cancelled", "net_amount"]
    assert shop.rows(PERFORMANCE, "product_id", *columns) == [
        ("p1", 2, 4, 5, 2, Decimal("0.5000")),
        ("p2", 1, 1, 3, 0, Decimal("3.7035")),
    ]
    sales = results[SALES]
    assert (sales["rowsIn"], sales["rowsOut"], sales["rowCount"]) == (5, 5, 5)
    assert sales["inputs"] == [{"table": LINES, "fromVersion": 0, "toVersion": 1}]
    assert [
        check for result in results.values() for check in result["checks"] if check["failed"] or check["error"]
    ] == []
    assert {"columns", "primary_key.unique", "sales_not_empty"} < {check["id"] for check in sales["checks"]}


def test_an_incremental_build_gives_the_same_rows_as_a_full_one_and_so_does_doing_it_twice(shop: Lake) -> None:
    shop.model("green", None)
    correct(shop)
    first = shop.model("green", 1)[SALES]
    assert (first["rowsIn"], first["rowsOut"]) == (4, 3)
    assert first["inputs"] == [{"table": LINES, "fromVersion": 2, "toVersion": 2}]
    once = [shop.rows(SALES), shop.rows(PERFORMANCE)]
    shop.model("green", 1)
    twice = [shop.rows(SALES), shop.rows(PERFORMANCE)]
    shop.model("blue", None)
    full = [shop.rows(SALES, slot="blue"), shop.rows(PERFORMANCE, slot="blue")]
    assert once == twice == full
    assert by_product(shop) == shop.rows(PERFORMANCE, "product_id", "order_date", "units", "net_amount")


def by_product(shop: Lake) -> list[tuple[Any, ...]]:
    """The same sums by another engine, from silver."""
    columns = ["product_id", "ordered_at", "quantity", "unit_price"]
    values = shop.table(LINES).select(*columns).collect()
    lines = pa.Table.from_pylist([row.asDict() for row in values])  # noqa: F841 # DuckDB reads the variable
    sums = "sum(quantity)::int, sum(quantity * unit_price)::decimal(18, 4)"
    return duckdb.execute(
        f"select product_id, ordered_at::date, {sums} from lines group by all order by all"
    ).fetchall()


def test_nothing_new_in_silver_makes_no_new_version_of_gold(built: tuple[Lake, dict[str, Any]]) -> None:
    shop, before = built
    again = shop.model("green", 1)
    assert {name: result["deltaVersion"] for name, result in again.items()} == {
        name: result["deltaVersion"] for name, result in before.items()
    }
    assert [(result["rowsIn"], result["rowsOut"]) for result in again.values()] == [(0, 0), (0, 0)]


def test_the_log_of_gold_holds_no_personal_data_and_dbt_leaves_its_evidence(
    built: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = built
    log = "".join(file.read_text() for file in (shop.folder / "gold/commerce/green").rglob("_delta_log/*.json"))
    assert '\\"order_id\\":\\"A\\"' in log
    assert "tok-secret" not in log
    evidence = Path(shop.plan()["results"]["model"]).parent
    statuses = [result["status"] for result in json.loads((evidence / "run_results.json").read_text())["results"]]
    assert statuses == ["success", "success"]
    assert "model.sluice.gold_fact_sales" in json.loads((evidence / "manifest.json").read_text())["nodes"]


def test_a_slot_is_built_in_full_when_the_log_no_longer_holds_what_changed_since(shop: Lake) -> None:
    correct(shop)
    silver = shop.folder / "silver/commerce/order_lines"
    DeltaTable(str(silver)).create_checkpoint()
    for version in (0, 1):
        (silver / "_delta_log" / f"{version:020}.json").unlink()
    sales = shop.model("green", 0)[SALES]
    assert sales["inputs"] == [{"table": LINES, "fromVersion": 0, "toVersion": 2}]


OTHER = """
{% set keys = ['order_id', 'line_no'] %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed('commerce_silver.order_lines', " ~ keys ~ ") }}") }}
select rows.order_id, rows.line_no, rows.quantity * own.quantity as units
from {{ source('commerce_silver', 'order_lines') }} as rows
join {{ source('silver', 'order_lines') }} as own on rows.line_no = own.line_no
{{ only_changed('commerce_silver.order_lines', keys) }}
"""


def test_gold_is_made_of_a_table_of_another_domain_beside_an_own_one_of_the_same_name(
    shop: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "project" / "domains" / "stock" / "models"
    models.mkdir(parents=True)
    (models / "gold_units.sql").write_text(OTHER)
    monkeypatch.setattr(dbt_project, "PROJECT", tmp_path / "project")
    own = shop.spark.createDataFrame([(1, 10), (2, 100)], "line_no int, quantity int")
    own.write.format("delta").save(str(shop.folder / "silver/stock/order_lines"))

    def build(built_from: int | None) -> tuple[list[tuple[Any, ...]], dict[str, Any]]:
        result = shop.run("model", stock_plan(shop, built_from))["stock.gold.gold_units"]
        return shop.rows("stock.gold.gold_units"), result

    rows, _ = build(None)
    assert rows == [("A", 1, 20), ("A", 2, 300), ("B", 1, 10), ("B", 2, 400), ("C1", 1, -20)]
    correct(shop)
    rows, result = build(1)
    assert rows == [("A", 1, 20), ("B", 1, 10), ("B", 2, 400), ("C1", 1, -20), ("C2", 1, -40), ("D", 1, 70)]
    assert [(read["table"], read["fromVersion"]) for read in result["inputs"]] == [
        ("stock.silver.order_lines", 0),
        (LINES, 2),
    ]


def stock_plan(shop: Lake, built_from: int | None) -> dict[str, Any]:
    """A domain whose gold is made of lines of the shop and of its own."""
    plan = shop.plan()
    [lines] = plan["model"]["inputs"]
    own = {**lines, "id": "stock.silver.order_lines", "uri": str(shop.folder / "silver/stock/order_lines")}
    inputs = [
        {**own, "source": "silver", "builtFromVersion": None if built_from is None else 0},
        {**lines, "source": "commerce_silver", "builtFromVersion": built_from},
    ]
    database, uri = f"{plan['model']['database']}_stock", str(shop.folder / "gold/stock/green/gold_units")
    columns = [
        {"name": name, "type": kind} for name, kind in (("order_id", "string"), ("line_no", "int"), ("units", "int"))
    ]
    table = {"id": "stock.gold.gold_units", "database": database, "table": "gold_units", "uri": uri}
    tables = [{**table, "contractVersion": "1.0.0", "columns": columns, "checks": [], "reads": []}]
    model = {**plan["model"], "database": database, "locationRoot": str(shop.folder / "gold/stock/green")}
    return {**plan, "domain": "stock", "refine": [], "model": {**model, "inputs": inputs, "tables": tables}}


def test_a_model_that_fails_fails_the_job_by_its_name_and_leaves_its_evidence(
    built: tuple[Lake, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, _ = built
    models = tmp_path / "project" / "domains" / "commerce" / "models"
    models.mkdir(parents=True)
    (models / "gold_fact_sales.sql").write_text("select no_such_column from {{ source('silver', 'order_lines') }}")
    (models / "gold_product_performance.sql").write_text("select 1 as one")
    monkeypatch.setattr(dbt_project, "PROJECT", tmp_path / "project")
    with pytest.raises(RuntimeError, match=r"model gold_fact_sales: .*no_such_column"):
        shop.model("blue", None)
    evidence = Path(shop.plan()["results"]["model"]).parent
    assert (evidence / "run_results.json").exists()


def test_a_gold_contract_without_a_model_fails_the_job_and_says_which_file_to_write(
    built: tuple[Lake, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, _ = built
    monkeypatch.setattr(dbt_project, "PROJECT", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"write domains/commerce/models/gold_fact_sales\.sql"):
        shop.model("blue", None)
