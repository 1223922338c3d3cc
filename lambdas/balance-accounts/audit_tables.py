"""What a domain's tables hold of its events, counted by DataFusion."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deltalake import DeltaTable, QueryBuilder
from deltalake.exceptions import TableNotFoundError

from audit_events import HOUR, Counts, hour_of
from balance import Gap, Gaps, Landed, end_of
from storage import storage_options, uri_of

RANGES_KEPT = 20


@dataclass(frozen=True)
class OpenEntries:
    """Entries of the quarantine that wait for a person, and when the oldest was refused first."""

    entries: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class OpenTable:
    """A Delta table at one version; `clock` is the column that says when an event arrived."""

    name: str
    clock: str
    delta: DeltaTable

    def touched(self, since: datetime) -> set[str]:
        """The hours that files added since then may hold rows of, as the files' statistics say."""
        files = self.delta.get_add_actions(flatten=True)
        names = ["modification_time", f"min.{self.clock}", f"max.{self.clock}", "partition._ingest_date"]
        hours: set[str] = set()
        for added, first, last, day in zip(*(files.column(name).to_pylist() for name in names), strict=True):
            if added >= since.timestamp() * 1000:
                midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
                hours.update(hours_between(first or midnight, last or midnight + timedelta(hours=23)))
        return hours


def open_table(name: str, clock: str) -> OpenTable | None:
    """A table at its place in the lake; None when nothing was ever committed to it."""
    try:
        return OpenTable(name, clock, DeltaTable(uri_of(name), storage_options=storage_options()))
    except TableNotFoundError:
        return None


def landed_in(bronze: OpenTable, hours: Collection[str]) -> dict[str, Landed]:
    """Rows and duplicates by hour."""
    found = query(
        f"""SELECT {hour_column(bronze.clock)} AS hour, count(*) AS events, count(DISTINCT _event_id) AS different
            FROM bronze WHERE {within(hours, bronze.clock)} GROUP BY 1""",
        bronze=bronze,
    )
    return {each["hour"]: Landed(each["events"], each["events"] - each["different"]) for each in found}


def quarantined_in(quarantine: OpenTable, hours: Collection[str], unknown: str) -> Counts:
    """Events that the ingest gate refused and that have not landed since, by table and hour."""
    found = query(
        f"""SELECT coalesce("table", '{unknown}') AS name, hour, count(*) AS events FROM ({_latest(quarantine, hours)})
            WHERE status <> 'replayed' GROUP BY 1, 2""",
        quarantine=quarantine,
    )
    return Counter({(each["name"], each["hour"]): each["events"] for each in found})


def moved_into(bronze: OpenTable, quarantine: OpenTable, hours: Collection[str]) -> dict[str, int]:
    """Rows by hour of which no table was known when their events came: they were replayed under a later contract."""
    found = query(
        f"""SELECT {hour_column(f"bronze.{bronze.clock}")} AS hour, count(*) AS events
            FROM bronze JOIN ({_latest(quarantine, hours)}) AS entry
              ON bronze._shard = entry.shard AND bronze._sequence = entry.sequence
            WHERE entry.status = 'replayed' AND entry."table" IS NULL AND {within(hours, bronze.clock)} GROUP BY 1""",
        bronze=bronze,
        quarantine=quarantine,
    )
    return {each["hour"]: each["events"] for each in found}


def open_in(quarantine: OpenTable) -> OpenEntries:
    """What is open, of all gates and ages: an entry may wait for years."""
    (found,) = query(
        """SELECT count(*) AS entries, min(first_seen) AS oldest
           FROM (SELECT last_value(status ORDER BY attempts, changed_at) AS status, min(first_seen) AS first_seen
                 FROM quarantine GROUP BY quarantine_id)
           WHERE status = 'open'""",
        quarantine=quarantine,
    )
    return OpenEntries(found["entries"], found["oldest"])


