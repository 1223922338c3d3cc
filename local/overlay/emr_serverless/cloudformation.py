"""AWS::EMRServerless::Application."""

from typing import Any

from overlay.emr_serverless import records
from overlay.emr_serverless.events import announce
from overlay.emr_serverless.records import Record
from overlay.emr_serverless.step_functions import recase

REPLACING = ("Name", "Type")


def create(logical_id: str, properties: Record, stack: str) -> tuple[str, Record]:
    """Create the application."""
    request = request_of(properties)
    request.setdefault("name", f"{stack}-{logical_id}")
    application = records.create_application(request)
    announce(application)
    return identify(application)


def update(physical_id: str, old: Record, new: Record, stack: str) -> tuple[str, Record]:
    """Change the application in place, or replace it when its name or type changes."""
    if any(old.get(name) != new.get(name) for name in REPLACING):
        return create(physical_id, new, stack)
    application = records.application_of(physical_id)
    application.update(request_of(new))
    return identify(application)


def delete(physical_id: str, _properties: Record) -> None:
    """Delete the application; one that is gone is fine."""
    records.applications.pop(physical_id, None)


def identify(application: Record) -> tuple[str, Record]:
    """Its id and attributes."""
    return application["applicationId"], {"ApplicationId": application["applicationId"], "Arn": application["arn"]}


def request_of(properties: Record) -> Record:
    """A template's properties as CreateApplication takes them."""
    request = recase(numbers(properties), str.lower)
    request["tags"] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    if "initialCapacity" in request:
        request["initialCapacity"] = {each["key"]: each["value"] for each in request["initialCapacity"]}
    return dict(request)


def numbers(value: Any) -> Any:
    """CloudFormation hands booleans over as text where a template says so; the API has them as such."""
    if isinstance(value, dict):
        return {name: numbers(content) for name, content in value.items()}
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
