"""Answers one SQL statement over the lake's Delta tables, on this machine: delta-rs reads, DuckDB computes.

Reads the statement from standard input and writes a JSON array of row objects to standard output. Tables are found
through the Glue catalogue, so that gold is read from where it was published last.
"""

import base64
import datetime as dt
import difflib
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

import boto3
import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

LARGEST_SAFE_INTEGER = 2**53 - 1  # beyond it a reader in JavaScript would round
ROWS_AT_A_TIME = 10_000


class QueryError(Exception):
    """The statement cannot be answered; the message is what the user reads."""


class Catalogue:
    """The Glue catalogue: which tables there are and where."""

    def __init__(self, glue: Any) -> None:
        self._glue = glue

    def find(self, table: str) -> Mapping[str, Any]:
        """Return what is known of a table named `<database>.<table>`, or explain which names would do."""
        database, _, name = table.partition(".")
        if "." in name or not name:
            raise self.unknown(table)
        try:
            found: Mapping[str, Any] = self._glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self._glue.exceptions.EntityNotFoundException:
            raise self.unknown(table) from None
        return found

    def unknown(self, table: str) -> QueryError:
        """The error for a name that is not in the catalogue, with the names that come nearest."""
        return QueryError(unknown_table(table, sorted(self._names())))

    def _names(self) -> Iterator[str]:
        for databases in self._glue.get_paginator("get_databases").paginate():
            for database in databases["DatabaseList"]:
                for tables in self._glue.get_paginator("get_tables").paginate(DatabaseName=database["Name"]):
                    yield from (f"{database['Name']}.{table['Name']}" for table in tables["TableList"])


def unknown_table(table: str, known: Sequence[str]) -> str:
    """Say what was asked for, and what comes nearest to it."""
    if not known:
        return f"table '{table}' is unknown: the catalogue is empty; run `sluice deploy` first"
    by_short_name = [name for name in known if name.split(".")[1] == table.split(".")[-1]]
    near = by_short_name or difflib.get_close_matches(table, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known tables: {', '.join(known)}"
    return f"table '{table}' is unknown; tables are named <database>.<table>; {hint}"


def tables_in(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Name the tables that a statement reads, by DuckDB's own parser; names of the statement's own parts are none."""
    [(text,)] = connection.execute("select json_serialize_sql(?)", [sql]).fetchall()
    parsed = json.loads(text)
    if parsed["error"]:
        raise QueryError(parsed["error_message"].replace("can be serialized to json!", "are answered, one at a time"))
    if len(parsed["statements"]) != 1:
        raise QueryError(f"found {len(parsed['statements'])} statements; one is answered at a time")
    nodes = list(nodes_of(parsed))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    tables = [node for node in nodes if node.get("type") == "BASE_TABLE"]
    names = {".".join(filter(None, (node["schema_name"], node["table_name"]))) for node in tables}
    return sorted(names - own)


def nodes_of(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in a tree of JSON."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from nodes_of(child)


def expose(connection: duckdb.DuckDBPyConnection, table: str, catalogue: Catalogue) -> None:
    """Make a table known under its name, and with a view all that it shows."""
    found = catalogue.find(table)
    database, name = table.split(".")
    connection.execute(f'create schema if not exists "{database}"')
    query = query_of(found)
    if query is None:
        query = register(connection, table, str(found["StorageDescriptor"]["Location"]))
    else:
        expose_all(connection, query, catalogue)
    connection.execute(f'create view if not exists "{database}"."{name}" as {query}')


def expose_all(connection: duckdb.DuckDBPyConnection, sql: str, catalogue: Catalogue) -> None:
    """Make every table known that a statement reads."""
    for table in tables_in(connection, sql):
        expose(connection, table, catalogue)


def query_of(table: Mapping[str, Any]) -> str | None:
    """The statement of a view, from where Athena keeps it; None for a table."""
    if table.get("TableType") != "VIRTUAL_VIEW":
        return None
    text = table["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    return str(json.loads(base64.b64decode(text))["originalSql"])


def register(connection: duckdb.DuckDBPyConnection, table: str, location: str) -> str:
    """Let the connection see a Delta table; return the statement that reads it, only as far as it is asked for."""
    name = f"_{table.replace('.', '_')}"
    try:
        dataset = DeltaTable(location).to_pyarrow_dataset()
    except TableNotFoundError:
        raise QueryError(f"table '{table}' has no data yet; send events and run `sluice wait`") from None
    connection.register(name, dataset)
    return f'select * from "{name}"'


def prepare(sql: str, catalogue: Catalogue) -> duckdb.DuckDBPyConnection:
    """A connection that knows the tables that a statement reads."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})  # what it needs is built in
    connection.execute("set TimeZone = 'UTC'")
    expose_all(connection, sql, catalogue)
    return connection


def answer(sql: str, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Run one statement and yield its rows."""
    cursor = prepare(sql, catalogue).execute(sql)
    columns = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(ROWS_AT_A_TIME):
        yield from (dict(zip(columns, map(to_json, row), strict=True)) for row in rows)


def write_parquet(sql: str, file: str, catalogue: Catalogue) -> None:
    """Run one statement and write its rows, with their types, to a file."""
    prepare(sql, catalogue).sql(sql).write_parquet(file)


def to_json(value: Any) -> Any:
    """A value as JSON carries it: exact numbers as text, times as ISO 8601, never a float for a decimal."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= LARGEST_SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal() | UUID() | dt.timedelta():
            return str(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat().replace("+00:00", "Z")
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {str(key): to_json(member) for key, member in value.items()}
        case list() | tuple():
            return [to_json(member) for member in value]
    return str(value)


def write_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Write a JSON array, one row a line."""
    separator = "["
    for row in rows:
        sys.stdout.write(f"{separator}\n{json.dumps(row, ensure_ascii=False)}")
        separator = ","
    sys.stdout.write("[]\n" if separator == "[" else "\n]\n")


def main() -> int:
    """Answer the statement on standard input: as JSON on standard output, or as Parquet in the file that is named."""
    os.environ.setdefault("AWS_ALLOW_HTTP", "true")  # delta-rs refuses the local cloud's plain HTTP without it
    try:
        sql, catalogue = sys.stdin.read(), Catalogue(boto3.client("glue"))
        if sys.argv[1:]:
            write_parquet(sql, sys.argv[1], catalogue)
        else:
            write_rows(answer(sql, catalogue))
    except (QueryError, duckdb.Error) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def leave(code: int) -> NoReturn:
    """End at once: readers of Arrow that still read ahead call Python, and an orderly end would crash or hang them."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