def _latest(quarantine: OpenTable, hours: Collection[str]) -> str:
    """One row an event: it has an entry for each time that it was judged, and the last one says what became of it."""
    return f"""SELECT first_value("table" ORDER BY attempts, changed_at) AS "table",
                      last_value(status ORDER BY attempts, changed_at) AS status,
                      min(_shard) AS shard, min(_sequence) AS sequence, {hour_column("min(first_seen)")} AS hour
               FROM quarantine WHERE gate = 'G0' AND {within(hours, quarantine.clock)}
               GROUP BY quarantine_id"""


def gaps_in(bronze: OpenTable, quarantine: OpenTable | None, since: datetime) -> dict[str, Gaps]:
    """Numbers of producers that no event bears, landed or refused, by the hour of the event after the gap."""
    sources = {"bronze": bronze} | ({"quarantine": quarantine} if quarantine else {})
    numbers = " UNION ALL ".join(_numbers(name, each, bronze.name, since) for name, each in sources.items())
    steps = f"""SELECT producer, number, before, {hour_column("at")} AS hour
                FROM (SELECT producer, number, at, lag(number) OVER (PARTITION BY producer ORDER BY number) AS before
                      FROM (SELECT producer, number, min(at) AS at FROM ({numbers}) GROUP BY producer, number))
                WHERE number > before + 1"""
    # As a double, since the numbers of a hostile producer add up to more than a long.
    counts = query(
        f"SELECT hour, sum(cast(number - before - 1 AS double)) AS missing FROM ({steps}) GROUP BY hour", **sources
    )
    ranges = query(
        f"""SELECT hour, producer, before + 1 AS first, number - 1 AS last
            FROM (SELECT *, row_number() OVER (PARTITION BY hour ORDER BY producer, number) AS place FROM ({steps}))
            WHERE place <= {RANGES_KEPT} ORDER BY hour, producer, first""",
        **sources,
    )
    return {each["hour"]: Gaps(int(each["missing"]), _ranges_of(each["hour"], ranges)) for each in counts}


def hours_between(first: datetime, last: datetime) -> list[str]:
    """The hours from one moment to another, both included."""
    start = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    count = int((last - start) / timedelta(hours=1)) + 1
    return [hour_of(start + timedelta(hours=each)) for each in range(count)]


def within(hours: Collection[str], column: str) -> str:
    """A condition for rows of these hours; adjacent hours are one range, and whole days help to skip partitions."""
    ranges = [f"({column} >= {_moment(first)} AND {column} < {_moment(end)})" for first, end in _ranges(hours)]
    days = sorted({hour[:10] for hour in hours})
    return f"(_ingest_date BETWEEN '{days[0]}' AND '{days[-1]}' AND ({' OR '.join(ranges)}))" if days else "false"


def hour_column(moment: str) -> str:
    """The hour of a moment, as it names an account."""
    return f"to_char(date_trunc('hour', {moment}), '{HOUR}')"


def query(sql: str, **tables: OpenTable) -> list[dict[str, Any]]:
    """The rows of an answer."""
    builder = QueryBuilder()
    for name, table in tables.items():
        builder.register(name, table.delta)
    found = builder.execute(sql).read_all()
    values = (found.column(name).to_pylist() for name in found.column_names)
    return [dict(zip(found.column_names, row, strict=True)) for row in zip(*values, strict=True)]


def _numbers(source: str, table: OpenTable, bronze: str, since: datetime) -> str:
    of_table = "" if source == "bronze" else f"AND \"table\" = '{bronze}'"
    return f"""SELECT _producer AS producer, _producer_seq AS number, {table.clock} AS at FROM {source}
               WHERE _producer_seq IS NOT NULL AND _ingest_date >= '{since.astimezone(UTC).date()}'
                 AND {table.clock} >= {_moment(since)} {of_table}"""


def _ranges_of(hour: str, ranges: Iterable[Mapping[str, Any]]) -> tuple[Gap, ...]:
    return tuple(Gap(each["producer"], each["first"], each["last"]) for each in ranges if each["hour"] == hour)


def _ranges(hours: Collection[str]) -> list[tuple[datetime, datetime]]:
    ranges: list[tuple[datetime, datetime]] = []
    for hour in sorted(hours):
        end = end_of(hour)
        start = end - timedelta(hours=1)
        if ranges and ranges[-1][1] == start:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges


def _moment(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S')}Z'"
