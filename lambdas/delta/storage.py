"""Where Delta tables lie, and how delta-rs reaches them."""

import os


def storage_options() -> dict[str, str]:
    """The rest comes from the environment. Plain HTTP is for an emulator's endpoint only."""
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return {"AWS_ALLOW_HTTP": "true"} if is_plain else {}


def uri_of(table: str, slot: str | None = None) -> str:
    """Where a table lies, `<domain>.<layer>.<name>`, and for gold in which slot."""
    domain, layer, name = table.split(".")
    folder = f"{domain}/{slot}" if slot else domain
    return f"s3://{os.environ[f'{layer.upper()}_BUCKET']}/{folder}/{name}"
