"""Kinesis and DynamoDB stream mappings that keep Lambda's promises.

MiniStack takes a partial failure for a success and loses the records without a word; it retries a poison record for
ever, and knows no bisecting, retry limit, record age, on-failure destination or batching window.
"""

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.responses import request_scope

from overlay.settings import Settings
from overlay.stream_mappings.consumer import Consumer
from overlay.stream_mappings.sources import START, load_stream_records, save_stream_records, source_of

NEEDS = {
    "ministack.core.responses": ("request_scope", "get_account_id", "get_region"),
    "ministack.services.lambda_svc": (
        "_esms",
        "_kinesis_positions",
        "_poll_kinesis",
        "_poll_dynamodb_streams",
        "_init_stream_position",
        "_apply_filter_criteria",
        "_get_func_record_for_qualifier",
        "_execute_function",
    ),
    "ministack.services.kinesis": ("_streams", "_ensure_base64"),
    "ministack.services.dynamodb": (
        "_tables",
        "_stream_records",
        "stream_live_records",
        "get_state",
        "load_persisted_state",
    ),
}

SUPERVISE_SECONDS = 0.25
LONGEST_FINISH = 5.0  # at a stop, for invocations that run

logger = logging.getLogger("stream-mappings")

_consumers: dict[tuple[str, str], Consumer] = {}
_stopping = threading.Event()


def install(_settings: Settings) -> None:
    """Take the streams away from MiniStack's poller."""
    from ministack.services import dynamodb, lambda_svc

    lambda_svc._poll_kinesis = lambda: False
    lambda_svc._poll_dynamodb_streams = lambda: False
    lambda_svc._init_stream_position = anchor(lambda_svc._init_stream_position)
    dynamodb.get_state = save_stream_records(dynamodb.get_state)
    dynamodb.load_persisted_state = load_stream_records(dynamodb.load_persisted_state)


def start() -> None:
    """Start to look after the mappings."""
    threading.Thread(target=supervise, name="stream-mappings", daemon=True).start()


def stop() -> None:
    """Let each consumer finish its invocation, and start no other."""
    _stopping.set()
    consumers = list(_consumers.values())
    for consumer in consumers:
        consumer.stop()
    deadline = time.monotonic() + LONGEST_FINISH
    for consumer in consumers:
        consumer.thread.join(max(deadline - time.monotonic(), 0))


def anchor(original: Callable[[str, str, str], None]) -> Callable[[str, str, str], None]:
    """Fix where a mapping begins when it is made: LATEST must not depend on when a thread first looks."""

    @functools.wraps(original)
    def anchored(mapping_id: str, source_arn: str, starting: str) -> None:
        from ministack.services import lambda_svc

        source = source_of(source_arn)
        if source and mapping_id not in lambda_svc._kinesis_positions:
            from_start = starting == "TRIM_HORIZON"
            lambda_svc._kinesis_positions[mapping_id] = {
                shard: START if from_start else source.last_sequence(shard) for shard in source.shards()
            }

    return anchored


def supervise() -> None:
    """Keep one consumer for each shard of each mapping that is enabled."""
    while not _stopping.wait(SUPERVISE_SECONDS):
        try:
            reconcile(dict(wanted_consumers()))
        except Exception:
            logger.exception("looking after the mappings failed; trying again")


def reconcile(wanted: dict[tuple[str, str], Callable[[], Consumer]]) -> None:
    """Stop what is no longer wanted, start what is missing."""
    for key in _consumers.keys() - wanted.keys():
        _consumers.pop(key).stop()
    for key in wanted.keys() - _consumers.keys():
        _consumers[key] = wanted[key]()
        _consumers[key].thread.start()


def wanted_consumers() -> Iterator[tuple[tuple[str, str], Callable[[], Consumer]]]:
    """The consumers there should be, by mapping and shard."""
    from ministack.services import lambda_svc

    for (account, region, mapping_id), mapping in list(lambda_svc._esms._data.items()):
        with request_scope(account, region):
            source = source_of(mapping.get("EventSourceArn", ""))
            if source is None or str(mapping.get("Enabled", True)).lower() == "false":
                continue
            checkpoints = checkpoints_of(mapping_id, mapping)
            for shard in source.shards():
                checkpoints.setdefault(shard, START)  # a shard that came later is read from its start
                if any(checkpoints.get(each, START) < source.last_sequence(each) for each in source.parents(shard)):
                    continue  # what is left in a shard that was split comes before what its children hold
                make = functools.partial(Consumer, (account, region), mapping, shard, checkpoints)
                yield (mapping_id, shard), make


def checkpoints_of(mapping_id: str, mapping: dict[str, Any]) -> dict[str, str]:
    """How far the mapping has read each shard; MiniStack saves it with the functions."""
    from ministack.services import lambda_svc

    if mapping_id not in lambda_svc._kinesis_positions:
        lambda_svc._init_stream_position(
            mapping_id, mapping["EventSourceArn"], mapping.get("StartingPosition", "LATEST")
        )
    checkpoints: dict[str, str] = lambda_svc._kinesis_positions[mapping_id]
    return checkpoints
