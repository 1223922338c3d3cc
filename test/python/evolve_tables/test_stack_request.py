"""CloudFormation is always answered, and a table is never touched on the way out or back."""

from collections.abc import Mapping
from typing import Any

import pytest

from evolve_tables import ChangeRefused, Required
from stack_request import answer_request, required_of

EVENT: dict[str, Any] = {
    "RequestType": "Update",
    "StackId": "stack",
    "RequestId": "request",
    "LogicalResourceId": "EvolutionCommerce",
    "PhysicalResourceId": "table-evolution-commerce",
    "ResourceProperties": {"Domain": "commerce", "Required": {"commerce.bronze.orders": ["order_id"]}},
    "OldResourceProperties": {"Domain": "commerce", "Required": {}},
}


def answer(event: Mapping[str, Any], act: Any, status: str = "UPDATE_IN_PROGRESS") -> Mapping[str, Any]:
    return answer_request(event, act, lambda _stack: status)


def refuse() -> Mapping[str, Any]:
    raise ChangeRefused("commerce.bronze.orders: column 'order_id': found string; the contract wants long" + "x" * 9000)


def test_a_success_tells_what_was_added() -> None:
    done = answer(EVENT, lambda: {"commerce.bronze.orders": "channel string"})
    assert (done["Status"], done["Data"]) == ("SUCCESS", {"commerce.bronze.orders": "channel string"})
    assert (done["StackId"], done["RequestId"], done["LogicalResourceId"]) == ("stack", "request", "EvolutionCommerce")


def test_a_refusal_is_an_answer_with_its_reason_no_longer_than_cloudformation_takes() -> None:
    refused = answer(EVENT, refuse)
    assert refused["Status"] == "FAILED"
    assert "found string; the contract wants long" in refused["Reason"]
    assert len(refused["Reason"]) <= 3000


def test_the_resource_keeps_its_id_for_ever() -> None:
    created = {key: value for key, value in EVENT.items() if not key.startswith(("Physical", "Old"))}
    first = answer(created | {"RequestType": "Create"}, dict, "CREATE_IN_PROGRESS")
    assert first["PhysicalResourceId"] == answer(EVENT, refuse)["PhysicalResourceId"] == "table-evolution-commerce"


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])
def test_a_stack_that_rolls_back_is_let_go(status: str) -> None:
    assert answer(EVENT, refuse, status)["Status"] == "SUCCESS"


def test_a_deletion_touches_no_table() -> None:
    assert answer(EVENT | {"RequestType": "Delete"}, refuse, "DELETE_IN_PROGRESS")["Status"] == "SUCCESS"


def test_what_was_required_is_known_from_the_last_deploy_alone() -> None:
    assert required_of(EVENT, "commerce.bronze.orders") == Required(["order_id"], None)
    swapped = EVENT | {"OldResourceProperties": EVENT["ResourceProperties"]}
    assert required_of(swapped, "commerce.bronze.orders") == Required(["order_id"], ["order_id"])
