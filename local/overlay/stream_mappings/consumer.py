"""One thread for each mapping and shard: reads in order, and moves on only when a record is done or given up."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from ministack.core.responses import request_scope

from overlay.metrics import record
from overlay.stream_mappings import batches
from overlay.stream_mappings.batches import Batch, Limits, StreamRecord
from overlay.stream_mappings.destinations import RETRIES_EXHAUSTED, TOO_OLD, Discarded, discard
from overlay.stream_mappings.sources import Source, source_of

POLL_SECONDS = 0.1
FIRST_BACKOFF, LONGEST_BACKOFF = 0.2, 5.0  # AWS waits longer; a test on a laptop need not

logger = logging.getLogger("stream-mappings")


class Consumer:
    """Feeds one shard to one function."""

    def __init__(
        self, scope: tuple[str, str], mapping: dict[str, Any], shard: str, checkpoints: dict[str, str]
    ) -> None:
        self._scope = scope
        self._mapping = mapping
        self._shard = shard
        self._checkpoints = checkpoints
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._work, name=f"mapping-{mapping['UUID'][:8]}-{shard}", daemon=True)

    def stop(self) -> None:
        """Stop after the invocation that runs."""
        self._stopping.set()

    def _work(self) -> None:
        with request_scope(*self._scope):
            while not self._stopping.is_set():
                try:
                    self._process(self._collect())
                except Exception:
                    logger.exception("%s: reading failed; trying again", self.thread.name)
                    self._stopping.wait(LONGEST_BACKOFF)

    def _collect(self) -> tuple[Source, tuple[StreamRecord, ...]] | None:
        """The next batch: full, or what came until the batching window closed."""
        source = source_of(self._mapping["EventSourceArn"])
        size = int(self._mapping.get("BatchSize", 100))
        window_closes: float | None = None
        while source and not self._stopping.is_set():
            records = source.read(self._shard, self._checkpoints[self._shard], size)
            now = time.monotonic()
            if records and window_closes is None:
                window_closes = now + int(self._mapping.get("MaximumBatchingWindowInSeconds", 0))
            taken = batches.take(records, size)
            if taken and (len(taken) == size or len(taken) < len(records) or now >= (window_closes or 0)):
                return source, taken
            self._stopping.wait(POLL_SECONDS)
        return None

    def _process(self, collected: tuple[Source, tuple[StreamRecord, ...]] | None) -> None:
        """Take the batch to its end, however many invocations that needs."""
        if collected is None:
            self._stopping.wait(POLL_SECONDS)
            return
        source, records = collected
        todo = deque([Batch(self._wanted(records))])
        while todo and todo[0].records and not self._stopping.is_set():
            self._try(source, todo)
        if not todo or not todo[0].records:
            self._checkpoints[self._shard] = records[-1].sequence

    def _wanted(self, records: Sequence[StreamRecord]) -> tuple[StreamRecord, ...]:
        """The records that the mapping's filter lets through."""
        from ministack.services import lambda_svc

        kept = lambda_svc._apply_filter_criteria([each.event for each in records], self._mapping)
        ids = {id(event) for event in kept}
        return tuple(each for each in records if id(each.event) in ids)

    def _try(self, source: Source, todo: deque[Batch]) -> None:
        """One invocation with the first batch, and what follows from it."""
        batch = todo.popleft()
        limits = Limits.of(self._mapping)
        aged = batches.split_by_age(batch, limits, time.time())
        if aged.discarded:
            self._discard(source, aged.discarded, TOO_OLD, batch.failures)
            todo.extendleft(reversed(aged.todo))
            return
        result = self._invoke(batch)
        if result.get("throttle"):
            todo.appendleft(batch)
            self._stopping.wait(FIRST_BACKOFF)
            return
        following = batches.after(batch, result.get("body"), failed=bool(result.get("error")), limits=limits)
        todo.extendleft(reversed(following.todo))
        self._settle(source, batch, following)

    def _settle(self, source: Source, batch: Batch, following: batches.Next) -> None:
        """Note what is done or given up, and wait before a retry."""
        if following.done:
            self._checkpoints[self._shard] = following.done[-1].sequence
        if following.discarded:
            self._discard(source, following.discarded, RETRIES_EXHAUSTED, batch.failures + 1)
        failed = following.done != batch.records
        self._mapping["LastProcessingResult"] = "PROBLEM: Function call failed" if failed else "OK"
        if failed and following.todo:
            self._stopping.wait(min(FIRST_BACKOFF * 2 ** min(batch.failures, 10), LONGEST_BACKOFF))

    def _discard(self, source: Source, records: Sequence[StreamRecord], condition: str, failures: int) -> None:
        """Give records up; only when the destination has them does the shard move on."""
        while not self._stopping.is_set():
            try:
                discard(self._mapping, source, Discarded(self._shard, records, condition, failures))
                break
            except Exception:
                logger.exception("%s: the on-failure destination refused a batch; trying again", self.thread.name)
                self._stopping.wait(LONGEST_BACKOFF)
        else:
            return
        logger.warning("%s: gave up %d records: %s", self.thread.name, len(records), condition)
        self._checkpoints[self._shard] = records[-1].sequence

    def _invoke(self, batch: Batch) -> dict[str, Any]:
        """Call the function with the batch."""
        from ministack.services import lambda_svc

        name = self._mapping["FunctionName"]
        age = max(time.time() - batch.records[-1].arrived, 0) * 1000
        record("AWS/Lambda", "IteratorAge", age, "Milliseconds", {"FunctionName": name})
        function, _ = lambda_svc._get_func_record_for_qualifier(name, self._mapping.get("Qualifier"))
        if function is None:
            return {"throttle": True}  # it is being replaced; the records wait
        result: dict[str, Any] = lambda_svc._execute_function(
            function, {"Records": [each.event for each in batch.records]}
        )
        if result.get("error"):
            logger.warning("%s: %s failed: %s", self.thread.name, name, result.get("body"))
        return result
