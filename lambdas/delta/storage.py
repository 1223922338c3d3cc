"""Where Delta tables lie, and how delta-rs reaches them."""

import os


def storage_options() -> dict[str, str]:
    """The rest comes from the environment. Plain HTTP is for an emulator's endpoint only."""
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return {"AWS_ALLOW_HTTP": "true"} if is_plain else {}


def uri_of(table: str) -> str:
    """Bronze lies in its own bucket, the quarantine among what operators read; `table` is `<domain>.<layer>.<name>`."""
    domain, layer, name = table.split(".")
    bucket = os.environ["BRONZE_BUCKET" if layer == "bronze" else "OPS_BUCKET"]
    return f"s3://{bucket}/{domain}/{name}"
