"""model, from silver to gold, with commerce's own dbt models."""

import json
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from steps import dbt_project
from tests.customers import CHANGE, change
from tests.lake import (
    CALENDAR,
    CUSTOMERS,
    LINES,
    PERFORMANCE,
    PRODUCTS,
    RESTATED,
    SALES,
    SEGMENTS,
    Lake,
)
from tests.law import ENGLAND, days_of, holidays
from tests.products import ENTRY, entry
from tests.shop import correct, open_shop
from tests.stock import OTHER, stock_plan


@pytest.fixture
def shop(lake: Lake) -> Lake:
    """Three orders in silver, at Delta version 1."""
    return open_shop(lake)


@pytest.fixture(scope="module")
def built(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, Any]]:
    """The shop with its gold tables in the green slot, and the results; for tests that do not change silver."""
    shop = open_shop(Lake(spark, tmp_path_factory.mktemp("built")))
    return shop, shop.model("green", None)


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
    assert shop.rows(PERFORMANCE, "product_id", "period", *columns) == [
        *[("p1", period, 2, 4, 5, 2, Decimal("0.5000")) for period in ("day", "month", "week")],
        *[("p2", period, 1, 1, 3, 0, Decimal("3.7035")) for period in ("day", "month", "week")],
    ]
    sales = results[SALES]
    assert (sales["rowsIn"], sales["rowsOut"], sales["rowCount"]) == (5, 5, 5)
    assert sales["inputs"][1:] == [{"table": LINES, "fromVersion": 0, "toVersion": 1}]
    broken = [check for result in results.values() for check in result["checks"] if check["failed"] or check["error"]]
    assert {(check["id"], check["failed"], check["onFailure"]) for check in broken} == {
        ("rates_are_known", 5, "warn"),
        ("buyers_are_in_crm", 2, "warn"),
        ("sold_products_are_listed", 2, "warn"),
    }
    assert {"columns", "primary_key.unique", "sales_not_empty"} < {check["id"] for check in sales["checks"]}


def test_an_incremental_build_gives_the_same_rows_as_a_full_one_and_so_does_doing_it_twice(shop: Lake) -> None:
    shop.model("green", None)
    correct(shop)
    shop.send("products", ENTRY, entry(1, "p2"), entry(2, "p2", 1, "3"))
    shop.send("customers", CHANGE, change(1, "tok-1", 0), change(2, "tok-1", 1, consent=False))
    results = shop.model("green", 1)
    first = results[SALES]
    assert (first["rowsIn"], first["rowsOut"]) == (4, 4)
    assert first["inputs"][1:] == [{"table": LINES, "fromVersion": 2, "toVersion": 2}]
    assert results[PRODUCTS]["rowsOut"] == len(shop.rows(PRODUCTS)) == 4  # of p1, p9, and twice of p2
    assert results[CUSTOMERS]["rowsOut"] == 2  # of tok-1, and none of the other, who bought nothing since
    assert [row[0] for row in shop.rows(CUSTOMERS)] == ["tok-1", "tok-1", "tok-secret"]
    once = [shop.rows(table) for table in RESTATED]
    shop.model("green", 1)
    twice = [shop.rows(table) for table in RESTATED]
    shop.model("blue", None)
    full = [shop.rows(table, slot="blue") for table in RESTATED]
    assert once == twice == full
    assert shop.rows(SEGMENTS, "customer_id", "segment_month") == [
        (customer, date(2026, month, 1)) for customer in ("tok-1", "tok-secret") for month in (1, 2)
    ]
    products = shop.rows(PERFORMANCE, "period", "product_id", "period_start", "units", "net_amount")
    assert by_product(shop) == [row for period, *row in products if period == "day"]


def by_product(shop: Lake) -> list[list[Any]]:
    """The same sums of days by another engine, from silver."""
    columns = ["product_id", "ordered_at", "quantity", "unit_price"]
    values = shop.table(LINES).select(*columns).collect()
    lines = pa.Table.from_pylist([row.asDict() for row in values])  # noqa: F841 # DuckDB reads the variable
    sums = "sum(quantity)::int, sum(quantity * unit_price)::decimal(18, 4)"
    found = duckdb.execute(f"select product_id, ordered_at::date, {sums} from lines group by all order by all")
    return [list(row) for row in found.fetchall()]


