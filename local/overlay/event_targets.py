"""Event rules may target only what the local cloud delivers to; MiniStack accepts the rest and drops its events."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from overlay.patching import wrap_resource
from overlay.settings import Settings

NEEDS = {
    "ministack.services.eventbridge": ("_validate_target_arn",),
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
}

DELIVERED = ("lambda", "sqs", "sns", "states", "events")


def install(_settings: Settings) -> None:
    """Refuse at the API and in templates."""
    from ministack.services import eventbridge

    eventbridge._validate_target_arn = refuse_undelivered(eventbridge._validate_target_arn)
    wrap_resource("AWS::Events::Rule", create=check_targets)


def refuse_undelivered(validate: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """PutTargets answers with an error for a target nothing is delivered to."""

    @functools.wraps(validate)
    def validated(target: Mapping[str, Any]) -> Any:
        problem = problem_of(target)
        if problem:
            body = json.dumps({"__type": "ValidationException", "message": problem}).encode()
            return 400, {"Content-Type": "application/x-amz-json-1.1"}, body
        return validate(target)

    return validated


def check_targets(create: Callable[..., Any]) -> Callable[..., Any]:
    """A template with such a target fails to deploy."""

    @functools.wraps(create)
    def created(logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:
        for target in properties.get("Targets", []):
            if problem := problem_of(target):
                raise ValueError(f"{logical_id}: {problem}")
        return create(logical_id, properties, stack)

    return created


def problem_of(target: Mapping[str, Any]) -> str | None:
    """Why nothing would be delivered to the target; None when it would."""
    service = str(target.get("Arn", "")).split(":")[2:3]
    if service and service[0] in DELIVERED:
        return None
    return f"the local cloud delivers no events to '{target.get('Arn')}'; use one of {', '.join(DELIVERED)}"
