"""The AWS::LakeFormation resource types, over the ledger."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ministack.core.responses import get_account_id

from overlay.lake_formation import api, ledger
from overlay.lake_formation.ledger import ApiError, Record

Created = tuple[str, Record]
SETTINGS = {"Admins": "DataLakeAdmins"}  # CloudFormation's name -> the API's


def put_settings(_logical_id: str, properties: Record, _stack: str) -> Created:
    """AWS::LakeFormation::DataLakeSettings."""
    settings = {SETTINGS.get(name, name): value for name, value in properties.items() if name != "MutationType"}
    if properties.get("MutationType") == "APPEND":
        settings["DataLakeAdmins"] = ledger.kept("settings")["DataLakeAdmins"] + settings.get("DataLakeAdmins", [])
    api.put_settings({"DataLakeSettings": settings})
    return get_account_id(), {}


def register(_logical_id: str, properties: Record, _stack: str) -> Created:
    """AWS::LakeFormation::Resource."""
    ledger.register(properties)
    return properties["ResourceArn"], {"Id": properties["ResourceArn"]}


def deregister(physical_id: str, _properties: Record) -> None:
    """Take a location out again."""
    ledger.kept("locations").pop(physical_id, None)


def create_tag(_logical_id: str, properties: Record, _stack: str) -> Created:
    """AWS::LakeFormation::Tag."""
    ledger.create_tag(properties["TagKey"], properties["TagValues"])
    return properties["TagKey"], {}


def update_tag(physical_id: str, old: Record, new: Record, stack: str) -> Created:
    """Change a tag's values; another key is another tag."""
    if old["TagKey"] != new["TagKey"]:
        return create_tag(physical_id, new, stack)
    ledger.update_tag(physical_id, new["TagValues"], set(old["TagValues"]) - set(new["TagValues"]))
    return physical_id, {}


def delete_tag(physical_id: str, _properties: Record) -> None:
    """Forget a tag."""
    with suppress(ApiError):
        ledger.delete_tag(physical_id)


def assign(_logical_id: str, properties: Record, _stack: str) -> Created:
    """AWS::LakeFormation::TagAssociation."""
    ledger.assign(properties["Resource"], properties["LFTags"])
    ids = {"ResourceIdentifier": text(properties["Resource"]), "TagsIdentifier": text(properties["LFTags"])}
    return "|".join(ids.values()), ids


def unassign(_physical_id: str, properties: Record) -> None:
    """Take the tags off."""
    ledger.unassign(properties["Resource"], properties["LFTags"])


def grant(_logical_id: str, properties: Record, _stack: str) -> Created:
    """AWS::LakeFormation::PrincipalPermissions."""
    ledger.grant(properties)
    ids = {"PrincipalIdentifier": text(properties["Principal"]), "ResourceIdentifier": text(properties["Resource"])}
    return "|".join(ids.values()), ids


def revoke(_physical_id: str, properties: Record) -> None:
    """Take the permissions away; what is gone already is fine."""
    with suppress(ApiError):
        ledger.revoke(properties)


def replace(
    create: Callable[[str, Record, str], Created], delete: Callable[[str, Record], None]
) -> Callable[[str, Record, Record, str], Created]:
    """All properties of these types are create-only: the old goes, the new comes."""

    def updated(physical_id: str, old: Record, new: Record, stack: str) -> Created:
        delete(physical_id, old)
        return create(physical_id, new, stack)

    return updated


def text(value: Any) -> str:
    """A value as an identifier."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


HANDLERS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "DataLakeSettings": {
        "create": put_settings,
        "update": lambda physical_id, _old, new, stack: put_settings(physical_id, new, stack),
        "delete": lambda _physical_id, _properties: api.put_settings({"DataLakeSettings": {}}),
    },
    "Resource": {"create": register, "update": replace(register, deregister), "delete": deregister},
    "Tag": {"create": create_tag, "update": update_tag, "delete": delete_tag},
    "TagAssociation": {"create": assign, "update": replace(assign, unassign), "delete": unassign},
    "PrincipalPermissions": {"create": grant, "update": replace(grant, revoke), "delete": revoke},
}
