"""The part of Lake Formation's API that records and reads back."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id

from overlay.lake_formation import ledger
from overlay.lake_formation.ledger import ApiError, Record

logger = logging.getLogger("lake-formation")


async def handle_request(
    _method: str, path: str, _headers: Mapping[str, str], body: bytes, _query: Mapping[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    """Answer one request; the path is the operation's name."""
    operation = OPERATIONS.get(path.strip("/"))
    try:
        if operation is None:
            raise ApiError("InvalidInputException", f"the local Lake Formation does not know {path}")
        return 200, {"Content-Type": "application/json"}, json.dumps(operation(json.loads(body or b"{}"))).encode()
    except ApiError as refusal:
        logger.warning("%s refused: %s", path, refusal)
        headers = {"Content-Type": "application/json", "x-amzn-errortype": refusal.code}
        return 400, headers, json.dumps({"Message": str(refusal)}).encode()


def get_settings(_request: Record) -> Record:
    """GetDataLakeSettings."""
    return {"DataLakeSettings": ledger.kept("settings")}


def put_settings(request: Record) -> Record:
    """PutDataLakeSettings replaces all of them; what is left out is empty afterwards."""
    empty: Record = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [], "DataLakeAdmins": []}
    settings = ledger.kept("settings")
    settings.clear()
    settings.update({**ledger.DEFAULT_SETTINGS, **empty, **request["DataLakeSettings"]})
    return {}


def create_tag(request: Record) -> Record:
    """CreateLFTag."""
    ledger.create_tag(request["TagKey"], request["TagValues"])
    return {}


def update_tag(request: Record) -> Record:
    """UpdateLFTag."""
    ledger.update_tag(request["TagKey"], request.get("TagValuesToAdd", []), request.get("TagValuesToDelete", []))
    return {}


def delete_tag(request: Record) -> Record:
    """DeleteLFTag."""
    ledger.delete_tag(request["TagKey"])
    return {}


def get_tag(request: Record) -> Record:
    """GetLFTag."""
    return pair(request["TagKey"], ledger.values_of(request["TagKey"]))


def list_tags(_request: Record) -> Record:
    """ListLFTags."""
    return {"LFTags": [pair(key, values) for key, values in sorted(ledger.kept("tags").items())]}


def add_tags(request: Record) -> Record:
    """AddLFTagsToResource."""
    ledger.assign(request["Resource"], request["LFTags"])
    return {"Failures": []}


def remove_tags(request: Record) -> Record:
    """RemoveLFTagsFromResource."""
    ledger.unassign(request["Resource"], request["LFTags"])
    return {"Failures": []}


def get_resource_tags(request: Record) -> Record:
    """GetResourceLFTags, with inherited tags unless only the assigned ones are asked for."""
    only = bool(request.get("ShowAssignedLFTags"))
    places = list(ledger.places_of(request["Resource"]))
    for place in places:
        ledger.require_place(place)
    database, _, table = places[0].partition("/")
    answer: Record = {"LFTagOnDatabase": pairs(ledger.tags_of(database))}
    if not table:
        return answer
    name = f"{database}/{table.split('/')[0]}"
    wanted = [place.split("/")[2] for place in places if place.count("/") == 2] or ledger.columns_of(name)
    columns = {column: ledger.tags_of(f"{name}/{column}", assigned_only=only) for column in wanted}
    return {
        **answer,
        "LFTagsOnTable": pairs(ledger.tags_of(name, assigned_only=only)),
        "LFTagsOnColumns": [{"Name": column, "LFTags": pairs(tags)} for column, tags in columns.items() if tags],
    }


def grant(request: Record) -> Record:
    """GrantPermissions."""
    ledger.grant(request)
    return {}


def revoke(request: Record) -> Record:
    """RevokePermissions."""
    ledger.revoke(request)
    return {}


def each_entry(apply: Callable[[Record], Record]) -> Callable[[Record], Record]:
    """The batch form of an operation: what is refused is reported, the rest is done."""

    def batch(request: Record) -> Record:
        failures = []
        for entry in request["Entries"]:
            try:
                apply(entry)
            except ApiError as refusal:
                failures.append(
                    {"RequestEntry": entry, "Error": {"ErrorCode": refusal.code, "ErrorMessage": str(refusal)}}
                )
        return {"Failures": failures}

    return batch


def list_permissions(request: Record) -> Record:
    """ListPermissions."""
    return {"PrincipalResourcePermissions": ledger.grants_matching(request)}


def register(request: Record) -> Record:
    """RegisterResource."""
    ledger.register(request)
    return {}


def deregister(request: Record) -> Record:
    """DeregisterResource."""
    ledger.location_of(request["ResourceArn"])
    del ledger.kept("locations")[request["ResourceArn"]]
    return {}


def describe_resource(request: Record) -> Record:
    """DescribeResource."""
    return {"ResourceInfo": ledger.location_of(request["ResourceArn"])}


def list_resources(_request: Record) -> Record:
    """ListResources."""
    return {"ResourceInfoList": list(ledger.kept("locations").values())}


def pair(key: str, values: list[str]) -> Record:
    """A tag as the API shows it."""
    return {"CatalogId": get_account_id(), "TagKey": key, "TagValues": values}


def pairs(tags: Mapping[str, list[str]]) -> list[Record]:
    """Tags as the API shows them."""
    return [pair(key, values) for key, values in sorted(tags.items())]


OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    "GetDataLakeSettings": get_settings,
    "PutDataLakeSettings": put_settings,
    "CreateLFTag": create_tag,
    "UpdateLFTag": update_tag,
    "DeleteLFTag": delete_tag,
    "GetLFTag": get_tag,
    "ListLFTags": list_tags,
    "AddLFTagsToResource": add_tags,
    "RemoveLFTagsFromResource": remove_tags,
    "GetResourceLFTags": get_resource_tags,
    "GrantPermissions": grant,
    "RevokePermissions": revoke,
    "BatchGrantPermissions": each_entry(grant),
    "BatchRevokePermissions": each_entry(revoke),
    "ListPermissions": list_permissions,
    "RegisterResource": register,
    "DeregisterResource": deregister,
    "DescribeResource": describe_resource,
    "ListResources": list_resources,
}
