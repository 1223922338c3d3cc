"""Defects of rows, sown into one range of bronze: each is stopped at G1, by the rule that speaks of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from shared.results import CheckResult, is_blocking
from tests.lake import LINES, Lake, order

pytestmark = pytest.mark.usefixtures("compiled")

#: As a producer might come to send them, had bronze taken it: wider than silver's own types.
LOOSE = {
    "line_no": pa.int64(),
    "product_id": pa.string(),
    "description": pa.string(),
    "quantity": pa.string(),
    "unit_price": pa.decimal128(30, 4),
}


def item(line_no: int | None = 1, quantity: str = "1", price: str = "2.55", **fields: Any) -> dict[str, Any]:
    named = {"product_id": "p", "description": "A product", **fields}
    exact = Decimal(price).quantize(Decimal("0.0001"))
    return {"line_no": line_no, "quantity": quantity, "unit_price": exact, **named}


#: By the rule that is to stop it: an event in which everything else is sound.
DEFECTS: Mapping[str, dict[str, Any]] = {
    "quantity_not_zero": order("zero-units", item(quantity="0")),
    "unit_price.minimum": order("negative-price", item(price="-0.01")),
    "type:quantity": order("units-as-words", item(quantity="many")),
    "type:unit_price": order("price-beyond-its-type", item(price="1e20")),
    "type:line_no": order("number-beyond-its-type", item(line_no=2**40)),
    "key:line_no": order("line-without-number", item(line_no=None)),
    "key:repeated": order("line-number-twice", item(), item(product_id="other")),
    "items:lines": order("order-without-lines"),
    "currency.pattern": order("currency-in-words", item(), currency="pounds"),
    "product_known": order("orphan", item(product_id="nobody-sells-it")),
}
#: Rules that a defect breaks besides, since its value is what they judge too.
BESIDES = {"type:line_no": ["key:line_no"]}

PRODUCTS = "commerce.silver.products"
#: A reference whose orphans are refused.
PRODUCT_KNOWN = {
    **{"id": "product_known", "name": "product_known", "kind": "foreignKey", "columns": ["product_id"]},
    **{"onFailure": "quarantine", "references": {"table": PRODUCTS, "columns": ["product_id"]}},
}

SOUND = order("sound", item(1), item(2))


def seeded(lake: Lake, *events: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    lake.types["lines"] = pa.list_(pa.struct(list(LOOSE.items())))
    version = lake.land(*events)
    reads = [{"id": PRODUCTS, "database": "commerce_silver", "table": "products", "uri": products_of(lake)}]
    return dict(lake.refine(version, version, checks=checks_of(lake), reads=reads, **changes)[LINES])


def products_of(lake: Lake) -> str:
    """Where the products are that the sound rows sell."""
    uri = str(lake.folder / "silver" / "commerce" / "products")
    write_deltalake(uri, pa.table({"product_id": ["p", "other"]}), mode="overwrite")
    return uri


def checks_of(lake: Lake) -> list[dict[str, Any]]:
    """The contract's, without those that would block for a value that does not fit: its type's rule speaks of it."""
    typed = ("line_no.required", "quantity.required", "unit_price.required")
    stated = [check for check in lake.plan()["refine"][0]["checks"] if check["id"] not in typed]
    return [*stated, PRODUCT_KNOWN]


def blocks(result: Mapping[str, Any]) -> bool:
    return any(
        is_blocking(
            CheckResult(
                check["id"],
                check["name"],
                check["onFailure"],
                check["blockAbovePercent"],
                check["evaluated"],
                check["failed"],
                check["error"],
            )
        )
        for check in result["checks"]
    )


def test_each_defect_is_refused_for_its_own_reason_and_the_sound_rows_go_on(lake: Lake) -> None:
    result = seeded(lake, SOUND, *DEFECTS.values())
    stopped = {row["event_id"]: sorted(row["rules"]) for row in lake.quarantined(result)}
    assert stopped == {event["order_id"]: sorted([rule, *BESIDES.get(rule, [])]) for rule, event in DEFECTS.items()}
    failed = {check["id"]: check["failed"] for check in result["checks"] if check["failed"]}
    assert failed.pop("rows:refused") == len(DEFECTS)
    assert failed == {rule: 2 if rule == "key:line_no" else 1 for rule in DEFECTS}
    assert not blocks(result)
    assert lake.rows(LINES, "order_id", "line_no") == [("line-number-twice", 1), ("sound", 1), ("sound", 2)]


def test_a_defect_that_blocks_and_too_many_that_do_not_leave_silver_as_it_was(lake: Lake) -> None:
    first = seeded(lake, SOUND)
    before = lake.table(LINES).collect()
    unnamed = seeded(lake, order("without-product", item(product_id=None)), order("fine", item()))
    assert [check["id"] for check in unnamed["checks"] if check["failed"]] == ["product_id.required"]
    many = seeded(lake, order("fine", item()), *DEFECTS.values(), limit={"percent": 50, "fromRows": 10})
    assert [check["failed"] for check in many["checks"] if check["id"] == "rows:refused"] == [len(DEFECTS)]
    few = seeded(lake, order("fine", item()), *DEFECTS.values(), limit={"percent": 50, "fromRows": 100})
    assert (blocks(unnamed), blocks(many), blocks(few)) == (True, True, False)
    assert unnamed["deltaVersion"] == many["deltaVersion"] == first["deltaVersion"]
    assert [row for row in lake.table(LINES).collect() if row["order_id"] == "sound"] == before
