"""A domain whose gold is made of a table of the shop beside one of its own."""

from typing import Any

from tests.lake import Lake

OTHER = """
{% set keys = ['order_id', 'line_no'] %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed('commerce_silver.order_lines', " ~ keys ~ ") }}") }}
select rows.order_id, rows.line_no, rows.quantity * own.quantity as units
from {{ source('commerce_silver', 'order_lines') }} as rows
join {{ source('silver', 'order_lines') }} as own on rows.line_no = own.line_no
{{ only_changed('commerce_silver.order_lines', keys) }}
"""


def stock_plan(shop: Lake, built_from: int | None) -> dict[str, Any]:
    """A domain whose gold is made of lines of the shop and of its own."""
    plan = shop.plan()
    lines = next(table for table in plan["model"]["inputs"] if table["table"] == "order_lines")
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