def test_the_calendar_has_every_day_with_its_week_its_fiscal_year_and_the_holidays_of_the_law(
    built: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = built
    days = {row["date_day"]: row for row in shop.table(CALENDAR).collect()}
    first, last = date(2009, 1, 1), date(2035, 12, 31)
    assert sorted(days) == [first + timedelta(n) for n in range((last - first).days + 1)]
    for day, row in days.items():
        assert (row["iso_year"], row["iso_week"], row["iso_day_of_week"]) == day.isocalendar()
        assert (row["day_name"], row["month_name"]) == (f"{day:%A}", f"{day:%B}")
        assert (row["day_of_year"], row["quarter"]) == (int(f"{day:%j}"), (day.month + 2) // 3)
        assert row["is_weekend"] == (day.isoweekday() > 5)
        assert row["fiscal_year"] == (day.year + 1 if day.month > 3 else day.year)
        assert row["fiscal_month"] == (day.month - 4) % 12 + 1
        assert row["fiscal_quarter"] == (day.month - 4) % 12 // 3 + 1
        for country in ("gb", "de", "fr"):
            is_holiday = row[f"holiday_{country}"] is not None
            assert row[f"is_working_day_{country}"] == (day.isoweekday() <= 5 and not is_holiday)
    for year in range(2009, 2036):
        given = {
            country: {day for day, row in days.items() if day.year == year and row[f"holiday_{country}"]}
            for country in ("gb", "de", "fr")
        }
        assert given["de"] == holidays("de", year)
        assert given["fr"] == holidays("fr", year)
        assert len(given["gb"]) == {2011: 9, 2012: 9, 2022: 10, 2023: 9}.get(year, 8)
        assert all(day.isoweekday() <= 5 for day in given["gb"])
        assert year not in ENGLAND or given["gb"] == days_of(year, ENGLAND[year])


def test_nothing_new_in_silver_makes_no_new_version_of_gold(built: tuple[Lake, dict[str, Any]], tmp_path: Path) -> None:
    shop, before = built[0].copy_to(tmp_path / "again"), built[1]
    again = shop.model("green", 1)
    assert {name: result["deltaVersion"] for name, result in again.items()} == {
        name: result["deltaVersion"] for name, result in before.items()
    }
    assert {(result["rowsIn"], result["rowsOut"]) for result in again.values()} == {(0, 0)}


def test_a_new_model_makes_its_table_anew_with_those_made_of_it_and_leaves_the_others(
    built: tuple[Lake, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = built[0].copy_to(tmp_path / "anew")
    before = {table: DeltaTable(shop.uri(table)).version() for table in (CALENDAR, SALES, PERFORMANCE)}
    models = tmp_path / "domains/commerce/models"
    shutil.copytree(dbt_project.PROJECT / "domains/commerce/models", models)
    monkeypatch.setattr(dbt_project, "PROJECT", tmp_path)
    rates = models / "fx_per_usd.sql"
    rates.write_text(rates.read_text().replace("1 as units_per_usd", "2 as units_per_usd"))
    changed = shop.model("green", 1)
    assert changed[CALENDAR]["deltaVersion"] == before[CALENDAR]
    assert [changed[table]["deltaVersion"] - before[table] for table in (SALES, PERFORMANCE)] == [1, 1]
    assert [(changed[table]["rowsIn"], changed[table]["rowsOut"]) for table in (SALES, PERFORMANCE)] == [(5, 5), (5, 6)]
    again = shop.model("green", 1)
    assert [again[table]["deltaVersion"] - before[table] for table in (SALES, PERFORMANCE)] == [1, 1]


def test_the_log_of_gold_holds_no_personal_data_and_dbt_leaves_its_evidence(
    built: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = built
    log = "".join(file.read_text() for file in (shop.folder / "gold/commerce/green").rglob("_delta_log/*.json"))
    assert '\\"order_id\\":\\"A\\"' in log
    assert "tok-secret" not in log
    evidence = Path(shop.plan()["results"]["model"]).parent
    statuses = [result["status"] for result in json.loads((evidence / "run_results.json").read_text())["results"]]
    assert statuses == ["success"] * 8
    assert "model.sluice.gold_fact_sales" in json.loads((evidence / "manifest.json").read_text())["nodes"]


def test_a_slot_is_built_in_full_when_the_log_no_longer_holds_what_changed_since(shop: Lake) -> None:
    correct(shop)
    silver = shop.folder / "silver/commerce/order_lines"
    DeltaTable(str(silver)).create_checkpoint()
    for version in (0, 1):
        (silver / "_delta_log" / f"{version:020}.json").unlink()
    sales = shop.model("green", 0, [SALES])[SALES]
    assert sales["inputs"][1:] == [{"table": LINES, "fromVersion": 0, "toVersion": 2}]


def test_gold_is_made_of_a_table_of_another_domain_beside_an_own_one_of_the_same_name(
    shop: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "project" / "domains" / "stock" / "models"
    models.mkdir(parents=True)
    (models / "gold_units.sql").write_text(OTHER)
    (models / "gold_later.sql").write_text("select * from {{ source('silver', 'of_which_nothing_came_yet') }}")
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


def test_a_model_that_fails_fails_the_job_by_its_name_and_leaves_its_evidence(
    built: tuple[Lake, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, _ = built
    models = tmp_path / "project" / "domains" / "commerce" / "models"
    models.mkdir(parents=True)
    for table in shop.plan()["model"]["tables"]:
        (models / f"{table['table']}.sql").write_text("select 1 as one")
    (models / "gold_fact_sales.sql").write_text("select no_such_column from {{ source('silver', 'order_lines') }}")
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
    with pytest.raises(FileNotFoundError, match=r"write domains/commerce/models/gold_\w+\.sql"):
        shop.model("blue", None)
