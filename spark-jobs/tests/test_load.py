"""The load of a file, held to what land-file makes of the same file."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from landing.lines import MAX_LINE_BYTES, Line, join_lines
from landing.shape import tokeniser
from shared.decode import encode
from shared.job import configure
from shared.load_keys import DataKey, Keys, fetch_keys
from shared.load_plan import FileForm, LoadPlan, parse_load_plan
from shared.load_results import LoadResults
from shared.ship import ship_code
from steps.load_file import load_file
from steps.run_load import run_load

ROOT = Path(__file__).parents[2]
FIXTURES = "spark-jobs/tests/fixtures"
QUARANTINE = "commerce.ops.quarantine"
PAYLOAD_KEY = bytes(range(32))
TOKEN_KEY, EVENT_ID_KEY = "a secret of the tests, of sufficient length", "a key of event ids, of sufficient length"
KEYS = Keys(TOKEN_KEY, EVENT_ID_KEY, DataKey(PAYLOAD_KEY, b"encrypted"))
SECRETS = {"of the tokens": TOKEN_KEY, "of the ids": EVENT_ID_KEY}
CSV = FileForm("csv", "utf-8", ",", '"')

Row = dict[str, Any]
Case = dict[str, Any]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Files by name, in a folder, with their plans and what land-file makes of them now."""
    folder = tmp_path_factory.mktemp("landed")
    path = folder / "landed.json"
    _node("write-landed.ts", str(path))
    text = path.read_text("utf-8").replace("s3://landing/", f"{folder}/")
    cases = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 17 else float(digits))
    for case in cases:
        _put(Path(case["plan"]["uri"]), base64.b64decode(case["content"]), case["plan"]["arrivedMicros"])
        case["plan"]["staged"] = f"{folder}/staged/"
    return {case["plan"]["uri"].split("/commerce/")[1]: case for case in cases}


