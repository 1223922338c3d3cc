"""The ingest gate (G0) for files, as `lib/landing/landing.ts` has it: each event is a row of its table, or refused."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

from landing.conceal import concealed
from landing.json_text import MAX_SAFE, is_well_formed, shorten, stringify, well_formed
from landing.shape import Finding, Tokenise, kind_of, masked, read_timestamp, shaper
from shared.load_plan import LoadContract, LoadPlan

_ABSENT = object()
_MICROS_PER_DAY = 86_400_000_000
_EARLIEST = -2_208_988_800_000_000  # 1900-01-01 UTC
_IV_BYTES = 12

#: A table's id, and the values of a row in the order of its columns.
Row = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Envelope:
    """A CloudEvent 1.0 whose data is not yet judged; times in microseconds since 1970."""

    id: str
    source: str
    type: str
    time: int
    producer: str
    producer_seq: int | None
    data: Any


@dataclass(frozen=True)
class Refusal:
    """What cannot land, with what is known of it."""

    findings: list[Finding]
    original: str
    payload: str | None = None
    envelope: Envelope | None = None
    contract: LoadContract | None = None
    source: str | None = None


class Gate:
    """Judges the events of one file. It throws for no data."""

    def __init__(self, plan: LoadPlan, tokenise: Tokenise) -> None:
        self._plan = plan
        self._tokenise = tokenise
        self._folder = next(contract for contract in plan.contracts if contract.id == plan.table)
        self._intakes = {contract.event: (contract, shaper(contract.columns)) for contract in plan.contracts}

    def take(self, event: Any, number: int) -> Row:
        """Judge an event that a row of the file holds."""
        envelope, findings = _envelope_of(event)
        if envelope:
            return self._judge(envelope, event, number)
        known = event if isinstance(event, dict) else {}
        intake = self._intakes.get(_text(known.get("type")) or "")
        contract = intake[0] if intake else None
        payload = self._payload(event, contract) if contract else None
        source = _text(known.get("source"))
        return self.refuse(Refusal(findings, stringify(event), payload, contract=contract, source=source), number)

    def refuse_line(self, reason: str, text: str | None, number: int) -> Row:
        """Take what stands in the place of a row and is none."""
        original = f"{self._plan.uri}#{number}" if text is None else text
        return self._refuse_unread(f"row {number}: {reason}", original, None, number)

    def refuse_file(self, reason: str) -> Row:
        """Take the file as one entry."""
        return self._refuse_unread(reason, self._plan.uri, self._plan.uri, 0)

    def refuse(self, refusal: Refusal, number: int) -> Row:
        """The quarantine's entry, with what is to be sealed and the random bytes to seal it with."""
        plan, envelope, contract = self._plan, refusal.envelope, refusal.contract
        place = self._place(number)
        quarantine_id = _sha256(f"{place['_shard']}:{place['_sequence']}")
        entry = {
            "quarantine_id": quarantine_id,
            "entry_id": _sha256(f"{quarantine_id}:1:open"),
            "status": "open",
            "domain": plan.domain,
            "table": contract.id if contract else None,
            "gate": "G0",
            "reasons": [well_formed(reason) for _, reason in refusal.findings],
            "rules": list(dict.fromkeys(rule for rule, _ in refusal.findings)),
            "contract_version": contract.version if contract else None,
            "event_id": envelope.id if envelope else None,
            "payload": refusal.payload,
            "sealed": well_formed(refusal.original),
            "source": envelope.source if envelope else refusal.source,
            "_producer": envelope.producer if envelope else None,
            "_producer_seq": envelope.producer_seq if envelope else None,
            "run_id": None,
            "attempts": 1,
            "first_seen": plan.arrived_micros,
            "changed_at": plan.arrived_micros,
            "note": None,
            **place,
        }
        values = tuple(entry[column.name] for column in plan.quarantine_columns)
        return plan.quarantine, (*values, bytearray(os.urandom(_IV_BYTES)))

    def _refuse_unread(self, reason: str, original: str, payload: str | None, number: int) -> Row:
        """What cannot be read was meant for the table of its folder."""
        findings = [("g0.encoding", reason)]
        refusal = Refusal(findings, original, payload, contract=self._folder, source=self._plan.uri)
        return self.refuse(refusal, number)

    def _judge(self, envelope: Envelope, event: Any, number: int) -> Row:
        intake = self._intakes.get(envelope.type)
        if not intake:
            found, allowed = shorten(envelope.type, 100), ", ".join(self._intakes)
            reason = f"no contract takes events of type '{found}'; allowed are {allowed}"
            return self.refuse(Refusal([("g0.contract", reason)], stringify(event), envelope=envelope), number)
        contract, shape = intake
        row, misfits = shape(envelope.data)
        findings = [*_time_findings(envelope.time, self._plan.arrived_micros), *misfits]
        if row is None or findings:
            payload = self._payload(event, contract)
            return self.refuse(Refusal(findings, stringify(event), payload, envelope, contract), number)
        return contract.id, self._row(masked(contract.columns, row, self._tokenise), envelope, contract, number)

    def _row(self, row: dict[str, Any], envelope: Envelope, contract: LoadContract, number: int) -> tuple[Any, ...]:
        system = {
            "_event_id": envelope.id,
            "_event_time": envelope.time,
            "_ingested_at": self._plan.arrived_micros,
            "_source": envelope.source,
            "_producer": envelope.producer,
            "_producer_seq": envelope.producer_seq,
            "_contract_version": contract.version,
            **self._place(number),
        }
        return (*row.values(), *(system[column.name] for column in self._plan.bronze_columns))

    def _place(self, number: int) -> dict[str, Any]:
        return {
            "_shard": self._plan.shard,
            "_sequence": f"{number:064d}.000000",
            "_ingest_date": self._plan.arrived_micros // _MICROS_PER_DAY,
        }

    def _payload(self, event: dict[str, Any], contract: LoadContract) -> str:
        if "data" not in event:
            return stringify(event)
        data = concealed(contract.columns, masked(contract.columns, event["data"], self._tokenise))
        return stringify({**event, "data": data})


