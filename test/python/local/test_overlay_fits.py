"""The overlay takes hold of exactly one version of MiniStack, and says so when it does not fit."""

import importlib.metadata
from types import SimpleNamespace
from typing import Any

import pytest

from overlay import PATCHES, patching
from overlay.patching import OverlayError, check, replace_in_text


def patch(needs: dict[str, tuple[str, ...]]) -> Any:
    return SimpleNamespace(NEEDS=needs, install=lambda _settings: None)


def test_every_symbol_that_a_patch_names_is_there() -> None:
    check(PATCHES)


def test_a_symbol_that_is_gone_is_named() -> None:
    with pytest.raises(OverlayError, match=r"lacks what the overlay patches: ministack\.app\.no_such_thing$"):
        check([patch({"ministack.app": ("SERVICE_HANDLERS", "no_such_thing")})])


def test_another_version_is_refused_with_both_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "1.6.0")
    with pytest.raises(OverlayError, match=f"fits ministack {patching.VERSION}, found 1.6.0"):
        check([])


def test_a_script_that_reads_otherwise_is_refused() -> None:
    with pytest.raises(OverlayError, match="0 passages, not one"):
        replace_in_text("something else", "handlerFn", "other")
