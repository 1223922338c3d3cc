"""Mappings of FIFO queues that work on several groups at once, as Lambda does: a slow table holds up no other.

MiniStack has one batch of a FIFO queue in flight, whatever the mapping's cap.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from overlay.settings import Settings

NEEDS = {"ministack.services.lambda_svc": ("_sqs_esm_concurrency",)}


def install(_settings: Settings) -> None:
    """Let the cap of the mapping decide."""
    from ministack.services import lambda_svc

    lambda_svc._sqs_esm_concurrency = as_if_standard(lambda_svc._sqs_esm_concurrency)


def as_if_standard(limit: Callable[..., int]) -> Callable[..., int]:
    """The queue keeps the order itself: it gives out no message of a group that is in flight."""

    @functools.wraps(limit)
    def limited(mapping: Mapping[str, Any], function: Any, config: Any, _queue: object = None) -> int:
        return limit(mapping, function, config, None)

    return limited
