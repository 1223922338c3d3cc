"""Properties that MiniStack's CloudFormation drops, and a delete that it must refuse."""

import functools
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from overlay.patching import wrap_resource
from overlay.settings import Settings

NEEDS = {
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
    "ministack.services.lambda_svc": ("_functions",),
    "ministack.services.s3": (
        "_buckets",
        "_put_bucket_tagging",
        "_put_bucket_lifecycle",
        "_bucket_object_lock",
        "_bucket_versioning",
        "_delete_bucket_tagging",
        "_delete_bucket_lifecycle",
    ),
}

Properties = Mapping[str, Any]
Created = tuple[str, dict[str, Any]]


def install(_settings: Settings) -> None:
    """Wrap the two types."""
    wrap_resource("AWS::Lambda::Function", create=keep_function_settings(1), update=keep_function_settings(2))
    wrap_resource("AWS::S3::Bucket", create=keep_bucket_settings(1), update=keep_bucket_settings(2), delete=refuse_full)


def keep_function_settings(place: int) -> Callable[[Callable[..., Created]], Callable[..., Created]]:
    """Keep reserved concurrency and the dead-letter queue; `place` is where a handler gets the new properties."""

    def wrapper(handle: Callable[..., Created]) -> Callable[..., Created]:
        @functools.wraps(handle)
        def handled(*arguments: Any) -> Created:
            from ministack.services import lambda_svc

            name, attributes = handle(*arguments)
            properties = arguments[place]
            function = lambda_svc._functions[name]
            reserved = properties.get("ReservedConcurrentExecutions")
            function["concurrency"] = None if reserved is None else int(reserved)
            function["config"]["DeadLetterConfig"] = properties.get("DeadLetterConfig") or {}
            return name, attributes

        return handled

    return wrapper


def keep_bucket_settings(place: int) -> Callable[[Callable[..., Created]], Callable[..., Created]]:
    """Keep tags, lifecycle rules and the lock of objects; `place` is where a handler gets the new properties."""

    def wrapper(handle: Callable[..., Created]) -> Callable[..., Created]:
        @functools.wraps(handle)
        def handled(*arguments: Any) -> Created:
            name, attributes = handle(*arguments)
            set_bucket_tags(name, arguments[place].get("Tags") or [])
            set_lifecycle(name, (arguments[place].get("LifecycleConfiguration") or {}).get("Rules") or [])
            set_object_lock(name, arguments[place])
            return name, attributes

        return handled

    return wrapper


def set_bucket_tags(bucket: str, tags: list[Properties]) -> None:
    """Set a bucket's tags to exactly these."""
    from ministack.services import s3

    if not tags:
        s3._delete_bucket_tagging(bucket)
        return
    root = Element("Tagging", xmlns=s3.S3_NS)
    tag_set = SubElement(root, "TagSet")
    for tag in tags:
        element = SubElement(tag_set, "Tag")
        SubElement(element, "Key").text = str(tag["Key"])
        SubElement(element, "Value").text = str(tag["Value"])
    require_success(bucket, s3._put_bucket_tagging(bucket, tostring(root)))


def set_lifecycle(bucket: str, rules: list[Properties]) -> None:
    """Set a bucket's lifecycle to exactly these rules."""
    from ministack.services import s3

    if not rules:
        s3._delete_bucket_lifecycle(bucket)
        return
    root = Element("LifecycleConfiguration", xmlns=s3.S3_NS)
    for rule in rules:
        root.append(lifecycle_rule(rule))
    require_success(bucket, s3._put_bucket_lifecycle(bucket, tostring(root)))


def set_object_lock(bucket: str, properties: Properties) -> None:
    """Lock the objects that a bucket gets from now on; S3 has no way back."""
    from ministack.services import s3

    if str(properties.get("ObjectLockEnabled")).lower() != "true":
        return
    rule = (properties.get("ObjectLockConfiguration") or {}).get("Rule") or {}
    stated = rule.get("DefaultRetention") or {}
    retention = {name: int(value) if name in ("Days", "Years") else value for name, value in stated.items()}
    s3._bucket_versioning[bucket] = "Enabled"
    s3._bucket_object_lock[bucket] = {"enabled": True, "default_retention": retention or None}


def lifecycle_rule(rule: Properties) -> Element:
    """A template's rule in the form that S3's API takes."""
    element = Element("Rule")
    SubElement(element, "ID").text = str(rule.get("Id", ""))
    SubElement(element, "Status").text = str(rule.get("Status", "Enabled"))
    SubElement(SubElement(element, "Filter"), "Prefix").text = str(rule.get("Prefix", ""))
    for path, value in lifecycle_values(rule):
        parent = element
        for tag in path:
            parent = SubElement(parent, tag)
        parent.text = str(value)
    for transition in rule.get("Transitions", []):
        moved = SubElement(element, "Transition")
        SubElement(moved, "Days").text = str(transition["TransitionInDays"])
        SubElement(moved, "StorageClass").text = str(transition["StorageClass"])
    return element


def lifecycle_values(rule: Properties) -> list[tuple[tuple[str, ...], Any]]:
    """The rule's simple values, and where the API has them."""
    noncurrent = rule.get("NoncurrentVersionExpiration") or {}
    abort = rule.get("AbortIncompleteMultipartUpload") or {}
    places = {
        ("Expiration", "Days"): rule.get("ExpirationInDays"),
        ("NoncurrentVersionExpiration", "NoncurrentDays"): noncurrent.get("NoncurrentDays"),
        ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"): abort.get("DaysAfterInitiation"),
    }
    return [(path, value) for path, value in places.items() if value is not None]


def require_success(bucket: str, response: tuple[int, Any, bytes]) -> None:
    """Fail the deploy where S3 refuses a setting."""
    if response[0] >= 400:
        raise ValueError(f"bucket {bucket}: {response[2].decode()}")


def refuse_full(delete: Callable[..., None]) -> Callable[..., None]:
    """A bucket with objects cannot be deleted, as on AWS; MiniStack forgets it, and has it back after a restart."""

    @functools.wraps(delete)
    def deleted(name: str, properties: Properties) -> None:
        from ministack.services import s3

        if (s3._buckets.get(name) or {}).get("objects"):
            raise ValueError(f"The bucket you tried to delete is not empty: {name}")
        delete(name, properties)

    return deleted