def _put(path: Path, content: bytes, arrived_micros: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (arrived_micros // 1_000_000,) * 2)


def _node(script: str, *arguments: str, stdin: str = "") -> str:
    command = ["npx", "tsx", f"{FIXTURES}/{script}", *arguments]  # with the project's own Node
    return subprocess.run(command, cwd=ROOT, check=True, input=stdin, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def workers(spark: SparkSession) -> None:
    """They know the project's code."""
    configure(spark)
    ship_code(spark)


@pytest.fixture
def small_blocks(spark: SparkSession) -> Iterator[None]:
    """Files of a few thousand bytes are read in several partitions."""
    spark.conf.set("spark.sql.files.maxPartitionBytes", "4000")
    yield
    spark.conf.unset("spark.sql.files.maxPartitionBytes")


@pytest.mark.usefixtures("workers", "small_blocks")
def test_a_file_gives_the_rows_that_land_file_gives(spark: SparkSession, landed: dict[str, Case]) -> None:
    loaded = {name: load_file(spark, _plan_of(case), KEYS) for name, case in landed.items()}
    tables = {name: _staged_tables(results) for name, results in loaded.items()}
    _open_seals([row for found in tables.values() for row in found.get(QUARANTINE, [])])
    for name, case in landed.items():
        assert tables[name] == case["rows"], name
        assert {each.table: each.events for each in loaded[name].produced} == case["produced"], name
    assert sum(results.landed for results in loaded.values()) > 80
    assert sum(results.refused for results in loaded.values()) > 100


def _plan_of(case: Case) -> LoadPlan:
    return parse_load_plan(json.dumps(case["plan"]))


def _staged_tables(results: LoadResults) -> dict[str, list[Row]]:
    """Rows as the fixtures tell them, in the order of their places."""
    tables: dict[str, list[Row]] = {}
    for staged in results.staged:
        table = pq.read_table(staged.staged)
        assert table.num_rows == staged.rows
        longs = [column.name for column in table.schema if pa.types.is_int64(column.type)]
        tables.setdefault(staged.table, []).extend(_plain_row(row, longs) for row in table.to_pylist())
    return {table: sorted(rows, key=lambda row: str(row["_sequence"])) for table, rows in tables.items()}


def _plain_row(row: Row, longs: list[str]) -> Row:
    """As the ingest gate holds it, and the fixtures tell it: what is a bigint in JavaScript as text."""
    texts = {name: str(row[name]) for name in longs if row[name] is not None}
    return {name: _plain(value) for name, value in {**row, **texts}.items()}


def _plain(value: Any) -> Any:
    """Times and dates since 1970, decimals unscaled."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return str((value - datetime(1970, 1, 1, tzinfo=value.tzinfo)) // timedelta(microseconds=1))
    if isinstance(value, date):
        return (value - date(1970, 1, 1)).days
    if isinstance(value, Decimal):
        return str(int(f"{value:f}".replace(".", "")))
    return value


def _open_seals(rows: list[Row]) -> None:
    """Puts in what was sealed, which only the key and the row's own place open."""
    stdin = json.dumps({"key": base64.b64encode(PAYLOAD_KEY).decode(), "rows": rows})
    for row, text in zip(rows, json.loads(_node("open-seals.ts", stdin=stdin)), strict=True):
        row["sealed"] = text


def test_a_value_that_is_not_closed_within_the_longest_line_costs_one_line() -> None:
    lines = [b'"open', *[b"x" * 1000] * 1100, b'closed"', b"y"]
    found = list(join_lines(enumerate(lines, 1), CSV))
    assert [line.number for line in found] == list(range(1, len(lines) + 1))
    assert [line.number for line in found if line.has_stray_quote] == [1]


def test_a_line_that_is_too_long_is_not_held() -> None:
    lines = [b"x" * (MAX_LINE_BYTES + 1), b"x" * MAX_LINE_BYTES]
    assert list(join_lines(enumerate(lines, 1), CSV)) == [Line(1, None), Line(2, lines[1])]


@pytest.mark.usefixtures("workers")
def test_a_load_leaves_its_results_where_its_plan_says(landed: dict[str, Case], tmp_path: Path) -> None:
    case = landed["sheets/plain.csv"]
    plan = tmp_path / "load.json"
    plan.write_text(json.dumps({**case["plan"], "results": f"{tmp_path}/results.json"}))
    results = run_load(["--plan", str(plan)], lambda _: KEYS)
    assert json.loads((tmp_path / "results.json").read_text()) == json.loads(encode(results))
    assert (results.rows, results.landed, results.refused) == (5, 4, 1)


def test_a_file_that_was_replaced_is_not_loaded(spark: SparkSession, landed: dict[str, Case]) -> None:
    case = landed["sheets/header-only.csv"]
    for change in ({"size": 1}, {"arrivedMicros": case["plan"]["arrivedMicros"] + 1_000_000}):
        with pytest.raises(ValueError, match="was replaced"):
            load_file(spark, _plan_of({**case, "plan": {**case["plan"], **change}}), KEYS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "found version 2, allowed: 1"),
        ({"form": {"format": "avro", "encoding": "utf-8", "delimiter": ",", "quote": "none"}}, "a large avro file"),
        ({"form": {"format": "csv", "encoding": "utf-16le", "delimiter": ",", "quote": "none"}}, "utf-16le text"),
        ({"compression": "zstd"}, "found zstd data"),
        ({"compression": "gzip"}, "ends in .gz"),
        ({"uri": "s3://landing/_hidden.csv"}, "begins with no _ or ."),
    ],
)
def test_what_spark_would_read_wrongly_is_refused(landed: dict[str, Case], change: Case, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        _plan_of({"plan": {**landed["sheets/plain.csv"]["plan"], **change}})


def test_keys_are_the_domains_own(landed: dict[str, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def answer(service: str, content: dict[str, Any], **request: Any) -> dict[str, Any]:
        asked.append((service, request))
        return content

    def client(service: str) -> SimpleNamespace:
        return SimpleNamespace(
            get_secret_value=lambda SecretId: answer(service, {"SecretString": SECRETS[SecretId]}, SecretId=SecretId),
            generate_data_key=partial(answer, service, {"Plaintext": PAYLOAD_KEY, "CiphertextBlob": b"encrypted"}),
        )

    monkeypatch.setattr("boto3.client", client)
    assert fetch_keys(_plan_of(landed["sheets/plain.csv"])) == KEYS
    key = {"KeyId": "of the payloads", "KeySpec": "AES_256", "EncryptionContext": {"domain": "commerce"}}
    secrets = [("secretsmanager", {"SecretId": arn}) for arn in SECRETS]
    assert asked == [*secrets, ("kms", key)]


def test_a_replaced_key_names_its_version() -> None:
    first, second = tokeniser(KEYS.tokens), tokeniser(json.dumps({"version": 2, "key": KEYS.tokens}))
    assert second("17850", None) == first("17850", None).replace("tok_", "tok_2_")
    for secret in ('{"version": 0, "key": "a key that is long enough for everyone"}', '{"version": 2}'):
        with pytest.raises(ValueError, match="the token secret is none"):
            tokeniser(secret)
    assert tokeniser("{ a random key that begins like JSON")("17850", None).startswith("tok_")


def test_no_key_shows() -> None:
    assert KEYS.tokens not in repr(KEYS) and repr(PAYLOAD_KEY) not in repr(KEYS)
