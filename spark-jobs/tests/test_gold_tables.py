"""What commerce's gold tables tell after late and changed input, beside plain Python over the same input."""

import random
import shutil
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from steps import dbt_project
from tests import customers, products
from tests.attribution import attribution_of
from tests.customers import CHANGE, SECRETS, random_changes
from tests.lake import (
    ATTRIBUTION,
    CUSTOMERS,
    LINES,
    PERFORMANCE,
    PRODUCTS,
    RESTATED,
    SALES,
    SEGMENTS,
    SUMMARY,
    Lake,
    line,
    order,
)
from tests.performance import performance_of
from tests.products import ENTRY, random_entries
from tests.rates import send_rates
from tests.returns import DAY, returns_of_a_shop, taken_back
from tests.segments import segments_of, summary_of
from tests.shop import open_shop
from tests.views import send_views, views_of_a_shop

WAYS = ("first_touch", "last_touch", "linear", "position_based", "time_decay")


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


def test_products_are_told_by_day_week_and_month_with_their_place_and_what_the_year_brought_so_far(
    traded: tuple[Lake, dict[str, Any]],
) -> None:
    shop, results = traded
    expected = performance_of([row.asDict() for row in shop.table(SALES).collect()])
    assert {row[:4]: row[4:] for row in shop.rows(PERFORMANCE)} == expected
    assert {(period, start.year) for _, period, start, _ in expected} > {("week", 2025), ("day", 2026), ("month", 2027)}
    assert {index for *_, index, _, _, _ in expected.values()} > {None, Decimal(100)}
    assert not failures(results[PERFORMANCE]["checks"])


def test_segments_of_few_people_are_merged_and_a_model_that_shows_one_is_stopped(
    traded: tuple[Lake, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, results = traded
    expected = summary_of(shop.rows(SEGMENTS))
    assert shop.rows(SUMMARY) == expected
    assert {merged > 1 for _, _, _, merged, *_ in expected} == {True, False}
    checks = {check["id"]: check for check in results[SUMMARY]["checks"]}
    people = sum(count for _, _, count, *_ in expected)
    merged = sum(count for _, segment, count, *_ in expected if segment == "other")
    assert checks["groups.merged_percent"]["actual"] == pytest.approx(merged * 100 / people)
    assert (checks["groups.minimum"]["failed"], checks["net_amount_gbp.rounded"]["failed"]) == (0, 0)
    models = tmp_path / "project/domains/commerce/models"
    shutil.copytree(dbt_project.PROJECT / "domains/commerce/models", models)
    monkeypatch.setattr(dbt_project, "PROJECT", tmp_path / "project")
    leaking = (models / "gold_segment_summary.sql").read_text().replace("at_least = 10", "at_least = 1")
    (models / "gold_segment_summary.sql").write_text(leaking.replace("rounded('sum(amount)', 100)", "'sum(amount)'"))
    rates = DeltaTable(shop.uri("commerce.silver.fx_rates")).version()
    copy = shop.copy_to(tmp_path / "leaking")
    found = copy.model("green", 3, [SALES, SEGMENTS, SUMMARY], fx_rates=rates)[SUMMARY]
    stopped = {check["id"] for check in found["checks"] if check["failed"] and check["onFailure"] == "block"}
    assert stopped == {"groups.minimum", "net_amount_gbp.rounded"}


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
