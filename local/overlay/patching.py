"""How a patch takes hold of MiniStack: it names every symbol it needs, and replaces nothing that is not there."""

import importlib
import importlib.metadata
import sys
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any, Protocol

from overlay.settings import Settings

VERSION = "1.5.33"

# module -> names in it; a dotted name is looked up attribute by attribute
Needs = Mapping[str, tuple[str, ...]]


class OverlayError(Exception):
    """The overlay does not fit the MiniStack that is installed."""


class Patch(Protocol):
    """A module of the overlay."""

    @property
    def NEEDS(self) -> Needs:
        """What it patches or calls."""

    @property
    def install(self) -> Callable[[Settings], None]:
        """Replaces or adds what MiniStack lacks."""


def check(patches: Iterable[Patch]) -> None:
    """Refuse to run on another version, or where a symbol that we patch is gone."""
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise OverlayError(
            f"the overlay fits ministack {VERSION}, found {found}; install the pinned version with `npm run setup`, "
            "or run the probes in test/python/local and adapt the patches"
        )
    missing = [symbol for patch in patches for symbol in missing_symbols(patch.NEEDS)]
    if missing:
        raise OverlayError(f"ministack {found} lacks what the overlay patches: {', '.join(sorted(set(missing)))}")


def missing_symbols(needs: Needs) -> list[str]:
    """The symbols among these that are not there."""
    return [f"{module}.{name}" for module, names in needs.items() for name in names if not has(module, name)]


def has(module: str, name: str) -> bool:
    """Whether the module can be imported and has the name."""
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return False
    return True


def replace_in_text(text: str, old: str, new: str) -> str:
    """Replace one passage of a script that MiniStack keeps as text; it must occur exactly once."""
    if text.count(old) != 1:
        raise OverlayError(f"a worker script of MiniStack has {text.count(old)} passages, not one, that read: {old!r}")
    return text.replace(old, new)


def register_service(name: str, module: ModuleType) -> None:
    """Add a service of ours: routed by the name requests are signed for, saved and reset with the rest."""
    from ministack import app
    from ministack.core import router

    short = name.replace("-", "")
    sys.modules[f"ministack.services.{short}"] = module
    app.SERVICE_REGISTRY[name] = {"module": short}
    app.SERVICE_HANDLERS[name] = module.handle_request
    app._state_map[short] = short
    app._loaded_modules[short] = module
    router.SERVICE_PATTERNS[name] = {"host_patterns": []}


Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]


def wrap_resource(resource_type: str, **wrappers: Wrapper) -> None:
    """Put something around how CloudFormation creates, updates or deletes resources of a type."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS.get(resource_type)
    if handlers is None:
        raise OverlayError(f"MiniStack no longer knows the resource type {resource_type}, which the overlay patches")
    for verb, wrapper in wrappers.items():
        handlers[verb] = wrapper(handlers[verb])


REGISTERED_BY = {
    "ministack.app": ("SERVICE_REGISTRY", "SERVICE_HANDLERS", "_state_map", "_loaded_modules"),
    "ministack.core.router": ("SERVICE_PATTERNS",),
}
