"""A lake in a local folder: events land as commit-batches writes them, and the jobs run as Spark starts them."""

import json
import runpy
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as parquet
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from pyspark.sql import DataFrame, SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
FIXTURES = Path(__file__).parent / "fixtures"
PLAN = (FIXTURES / "plan.json").read_text()
#: Of what gold can do without.
OPTIONAL = (FIXTURES / "plan-optional.json").read_text()
ORDERS, LINES = "commerce.silver.orders", "commerce.silver.order_lines"
CALENDAR = "commerce.gold.gold_dim_date"
SALES, PERFORMANCE = "commerce.gold.gold_fact_sales", "commerce.gold.gold_product_performance"
CUSTOMERS, PRODUCTS = "commerce.gold.gold_dim_customers", "commerce.gold.gold_dim_products"
SEGMENTS, ATTRIBUTION = "commerce.gold.gold_customer_segments", "commerce.gold.gold_marketing_attribution"
SUMMARY = "commerce.gold.gold_segment_summary"
#: Tables that a change restates in part.
RESTATED = (SALES, PERFORMANCE, SEGMENTS, PRODUCTS, CUSTOMERS, ATTRIBUTION)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

INSTANT = pa.timestamp("us", tz="UTC")
LINE = {
    "line_no": pa.int32(),
    "product_id": pa.string(),
    "description": pa.string(),
    "quantity": pa.int32(),
    "unit_price": pa.decimal128(18, 4),
}
BRONZE = {
    "order_id": pa.string(),
    "customer_id": pa.string(),
    "ordered_at": INSTANT,
    "country": pa.string(),
    "currency": pa.string(),
    "is_cancellation": pa.bool_(),
    "lines": pa.list_(pa.struct(list(LINE.items()))),
    "_event_id": pa.string(),
    "_event_time": INSTANT,
    "_ingested_at": INSTANT,
    "_source": pa.string(),
    "_shard": pa.string(),
    "_sequence": pa.string(),
    "_contract_version": pa.string(),
    "_ingest_date": pa.date32(),
}


def line(line_no: int | None, quantity: int = 1, price: str = "2.55", **fields: Any) -> dict[str, Any]:
    """A line of an order."""
    named = {"product_id": f"p{line_no}", "description": f"Product {line_no}", **fields}
    return {"line_no": line_no, "quantity": quantity, "unit_price": Decimal(price).quantize(Decimal("0.0001")), **named}


def order(order_id: str, *lines: Mapping[str, Any], event: str = "", minute: int = 0, **fields: Any) -> dict[str, Any]:
    """An event: an order as of a minute after noon."""
    at = NOON + timedelta(minutes=minute)
    own = {"customer_id": "tok-1", "ordered_at": at, "country": "France", "currency": "EUR", "is_cancellation": False}
    return {
        "order_id": order_id,
        "lines": list(lines),
        "_event_id": event or order_id,
        "_event_time": at,
        **own,
        **fields,
    }