def _envelope_of(event: Any) -> tuple[Envelope | None, list[Finding]]:
    if not isinstance(event, dict):
        return None, [_fault("event", event, "a CloudEvent as a JSON object")]
    source = _text(event.get("source"))
    named = event.get("producerid", _ABSENT)
    producer = source if named is _ABSENT else _text(named)
    sequence = event.get("producerseq")
    time = read_timestamp(event.get("time"))
    not_empty = "a string that is not empty"
    faults = [
        ("specversion", event.get("specversion") == "1.0", '"1.0"'),
        ("id", _text(event.get("id")), not_empty),
        ("source", source, not_empty),
        ("type", _text(event.get("type")), '"<domain>.<table>.v<major>"'),
        ("producerid", producer or not source, not_empty),
        ("producerseq", sequence is None or _counts(sequence), "a whole number from 0 up to 2^53 - 1"),
        ("time", time is not None, 'a timestamp with its zone as "2011-01-04T10:00:00Z"'),
    ]
    findings = [_fault(name, event.get(name), allowed) for name, is_right, allowed in faults if not is_right]
    if findings or time is None:
        return None, findings
    running = None if sequence is None else int(sequence)
    return Envelope(event["id"], event["source"], event["type"], time, str(producer), running, event.get("data")), []


def _counts(found: Any) -> bool:
    return isinstance(found, float) and found.is_integer() and 0 <= found <= MAX_SAFE


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) and found and is_well_formed(found) else None


def _time_findings(time: int, arrived: int) -> list[Finding]:
    """Rows are ordered by their time, and a wrong one wins for ever."""
    if _EARLIEST <= time <= arrived + _MICROS_PER_DAY:
        return []
    days = (time - arrived) // _MICROS_PER_DAY
    found = "a time before 1900" if time < _EARLIEST else f"a time {days} days after its arrival"
    allowed = "allowed is from 1900 to one day after the event's arrival"
    return [("g0.time", f"CloudEvent attribute 'time': found {found}; {allowed}")]


def _fault(attribute: str, found: Any, allowed: str) -> Finding:
    return "g0.envelope", f"CloudEvent attribute '{attribute}': found {kind_of(found)}; allowed is {allowed}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
