"""Saves the state every few seconds: MiniStack does so only at a clean stop, so a kill would lose everything."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from overlay.settings import Settings

NEEDS = {
    "ministack.app": ("_build_persistence_save_dict",),
    "ministack.core.persistence": ("STATE_DIR", "_state_format_version", "_json_default", "save_state"),
}

EVERY_SECONDS = 10.0
LARGEST_SHARE = 0.05  # of one core; a large state is saved less often

# Readers before what they read from: after a kill a mapping may then repeat records, but never skip them.
FIRST = ("lambda", "sqs", "dynamodb")

logger = logging.getLogger("autosave")
_stopping = threading.Event()
_saved: dict[str, bytes] = {}


def install(_settings: Settings) -> None:
    """Nothing to replace: this patch only adds a thread."""


def start() -> None:
    """Start to save."""
    threading.Thread(target=work, name="autosave", daemon=True).start()


def stop() -> None:
    """Stop saving; the clean stop does it once more."""
    _stopping.set()


def work() -> None:
    """Save, then rest for long enough that saving stays cheap."""
    pause = EVERY_SECONDS
    while not _stopping.wait(pause):
        started = time.thread_time()
        save_changes()
        pause = max(EVERY_SECONDS, (time.thread_time() - started) / LARGEST_SHARE)


def save_changes() -> None:
    """Save every service whose state changed since it was saved last."""
    from ministack import app

    states: Mapping[str, Callable[[], Any]] = app._build_persistence_save_dict()
    for service in sorted(states, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name)):
        try:
            save(service, states[service]())
        except RuntimeError:  # changed while it was copied; the next round gets it
            logger.debug("%s changed while it was being saved", service)
        except OSError as error:
            logger.error("the state of %s cannot be saved: %s; free some space", service, error)


def save(service: str, state: Any) -> None:
    """Write one service's state in MiniStack's format, if it is not what the file holds."""
    from ministack.core import persistence

    if state is None:
        return
    wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    text = json.dumps(wrapped, default=persistence._json_default)
    digest = hashlib.blake2b(text.encode()).digest()
    if _saved.get(service) == digest:
        return
    path = Path(persistence.STATE_DIR) / f"{service}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".json.tmp")
    draft.write_text(text)
    draft.replace(path)
    _saved[service] = digest
