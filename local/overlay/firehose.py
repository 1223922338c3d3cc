"""Delivery streams that gather records: MiniStack writes an object for each record, ignores gzip and delimiters, and
keeps every record for ever.

What a stream has gathered stays in its own state, so it outlives a restart. As on AWS, a crash may deliver it twice.
"""

import base64
import functools
import gzip
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.core.responses import request_scope

from overlay.patching import wrap_resource
from overlay.settings import Settings

NEEDS = {
    "ministack.core.responses": ("request_scope",),
    "ministack.services.firehose": (
        "_streams",
        "_lock",
        "_put_record",
        "_put_record_batch",
        "_apply_lambda_processors",
        "_deliver_records_to_s3",
        "_deliver_to_s3",
    ),
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
}

TICK_SECONDS = 0.5
DEFAULT_MEGABYTES = 5
DEFAULT_SECONDS = 300

Destination = dict[str, Any]
Stream = dict[str, Any]

logger = logging.getLogger("firehose")
_stopping = threading.Event()
# One delivery at a time: what is gathered must not be taken twice.
_delivering = threading.Lock()


def install(_settings: Settings) -> None:
    """Deliver nothing while records come in: that is the clock's."""
    from ministack.services import firehose

    firehose._deliver_records_to_s3 = leave_to_the_clock(firehose._deliver_records_to_s3)
    wrap_resource("AWS::KinesisFirehose::DeliveryStream", update=deliver_first)


def start() -> None:
    """Start to look for what is due."""
    threading.Thread(target=work, name="firehose", daemon=True).start()


def stop() -> None:
    """Deliver nothing more; what is gathered is saved with the rest."""
    _stopping.set()


def leave_to_the_clock(deliver: Callable[..., None]) -> Callable[..., None]:
    """Records wait in the destination, where MiniStack puts them; what is split or converted goes out one by one."""

    @functools.wraps(deliver)
    def delivered(stream: Stream, dest: Destination, records: Sequence[tuple[str, bytes]]) -> None:
        if gathers(dest):
            return
        dest["records"].clear()
        deliver(stream, dest, records)

    return delivered


def work() -> None:
    """Deliver what is due, all the time."""
    from ministack.services import firehose

    while not _stopping.wait(TICK_SECONDS):
        for (account, region, _), stream in list(firehose._streams._data.items()):
            with request_scope(account, region):
                deliver_due(stream)


def deliver_due(stream: Stream, even_if_not_due: bool = False) -> None:
    """Write one object for what each destination has gathered, if there is enough or it has waited long enough."""
    from ministack.services import firehose

    with _delivering:
        for dest in stream["destinations"]:
            if not gathers(dest) or not (even_if_not_due or is_due(dest, time.time())):
                continue
            with firehose._lock:
                gathered = list(dest["records"])
            if gathered:
                firehose._deliver_to_s3(stream, with_extension(dest), body_of(stream, dest, gathered))
            # Only now: a crash before this line delivers twice, and loses nothing.
            with firehose._lock:
                del dest["records"][: len(gathered)]


def gathers(dest: Destination) -> bool:
    """Whether all records of a destination go into one object."""
    config = dest["config"]
    switches = (
        config.get(name) or {} for name in ("DynamicPartitioningConfiguration", "DataFormatConversionConfiguration")
    )
    return dest["type"] in ("ExtendedS3", "S3") and not any(switch.get("Enabled") for switch in switches)


def is_due(dest: Destination, now: float) -> bool:
    """Whether the hints are reached, in bytes before compression or in time since the first record."""
    records = list(dest["records"])
    hints = dest["config"].get("BufferingHints") or {}
    size = sum(len(record["data"]) * 3 // 4 for record in records)
    is_full = size >= int(hints.get("SizeInMBs", DEFAULT_MEGABYTES)) * 1024 * 1024
    return bool(records) and (
        is_full or now - records[0]["ts"] >= float(hints.get("IntervalInSeconds", DEFAULT_SECONDS))
    )


def body_of(stream: Stream, dest: Destination, gathered: Sequence[Mapping[str, Any]]) -> bytes:
    """The object: records as the processors leave them, one after the other, compressed."""
    from ministack.services import firehose

    raw = [(record["id"], base64.b64decode(record["data"])) for record in gathered]
    delimiter = b"\n" if "AppendDelimiterToRecord" in processors_of(dest) else b""
    body = b"".join(data + delimiter for _, data in firehose._apply_lambda_processors(stream, dest, raw))
    return gzip.compress(body) if is_gzip(dest) else body


def processors_of(dest: Destination) -> set[str]:
    """The types of the processors that are on."""
    processing = dest["config"].get("ProcessingConfiguration") or {}
    return {processor.get("Type") for processor in processing.get("Processors", []) if processing.get("Enabled")}


def is_gzip(dest: Destination) -> bool:
    """Whether objects are compressed."""
    return bool(dest["config"].get("CompressionFormat") == "GZIP")


def with_extension(dest: Destination) -> Destination:
    """AWS ends the names of compressed objects with `.gz`, unless the stream says otherwise."""
    return {**dest, "config": {"FileExtension": ".gz", **dest["config"]}} if is_gzip(dest) else dest


def deliver_first(update: Callable[..., Any]) -> Callable[..., Any]:
    """An update makes the destinations anew, and with them what they have gathered."""

    @functools.wraps(update)
    def updated(physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack: str) -> Any:
        from ministack.services import firehose

        stream = firehose._streams.get(physical_id)
        if stream:
            deliver_due(stream, even_if_not_due=True)
        return update(physical_id, old, new, stack)

    return updated
