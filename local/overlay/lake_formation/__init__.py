"""Lake Formation as a ledger: it records settings, tags, grants and locations, and enforces nothing."""

import sys
from collections.abc import Mapping
from typing import Any

from overlay.lake_formation import ledger
from overlay.lake_formation.api import handle_request as handle_request  # MiniStack looks for it here
from overlay.lake_formation.cloudformation import HANDLERS
from overlay.patching import REGISTERED_BY, register_service
from overlay.settings import Settings

NEEDS = {
    **REGISTERED_BY,
    "ministack.core.responses": ("AccountRegionScopedDict", "get_account_id"),
    "ministack.services.glue": ("_databases", "_tables"),
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
}


def install(_settings: Settings) -> None:
    """Add the service and its resource types."""
    from ministack.services.cloudformation import provisioners

    register_service("lakeformation", sys.modules[__name__])
    for name, handlers in HANDLERS.items():
        provisioners._RESOURCE_HANDLERS[f"AWS::LakeFormation::{name}"] = dict(handlers)


def get_state() -> dict[str, Any]:
    """What MiniStack saves with the rest."""
    return ledger.snapshot()


def load_persisted_state(saved: Mapping[str, Any]) -> None:
    """What MiniStack loads at start."""
    ledger.restore(saved)


def reset() -> None:
    """What MiniStack calls when everything is to be forgotten."""
    ledger.clear()
