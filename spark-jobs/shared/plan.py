"""The plan of a run, as `lib/plan/plan.ts` writes it: what to read, what to write, and the rules as data."""

import json
from dataclasses import dataclass
from typing import Any

from shared.decode import decode


@dataclass(frozen=True)
class Field:
    """A type: scalar, or nested with `items` of an array and `fields` of a struct."""

    type: str
    items: "Field | None" = None
    fields: "tuple[Column, ...] | None" = None


@dataclass(frozen=True, kw_only=True)
class Column(Field):
    """A column of a contract."""

    name: str
    required: bool = False
    classification: str = "internal"
    pii: str = "none"
    pii_type: str | None = None
    standardise: tuple[Any, ...] = ()
    masking: dict[str, Any] | None = None


@dataclass(frozen=True)
class Expectation:
    """What a check's number must be."""

    operator: str
    bounds: tuple[float, ...]
    unit: str


@dataclass(frozen=True)
class Reference:
    """Another table, by its id, and columns of it."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """A table that a statement may read, under the name that it has there."""

    name: str
    table: str


@dataclass(frozen=True)
class Check:
    """One quality rule; see `lib/contract/contract.ts`."""

    id: str
    name: str
    kind: str
    columns: tuple[str, ...]
    on_failure: str
    value: str | None = None
    values: tuple[str, ...] = ()
    format: str | None = None
    expect: Expectation | None = None
    references: Reference | None = None
    measure: str | None = None
    edges: tuple[str, ...] = ()
    query: str | None = None
    reads: tuple[Read, ...] = ()
    block_above_percent: float | None = None


@dataclass(frozen=True)
class RowLimit:
    """How many rows a run may refuse, in percent of at least so many."""

    percent: float
    from_rows: int


@dataclass(frozen=True)
class Source:
    """The bronze versions to read, both inclusive."""

    table: str
    uri: str
    from_version: int
    to_version: int
    explode: str | None
    key: str


@dataclass(frozen=True)
class TableRef:
    """A Delta table, by its name in the project, in Spark and on S3."""

    id: str
    database: str
    table: str
    uri: str


@dataclass(frozen=True)
class Late:
    """Too late is what happened before one time and arrived from another on; `horizon` is how far back that is."""

    before: str
    arrived_from: str
    horizon: str


@dataclass(frozen=True)
class Ahead:
    """How far a time may be after its event's arrival; of a row that is judged again, after `now`."""

    column: str
    minutes: float
    horizon: str
    now: str


@dataclass(frozen=True)
class Changes:
    """
    How the source says what its events do. One whose `operation`, a column of bronze, is among `deletes` removes the
    rows of its key, one among `truncates` those of every key; all others write rows.
    """

    operation: str | None
    deletes: tuple[str, ...]
    truncates: tuple[str, ...]
    #: The column of the table by which the source orders its events; None: by their time.
    order_by: str | None
    tombstones_uri: str


@dataclass(frozen=True)
class History:
    """The table keeps every version of a row; what events said of them, from the first on, is kept beside it."""

    images_uri: str


@dataclass(frozen=True)
class RefineTask:
    """One silver table and the bronze versions that it does not hold yet."""

    table: str
    contract_version: str
    source: Source
    target: TableRef
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    checks: tuple[Check, ...]
    limit: RowLimit
    quarantine_uri: str
    reads: tuple[TableRef, ...] = ()
    #: None: no row comes too late.
    late: Late | None = None
    ahead: tuple[Ahead, ...] = ()
    #: Documents that name refused rows of the table to judge again.
    replays: tuple[str, ...] = ()
    #: None: every event writes rows, and their times order them.
    changes: Changes | None = None
    #: None: the table shows the latest version of a row alone. Else its columns and keys are those of a version.
    history: History | None = None

    @property
    def position(self) -> tuple[str, str, str]:
        """What orders the events of one key: later ones replace earlier ones. The id makes the order total."""
        order = self.changes.order_by if self.changes else None
        return order or "_event_time", "_sequence", "_event_id"

    @property
    def removing(self) -> Changes | None:
        """How events delete or truncate; None: no event does."""
        return self.changes if self.changes and self.changes.operation is not None else None


#: What dbt calls the silver of the plan's domain.
OWN_SOURCE = "silver"


@dataclass(frozen=True)
class ModelInput(TableRef):
    """A silver table, and the version of it that the slot was last built from."""

    built_from_version: int | None
    #: Columns of an optional input that is not there yet; None: it is there.
    missing: tuple[Column, ...] | None = None
    #: What dbt calls its source.
    source: str = OWN_SOURCE

    @property
    def name(self) -> str:
        """As models call it: by its table, or by its source as well where that is another domain's."""
        return self.table if self.source == OWN_SOURCE else f"{self.source}.{self.table}"


@dataclass(frozen=True)
class ModelTable(TableRef):
    """A gold table in the slot that consumers do not see."""

    contract_version: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    reads: tuple[TableRef, ...] = ()


@dataclass(frozen=True)
class ModelTask:
    """All gold tables of a domain."""

    slot: str
    database: str
    location_root: str
    inputs: tuple[ModelInput, ...]
    tables: tuple[ModelTable, ...]


@dataclass(frozen=True)
class ResultUris:
    """Where the jobs leave their results."""

    refine: str
    model: str


@dataclass(frozen=True)
class Plan:
    """All that a run will do. `created_at` is its only clock for data."""

    version: int
    run_id: str
    domain: str
    created_at: str
    refine: tuple[RefineTask, ...]
    model: ModelTask | None
    results: ResultUris


def parse_plan(text: str) -> Plan:
    """Read a plan and refuse what this code cannot carry out."""
    plan = decode(Plan, json.loads(text))
    if plan.version != 1:
        raise ValueError(f"plan: found version {plan.version}, allowed: 1; deploy the jobs and the planner together")
    for task in plan.refine:
        require_supported(task)
    return plan


def require_supported(task: RefineTask) -> None:
    """Refuse a task that this code cannot carry out."""
    if task.source.key not in task.keys:
        raise ValueError(
            f"{task.table}: the source's key '{task.source.key}' must be one of the keys {list(task.keys)}"
        )
    for column in task.columns:
        if column.masking and column.masking["from"] == "silver" and column.masking["method"] != "none":
            raise ValueError(f"{task.table}: {column.name}: masking from silver is not possible; mask from bronze")
