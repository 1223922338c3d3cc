"""model, from silver to gold, with commerce's own dbt models."""

import json
import random
import shutil
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from steps import dbt_project
from tests import customers, products
from tests.attribution import attribution_of
from tests.customers import CHANGE, SECRETS, change, random_changes
from tests.lake import (
    ATTRIBUTION,
    CALENDAR,
    CUSTOMERS,
    LINES,
    PERFORMANCE,
    PRODUCTS,
    SALES,
    SEGMENTS,
    Lake,
    line,
    order,
)
from tests.law import ENGLAND, days_of, holidays
from tests.products import ENTRY, entry, random_entries
from tests.rates import send_rates
from tests.returns import DAY, returns_of_a_shop, taken_back
from tests.segments import segments_of
from tests.shop import correct, open_shop
from tests.stock import OTHER, stock_plan
from tests.views import send_views, views_of_a_shop

WAYS = ("first_touch", "last_touch", "linear", "position_based", "time_decay")
#: Tables that a change restates in part.
RESTATED = (SALES, PERFORMANCE, SEGMENTS, PRODUCTS, CUSTOMERS, ATTRIBUTION)


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
    assert shop.rows(PERFORMANCE, "product_id", *columns) == [
        ("p1", 2, 4, 5, 2, Decimal("0.5000")),
        ("p2", 1, 1, 3, 0, Decimal("3.7035")),
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
    assert by_product(shop) == shop.rows(PERFORMANCE, "product_id", "order_date", "units", "net_amount")


@pytest.fixture(scope="module")
def traded(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, Any]]:
    """A shop with late lines, rates and a catalogue, built in steps in green and at once in blue; results of green."""
    shop = open_shop(Lake(spark, tmp_path_factory.mktemp("traded")))
    shop.model("green", None)
    events = list(returns_of_a_shop(random.Random(7)))
    late = events[::3]  # each of which may move what others have taken back
    moved = {"customer_id": "tok-3", "currency": "GBP"}
    shop.land(*[event for event in events if event not in late], order("M", line(1), minute=700 * DAY, **moved))
    shop.refine(2, 2)
    shop.send("products", ENTRY, *ENTRIES[::2])
    shop.send("customers", CHANGE, *CHANGES[::2])
    send_views(shop, [view for view in VIEWS if view not in VIEWS[::3]])
    shop.model("green", 1)
    send_views(shop, VIEWS[::3])
    shop.land(*late, order("M", line(1), event="M-2", minute=2 * DAY, **moved))
    shop.refine(3, 3)
    entries = shop.send("products", ENTRY, *ENTRIES[1::2])
    shop.send("customers", CHANGE, *CHANGES[1::2])
    send_rates(shop, {"2025-12-01": {"Euro": "0.5", "United Kingdom": "0.25"}})
    send_rates(shop, {"2026-01-02": {"Euro": "0.8"}, "2026-01-05": {"Norway": "6"}})
    results = shop.model("green", 2, page_views=1)
    shop.model("blue", None)
    return shop, {**results, "entries": entries}


ENTRIES = list(random_entries(random.Random(8), 40))
CHANGES = list(random_changes(random.Random(9), 40))
VIEWS = list(views_of_a_shop(random.Random(7)))