@dataclass
class Lake:
    """The tables of one test."""

    spark: SparkSession
    folder: Path
    sequence: int = 0
    runs: int = 0
    types: dict[str, pa.DataType] = field(default_factory=lambda: dict(BRONZE))
    #: Domain and table in bronze where events land, and the plan of their domain.
    source: str = "commerce/orders"
    text: str = PLAN

    def copy_to(self, folder: Path) -> "Lake":
        """The same tables in another folder: many tests may go on from what one run has made."""
        copytree(self.folder, folder, dirs_exist_ok=True)
        return replace(self, folder=folder, types=dict(self.types))

    def land(self, *events: Mapping[str, Any]) -> int:
        """Commit the events as the next version of bronze, which is returned."""
        uri = str(self.folder / "bronze" / self.source)
        schema = pa.schema(list(self.types.items()))
        if not DeltaTable.is_deltatable(uri):
            feed = {"delta.enableChangeDataFeed": "true"}
            DeltaTable.create(uri, schema=schema, partition_by=["_ingest_date"], configuration=feed)
        rows = pa.Table.from_pylist([self._landed(event) for event in events], schema=schema)
        position = CommitProperties(app_transactions=[Transaction("shard-0#0", self.sequence)])
        write_deltalake(uri, rows, mode="append", commit_properties=position)
        return DeltaTable(uri).version()

    def send(self, table: str, types: Mapping[str, pa.DataType], *events: Mapping[str, Any]) -> dict[str, Any]:
        """Bring events of another table of the domain, one that gold can do without, to silver; its result."""
        system = {name: kind for name, kind in BRONZE.items() if name.startswith("_")}
        other = replace(self, types={**types, **system}, source=f"commerce/{table}", text=OPTIONAL)
        last = other.land(*events)
        self.sequence = other.sequence
        silver = f"commerce.silver.{table}"
        result: dict[str, Any] = other.refine(last, last, (silver,))[silver]
        return result

    def refine(self, first: int, last: int, tables: Sequence[str] = (LINES,), **changes: Any) -> dict[str, Any]:
        """Run refine for a range of bronze versions; its results by table. Changes go into every task of the plan."""
        plan = self.plan()
        plan["refine"] = [{**task, **changes} for task in plan["refine"] if task["table"] in tables]
        for task in plan["refine"]:
            task["source"] |= {"fromVersion": first, "toVersion": last}
        return self.run("refine", {**plan, "model": None})

    def model(self, slot: str, built_from: int | None, tables: Sequence[str] = (), **others: int) -> dict[str, Any]:
        """
        Run model for a slot that was last built from this version of silver's order lines.

        :param tables: all of gold without
        :param others: by name, the versions of other tables that it was built from, where these are not 0
        """
        plan = json.loads(json.dumps(self.plan()).replace("green", slot))
        for table in plan["model"]["inputs"]:
            is_optional = built_from is not None and table["missing"] is not None
            table["builtFromVersion"] = others.get(table["table"], 0) if is_optional else built_from
        found = [table for table in plan["model"]["tables"] if not tables or table["id"] in tables]
        plan["model"]["tables"] = found
        return self.run("model", {**plan, "refine": []})

    def plan(self) -> dict[str, Any]:
        """The planner's plan, in this lake's folder, and with database names of its own."""
        database = f"commerce_gold_{self.folder.name}"
        text = self.text.replace("s3:/", str(self.folder)).replace("commerce_gold", database.replace("-", "_"))
        plan: dict[str, Any] = json.loads(text)
        # Made-up events arrive at noon, whenever they happen.
        plan["refine"] = [{**task, "ahead": []} for task in plan["refine"]]
        return plan

    def run(self, job: str, plan: Mapping[str, Any]) -> dict[str, Any]:
        """Run a job's entry script with the plan; its results by table."""
        self.runs += 1
        file = self.folder / f"plan-{self.runs}.json"
        file.write_text(json.dumps(plan))
        start(job, "--plan", str(file))
        results = json.loads(Path(plan["results"][job]).read_text())
        return {table["table"]: table for table in results["tables"]}

    def uri(self, table: str, slot: str = "green") -> str:
        """Where a silver or gold table is."""
        domain, layer, name = table.split(".")
        return str(self.folder / layer / domain / (slot if layer == "gold" else "") / name)

    def table(self, table: str, slot: str = "green") -> DataFrame:
        """A silver or gold table."""
        return self.spark.read.format("delta").load(self.uri(table, slot))

    def rows(self, table: str, *columns: str, slot: str = "green") -> list[tuple[Any, ...]]:
        """Rows of a table, sorted; all columns of the contract when none are named. Read without Spark, in no time."""
        found = DeltaTable(self.uri(table, slot)).to_pyarrow_table()
        wanted = columns or [name for name in found.column_names if not name.startswith("_")]
        return sorted_rows(row.values() for row in plain_rows(found.select(wanted)))

    def rows_of(self, order_id: str, *columns: str, table: str = LINES) -> list[tuple[Any, ...]]:
        """Rows of one order."""
        return [tuple(rest) for name, *rest in self.rows(table, "order_id", *columns) if name == order_id]

    def quarantined(self, result: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Quarantined rows of a run, in the order of their ids."""
        if result["quarantineUri"] is None:
            return []
        rows = plain_rows(parquet.read_table(result["quarantineUri"]))
        return sorted(rows, key=lambda row: str(row["quarantine_id"]))

    def _landed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        self.sequence += 1
        return {
            "_ingested_at": NOON,
            "_source": "/commerce/shop",
            "_shard": "shard-0",
            "_sequence": f"{self.sequence:064}",
            "_contract_version": "1.0.0",
            "_ingest_date": date(2026, 1, 1),
            **event,
        }


def start(job: str, *arguments: str) -> None:
    """Run a job's entry script."""
    with patch.object(sys, "argv", [job, *arguments]):
        runpy.run_path(str(JOBS / f"{job}.py"), run_name="__main__")


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows with their times as Spark gives them, which are UTC and do not say so."""
    return [
        {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in table.to_pylist()
    ]


def sorted_rows(rows: Iterable[Iterable[Any]]) -> list[tuple[Any, ...]]:
    """Rows as tuples, sorted, with nulls first."""
    return sorted((tuple(row) for row in rows), key=lambda row: [(value is not None, str(value)) for value in row])
