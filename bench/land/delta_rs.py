"""Writes batches of events with delta-rs as they come, unchecked: python delta_rs.py <folder> <batches> <rounds>."""

import json
import statistics
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pj
from deltalake import write_deltalake

TEXT = pa.string()
DELIVERY = pa.struct({"street": TEXT, "city": TEXT, "postcode": TEXT, "country_code": TEXT, "floor": pa.int32()})
TEXTS = "payment_id customer_id merchant_id status channel currency country amount tax ordered_at paid_at note"
DATA = pa.struct(
    [
        *((name, TEXT) for name in TEXTS.split()),
        ("account_no", pa.int64()),
        ("items", pa.int32()),
        ("is_gift", pa.bool_()),
        ("weight_kg", pa.float64()),
        ("delivery", DELIVERY),
    ]
)
SCHEMA = pa.schema([*((name, TEXT) for name in ("specversion", "id", "source", "type", "time")), ("data", DATA)])


def land(events: Path, table: Path) -> int:
    """Append a file of events to a Delta table."""
    options = pj.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="ignore")
    rows = pj.read_json(events, pj.ReadOptions(use_threads=False), options)
    write_deltalake(str(table), rows.flatten(), mode="append")
    return int(rows.num_rows)


def main(folder: Path, batches: int, rounds: int) -> None:
    seconds = []
    rows = 0
    for number in range(rounds + 1):
        for batch in range(batches):
            started = time.perf_counter()
            landed = land(folder / f"{batch}.ndjson", folder / ("delta-rs" if number == 0 else "delta-rs-again"))
            if number > 0:
                seconds.append(time.perf_counter() - started)
            else:
                rows += landed
    print(json.dumps({"secondsPerBatch": statistics.median(seconds), "rows": rows}))


main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