def test_late_lines_rates_entries_and_contacts_leave_the_rows_that_a_full_build_makes(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = traded
    for table in RESTATED:
        assert shop.rows(table) == shop.rows(table, slot="blue")


def test_orders_are_credited_to_the_campaigns_that_led_to_them_by_what_was_known_by_then(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = traded
    credited = attribution_of([row.asDict() for row in shop.table(SALES).collect()], VIEWS)
    columns = ["campaign", "touch_count", "order_net_amount_gbp", *(f"{way}_amount_gbp" for way in WAYS)]
    assert shop.rows(ATTRIBUTION, "order_id", *columns) == sorted(credited, key=str)
    assert {min(touches, 4) for _, _, touches, *_ in credited} == {0, 1, 2, 3, 4}


def test_products_have_a_version_for_each_time_by_the_catalogue_or_by_the_lines_alone(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, results = traded
    names = ["product_id", "description", "ordered_at", "is_cancellation", "unit_price"]
    lines = [dict(zip(names, row, strict=True)) for row in shop.rows(LINES, *names)]
    found = shop.rows(PRODUCTS)
    assert sorted(found, key=lambda row: row[:2]) == products.versions(ENTRIES, lines)
    assert {row[4] for row in found} == {"listed", "withdrawn", "not_listed_yet", "unlisted"}
    for sale in lines:
        holding = [row for row in found if row[0] == sale["product_id"] and row[1] <= sale["ordered_at"]]
        assert len([row for row in holding if row[2] is None or sale["ordered_at"] < row[2]]) == 1
    instants = {(row["product_id"], row["listed_at"]) for row in ENTRIES}
    assert len(instants) < len(ENTRIES)
    assert failures([*results["entries"]["checks"], *results[PRODUCTS]["checks"]]) == {
        "one_entry_per_instant": len(ENTRIES) - len(instants),
        "sold_products_are_listed": len([row for row in found if row[4] == "unlisted"]),
    }


def test_customers_have_a_version_for_each_time_and_none_tells_what_the_crm_has_deleted(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, results = traded
    names = ["customer_id", "ordered_at", "is_cancellation"]
    lines = [dict(zip(names, row, strict=True)) for row in shop.rows(LINES, *names)]
    found = shop.rows(CUSTOMERS)
    assert sorted(found, key=lambda row: row[:2]) == customers.versions(CHANGES, lines)
    assert {row[4] for row in found} == {"known", "not_known_yet", "unknown", "erased"}
    orphans = len([row for row in found if row[4] == "unknown"])
    assert failures(results[CUSTOMERS]["checks"]) == {"buyers_are_in_crm": orphans}


def failures(checks: list[dict[str, Any]]) -> dict[str, int]:
    """Rows that failed, by check; all checks could run."""
    assert not [check for check in checks if check["error"]]
    return {check["id"]: check["failed"] for check in checks if check["failed"]}


def test_no_file_of_gold_or_of_its_silver_holds_a_name_an_address_or_a_number_of_a_contact(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = traded
    for layer in ("silver", "gold"):
        for file in (file for file in (shop.folder / layer).rglob("*") if file.is_file()):
            held = parquet_text(file) if file.suffix == ".parquet" else file.read_text(errors="replace")
            assert not [secret for secret in SECRETS if secret in held], file
    assert "tok-mail-of-ann" in "".join(map(parquet_text, (shop.folder / "bronze").rglob("*.parquet")))


def parquet_text(file: Path) -> str:
    """All values, and what the footer says of them."""
    found = parquet.ParquetFile(file)
    return f"{found.read().to_pylist()} {found.metadata.to_dict()}"


def test_cancellations_take_back_the_oldest_sales_and_amounts_have_the_rate_of_their_day(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, _ = traded
    rows = [row.asDict() for row in shop.table(SALES).collect()]
    segments = segments_of(rows)
    assert shop.rows(SEGMENTS) == segments
    assert len({segment for *_, segment, _ in segments}) > 5
    expected = taken_back(rows)
    found = {(row["order_id"], row["line_no"]): (row["returned_units"], row["unmatched_units"]) for row in rows}
    assert found == expected
    assert (
        {bool(units) for units, _ in expected.values()}
        == {bool(units) for _, units in expected.values()}
        == {True, False}
    )
    for row in rows:
        day, net = row["order_date"], row["net_amount"]
        assert row["is_unmatched"] == (row["unmatched_units"] > 0)
        assert net == row["gross_amount"] - row["discount_amount"] - row["return_amount"]
        euro = Decimal("0.8") if day >= date(2026, 1, 2) else Decimal("0.5")
        per_usd = {
            "EUR": euro,
            "GBP": Decimal("0.25"),
            "USD": Decimal(1),
            "NOK": Decimal(6) if day >= date(2026, 1, 5) else None,
        }
        own = per_usd[row["currency"]]
        for name, rate in (("eur", euro), ("gbp", Decimal("0.25")), ("usd", Decimal(1))):
            amount = None if own is None else (net * rate / own).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            assert row[f"net_amount_{name}"] == amount
        assert row["is_rate_missing"] == (own is None)
    assert {row["product_id"] for row in rows if not row["is_product"]} == {"POST", "D", "gift_0001_20"}


def by_product(shop: Lake) -> list[tuple[Any, ...]]:
    """The same sums by another engine, from silver."""
    columns = ["product_id", "ordered_at", "quantity", "unit_price"]
    values = shop.table(LINES).select(*columns).collect()
    lines = pa.Table.from_pylist([row.asDict() for row in values])  # noqa: F841 # DuckDB reads the variable
    sums = "sum(quantity)::int, sum(quantity * unit_price)::decimal(18, 4)"
    return duckdb.execute(
        f"select product_id, ordered_at::date, {sums} from lines group by all order by all"
    ).fetchall()


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
    rates.write_text(rates.read_text().replace("'USD', 1,", "'USD', 2,"))
    changed = shop.model("green", 1)
    assert changed[CALENDAR]["deltaVersion"] == before[CALENDAR]
    assert [changed[table]["deltaVersion"] - before[table] for table in (SALES, PERFORMANCE)] == [1, 1]
    assert [(changed[table]["rowsIn"], changed[table]["rowsOut"]) for table in (SALES, PERFORMANCE)] == [(5, 5), (5, 2)]
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
    assert statuses == ["success"] * 7
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
