"""How long after their time events can be read from a bronze table: follows its log, as a reader that polls would.

Usage: python watch_bronze.py TABLE_URI EVENTS TIMEOUT_SECONDS ; ends when that many events were added and prints one
JSON object: events, commits, and seconds at three percentiles.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping

from deltalake import DeltaTable

POLL_SECONDS = 0.02
OPTIONS = {"AWS_ALLOW_HTTP": "true", "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}


def main() -> None:
    """Watch, then read which events each new file brought."""
    uri, wanted, timeout = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    deadline = time.time() + timeout
    known = set(files_of(DeltaTable(uri, storage_options=OPTIONS))) if exists(uri) else set[str]()
    print("watching", file=sys.stderr, flush=True)
    while not exists(uri) and time.time() < deadline:
        time.sleep(POLL_SECONDS)
    table = DeltaTable(uri, storage_options=OPTIONS)
    seen = dict(new_files(table, known, wanted, deadline))
    latencies = sorted(latencies_of(table, seen))
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    percentiles = {name: round(latencies[int((len(latencies) - 1) * share)], 3) for name, share in shares.items()}
    print(json.dumps({"events": len(latencies), "commits": len(set(seen.values())), **percentiles}))


def exists(uri: str) -> bool:
    """Whether the table has a first version."""
    return bool(DeltaTable.is_deltatable(uri, storage_options=OPTIONS))


def files_of(table: DeltaTable) -> Mapping[str, int]:
    """The table's files, and the rows of each."""
    actions = table.get_add_actions(flatten=True)
    return dict(zip(actions["path"].to_pylist(), actions["num_records"].to_pylist(), strict=True))


def new_files(table: DeltaTable, known: set[str], wanted: int, deadline: float) -> Iterator[tuple[str, float]]:
    """Each new file, with the moment from which it could be read."""
    rows = 0
    while rows < wanted:
        if time.time() > deadline:
            raise SystemExit(f"{rows} of {wanted} events after the time-out")
        time.sleep(POLL_SECONDS)
        table.update_incremental()
        moment = time.time()
        for path, count in files_of(table).items():
            if path not in known:
                known.add(path)
                rows += count
                yield path, moment


def latencies_of(table: DeltaTable, seen: Mapping[str, float]) -> Iterator[float]:
    """Seconds from the time of each event to the moment in which its file was seen."""
    for fragment in table.to_pyarrow_dataset().get_fragments():
        moment = next((seen[path] for path in seen if fragment.path.endswith(path)), None)
        if moment is not None:
            for event_time in fragment.to_table(columns=["_event_time"]).column(0).to_pylist():
                yield moment - event_time.timestamp()


if __name__ == "__main__":
    main()
