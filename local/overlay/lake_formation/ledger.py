"""What was granted, tagged and registered: kept and read back as Lake Formation would. Nothing is enforced locally."""

import copy
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id

Record = dict[str, Any]

EVERYBODY = {
    "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
    "Permissions": ["ALL"],
}

# An account that nobody has set up opens what is created to everybody that IAM lets in.
DEFAULT_SETTINGS: Mapping[str, Any] = {
    "DataLakeAdmins": [],
    "ReadOnlyAdmins": [],
    "CreateDatabaseDefaultPermissions": [EVERYBODY],
    "CreateTableDefaultPermissions": [EVERYBODY],
    "Parameters": {"CROSS_ACCOUNT_VERSION": "1"},
    "TrustedResourceOwners": [],
    "AllowExternalDataFiltering": False,
    "ExternalDataFilteringAllowList": [],
}

RESOURCE_TYPES = {
    "Catalog": "CATALOG",
    "Database": "DATABASE",
    "Table": "TABLE",
    "TableWithColumns": "TABLE",
    "DataLocation": "DATA_LOCATION",
    "LFTag": "LF_TAG",
    "LFTagPolicy": "LF_TAG_POLICY",
}

_store: Any = AccountRegionScopedDict()


class ApiError(Exception):
    """A refusal, with the error code that Lake Formation gives."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def kept(name: str) -> Record:
    """One part of the ledger of the current account and region: settings, tags, assigned, grants or locations."""
    if name not in _store:
        _store[name] = copy.deepcopy(dict(DEFAULT_SETTINGS)) if name == "settings" else {}
    part: Record = _store[name]
    return part


# --- LF-Tags ---


def create_tag(key: str, values: list[str]) -> None:
    """A new tag key with its possible values."""
    if key in kept("tags"):
        raise ApiError("EntityAlreadyExistsException", f"Tag key already exists: {key}")
    kept("tags")[key] = list(values)


def update_tag(key: str, add: Iterable[str], remove: Iterable[str]) -> None:
    """Change the possible values of a tag."""
    gone = set(remove)
    kept("tags")[key] = [value for value in values_of(key) if value not in gone] + [
        value for value in add if value not in values_of(key)
    ]


def values_of(key: str) -> list[str]:
    """The possible values of a tag."""
    values: list[str] | None = kept("tags").get(key)
    if values is None:
        raise ApiError("EntityNotFoundException", f"Tag key does not exist: {key}")
    return values


def delete_tag(key: str) -> None:
    """Forget a tag, and every use of it."""
    values_of(key)
    del kept("tags")[key]
    for tags in kept("assigned").values():
        tags.pop(key, None)


def assign(resource: Record, pairs: Iterable[Mapping[str, Any]]) -> None:
    """Put tags on a database, a table or columns."""
    pairs = list(pairs)
    for pair in pairs:
        unknown = set(pair["TagValues"]) - set(values_of(pair["TagKey"]))
        if unknown:
            raise ApiError("EntityNotFoundException", f"Tag {pair['TagKey']} has no value {', '.join(sorted(unknown))}")
    for place in places_of(resource):
        require_place(place)
        tags = kept("assigned").setdefault(place, {})
        tags.update({pair["TagKey"]: list(pair["TagValues"]) for pair in pairs})


def unassign(resource: Record, pairs: Iterable[Mapping[str, Any]]) -> None:
    """Take tags off."""
    keys = [pair["TagKey"] for pair in pairs]
    for place in places_of(resource):
        for key in keys:
            kept("assigned").get(place, {}).pop(key, None)


def places_of(resource: Record) -> Iterator[str]:
    """Where tags of this resource are kept: `db`, `db/table` or `db/table/column`."""
    if "Database" in resource:
        yield resource["Database"]["Name"]
    elif "Table" in resource:
        yield f"{resource['Table']['DatabaseName']}/{resource['Table']['Name']}"
    elif "TableWithColumns" in resource:
        columns = resource["TableWithColumns"]
        table = f"{columns['DatabaseName']}/{columns['Name']}"
        for column in columns.get("ColumnNames") or columns_of(table):  # none named: a wildcard
            yield f"{table}/{column}"
    else:
        raise ApiError("InvalidInputException", f"no tags can be put on {', '.join(resource)}")


def require_place(place: str) -> None:
    """Refuse a database or table that Glue does not know."""
    from ministack.services import glue

    database, _, table = place.partition("/")
    if database not in glue._databases:
        raise ApiError("EntityNotFoundException", f"Database not found: {database}")
    name = f"{database}/{table.split('/')[0]}"
    if table and name not in glue._tables:
        raise ApiError("EntityNotFoundException", f"Table not found: {name.replace('/', '.')}")


def tags_of(place: str, *, assigned_only: bool = False) -> dict[str, list[str]]:
    """The tags of a place, with those it inherits from the table and the database above it."""
    parts = place.split("/")
    above = [place] if assigned_only else ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    tags: dict[str, list[str]] = {}
    for each in above:
        tags |= kept("assigned").get(each, {})
    return tags


def columns_of(table: str) -> list[str]:
    """The columns of `db/table` that Glue knows."""
    from ministack.services import glue

    described = glue._tables.get(table) or {}
    return [column["Name"] for column in described.get("StorageDescriptor", {}).get("Columns", [])]


# --- Grants ---


def grant(request: Mapping[str, Any]) -> None:
    """Add permissions to what a principal has on a resource."""
    for pair in request["Resource"].get("LFTagPolicy", {}).get("Expression", []):
        values_of(pair["TagKey"])
    entry = kept("grants").setdefault(
        grant_key(request), {**base_of(request), "Permissions": [], "PermissionsWithGrantOption": []}
    )
    for name in ("Permissions", "PermissionsWithGrantOption"):
        entry[name] = sorted({*entry[name], *request.get(name, [])})
    entry["LastUpdated"] = time.time()


def revoke(request: Mapping[str, Any]) -> None:
    """Take permissions away again."""
    entry = kept("grants").get(grant_key(request))
    if entry is None:
        raise ApiError("InvalidInputException", "No permissions revoked. The grantee does not have these permissions.")
    for name in ("Permissions", "PermissionsWithGrantOption"):
        entry[name] = sorted(set(entry[name]) - set(request.get(name, [])))
    if not entry["Permissions"]:
        del kept("grants")[grant_key(request)]


def grants_matching(request: Mapping[str, Any]) -> list[Record]:
    """The grants that ListPermissions asks for."""
    tests: list[Callable[[Record], bool]] = []
    if "Principal" in request:
        tests.append(lambda entry: bool(entry["Principal"] == request["Principal"]))
    if "Resource" in request:
        tests.append(lambda entry: bool(entry["Resource"] == plain(request["Resource"])))
    if "ResourceType" in request:
        tests.append(lambda entry: request["ResourceType"] in types_of(entry["Resource"]))
    return [entry for entry in kept("grants").values() if all(test(entry) for test in tests)]


def types_of(resource: Record) -> tuple[str, ...]:
    """The resource types under which a grant is listed."""
    kind = next(iter(resource))
    name = RESOURCE_TYPES.get(kind, kind.upper())
    return (name, f"{name}_{resource[kind]['ResourceType']}") if kind == "LFTagPolicy" else (name,)


def base_of(request: Mapping[str, Any]) -> Record:
    """The two things that identify a grant."""
    return {"Principal": request["Principal"], "Resource": plain(request["Resource"])}


def grant_key(request: Mapping[str, Any]) -> str:
    """The same grant always has the same key."""
    return json.dumps(base_of(request), sort_keys=True)


def plain(resource: Record) -> Record:
    """A resource with its catalog filled in, so that both ways of writing it are the same."""
    return {kind: {"CatalogId": get_account_id(), **content} for kind, content in resource.items()}


# --- Locations ---


def register(request: Mapping[str, Any]) -> None:
    """Put an S3 location under Lake Formation's care."""
    arn = request["ResourceArn"]
    if arn in kept("locations"):
        raise ApiError("AlreadyExistsException", f"Resource is already registered: {arn}")
    kept("locations")[arn] = {
        **{
            name: request[name]
            for name in ("ResourceArn", "RoleArn", "HybridAccessEnabled", "WithFederation")
            if name in request
        },
        "LastModified": time.time(),
    }


def location_of(arn: str) -> Record:
    """A registered location."""
    found: Record | None = kept("locations").get(arn)
    if found is None:
        raise ApiError("EntityNotFoundException", f"Entity not found: {arn}")
    return found


# --- Saving ---


def snapshot() -> Record:
    """Everything, for saving."""
    return {"ledger": copy.deepcopy(_store)}


def restore(saved: Mapping[str, Any]) -> None:
    """Everything back."""
    _store.update(saved.get("ledger", {}))


def clear() -> None:
    """Forget everything."""
    _store.clear()
