"""What `sluice query` promises on this machine."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

import query


class EntityNotFound(Exception):
    """As the Glue client raises it."""


class FakePages:
    def __init__(self, pages: list[dict[str, Any]]) -> None:
        self._pages = pages

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        yield from self._pages


class FakeGlue:
    """A catalogue of one database, `shop_gold`."""

    class exceptions:
        EntityNotFoundException = EntityNotFound

    def __init__(self, locations: dict[str, str], views: dict[str, str]) -> None:
        self._locations = locations
        self._views = views

    def get_table(self, **names: str) -> dict[str, Any]:
        if names["DatabaseName"] == "shop_gold" and names["Name"] in self._views:
            return {"Table": view_of(self._views[names["Name"]])}
        if names["DatabaseName"] != "shop_gold" or names["Name"] not in self._locations:
            raise EntityNotFound
        return {"Table": {"StorageDescriptor": {"Location": self._locations[names["Name"]]}}}

    def get_paginator(self, name: str) -> FakePages:
        if name == "get_databases":
            return FakePages([{"DatabaseList": [{"Name": "shop_gold"}]}])
        return FakePages([{"TableList": [{"Name": table}]} for table in self._locations])


def view_of(sql: str) -> dict[str, Any]:
    """As Athena keeps a view."""
    text = base64.b64encode(json.dumps({"originalSql": sql, "catalog": "awsdatacatalog"}).encode()).decode()
    return {"TableType": "VIRTUAL_VIEW", "ViewOriginalText": f"/* Presto View: {text} */", "StorageDescriptor": {}}


VIEWS = {
    "gold_fact_sales_v1": 'select "id" as "sale", "amount" * 100 as "cents" from "shop_gold"."gold_fact_sales"',
    "gold_twice": "select sale from shop_gold.gold_fact_sales_v1 join shop_gold.gold_fact_sales on sale = id",
    "gold_dangling": "select * from shop_gold.gold_gone",
}


@pytest.fixture
def catalogue(tmp_path: Path) -> query.Catalogue:
    """One table with data, one that was declared and never written."""
    sales = pa.table(
        {
            "id": pa.array([9007199254740993, 2], pa.int64()),
            "amount": pa.array([Decimal("2.5500"), Decimal("-1.0000")], pa.decimal128(18, 4)),
            "at": pa.array([1_000_000, None], pa.timestamp("us", tz="UTC")),
            "lines": pa.array([[{"no": 1, "price": Decimal("0.10")}], []]),
        }
    )
    write_deltalake(str(tmp_path / "sales"), sales)
    return query.Catalogue(
        FakeGlue({"gold_fact_sales": str(tmp_path / "sales"), "gold_empty": str(tmp_path / "empty")}, VIEWS)
    )


def test_rows_are_written_to_a_file_with_their_types(catalogue: query.Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    query.write_parquet("select id, amount from shop_gold.gold_fact_sales where id = 2", str(file), catalogue)
    assert pq.read_table(file).to_pylist() == [{"id": 2, "amount": Decimal("-1.0000")}]


def test_decimals_and_large_integers_are_exact_text_and_times_are_utc(catalogue: query.Catalogue) -> None:
    rows = list(query.answer("select * from shop_gold.gold_fact_sales order by amount desc", catalogue))
    assert rows == [
        {
            "id": "9007199254740993",
            "amount": "2.5500",
            "at": "1970-01-01T00:00:01Z",
            "lines": [{"no": 1, "price": "0.10"}],
        },
        {"id": 2, "amount": "-1.0000", "at": None, "lines": []},
    ]


def test_a_name_of_the_statement_itself_is_not_looked_up_in_the_catalogue(catalogue: query.Catalogue) -> None:
    sql = "with s as (select sum(amount) total from shop_gold.gold_fact_sales) select total from s"
    assert list(query.answer(sql, catalogue)) == [{"total": "1.5500"}]


def test_a_view_shows_the_tables_behind_it_beside_them(catalogue: query.Catalogue) -> None:
    both = "shop_gold.gold_fact_sales_v1 join shop_gold.gold_fact_sales on sale = id"
    sql = f"select sale, cents, amount from {both} order by 1"
    assert list(query.answer(sql, catalogue)) == [
        {"sale": 2, "cents": "-100.0000", "amount": "-1.0000"},
        {"sale": "9007199254740993", "cents": "255.0000", "amount": "2.5500"},
    ]


def test_a_view_may_show_another_one(catalogue: query.Catalogue) -> None:
    assert len(list(query.answer("select * from shop_gold.gold_twice", catalogue))) == 2


def test_a_view_of_a_table_that_is_gone_says_which(catalogue: query.Catalogue) -> None:
    with pytest.raises(query.QueryError, match=r"table 'shop_gold\.gold_gone' is unknown"):
        list(query.answer("select * from shop_gold.gold_dangling", catalogue))


def test_a_table_may_have_an_alias_and_occur_twice(catalogue: query.Catalogue) -> None:
    sql = 'select count(*) n from shop_gold.gold_fact_sales as "a b" join shop_gold."gold_fact_sales" other using (id)'
    assert list(query.answer(sql, catalogue)) == [{"n": 2}]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("selec 1", "syntax error"),
        ("drop table shop_gold.gold_fact_sales", "Only SELECT statements are answered"),
        ("select 1; select 2", "found 2 statements"),
    ],
)
def test_what_is_not_one_query_is_refused(catalogue: query.Catalogue, sql: str, reason: str) -> None:
    with pytest.raises(query.QueryError, match=reason):
        list(query.answer(sql, catalogue))


@pytest.mark.parametrize("name", ["shop_gold.gold_fact_sale", "gold_fact_sales", "shop.gold_fact_sales"])
def test_an_unknown_table_is_answered_with_the_nearest_name(catalogue: query.Catalogue, name: str) -> None:
    with pytest.raises(query.QueryError, match=r"did you mean shop_gold\.gold_fact_sales"):
        list(query.answer(f"select * from {name}", catalogue))


def test_a_table_without_data_says_so_instead_of_failing_in_the_reader(catalogue: query.Catalogue) -> None:
    with pytest.raises(query.QueryError, match="has no data yet"):
        list(query.answer("select * from shop_gold.gold_empty", catalogue))


def test_the_output_is_one_json_array_whatever_the_number_of_rows(capsys: pytest.CaptureFixture[str]) -> None:
    answers: list[list[dict[str, Any]]] = [[], [{"a": 1}], [{"a": 1}, {"a": "é"}]]
    for rows in answers:
        query.write_rows(rows)
        assert json.loads(capsys.readouterr().out) == rows


FIRST_ROW = """
import sys, duckdb, query
class OneTable:
    def find(self, table):
        return {"StorageDescriptor": {"Location": sys.argv[1]}}
query.write_rows(query.answer("select a from shop.many limit 1", OneTable()))
query.leave(0)
"""


def test_a_program_that_reads_only_the_first_row_ends_well_while_the_others_are_being_read(tmp_path: Path) -> None:
    rows = pa.table({"a": [0] * 20_000, "b": ["filler" * 20] * 20_000})
    for _ in range(30):
        write_deltalake(str(tmp_path), rows, mode="append")
    command = [sys.executable, "-c", FIRST_ROW, str(tmp_path)]
    where = Path(query.__file__).parent
    ended = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, json.loads(ended.stdout)) == (0, [{"a": 0}])
