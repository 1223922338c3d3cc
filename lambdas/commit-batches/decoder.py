"""A process of its own that decodes files first: one of them may make the Parquet reader abort the whole process, or
take all its memory, and a file that did so once would do it each time it comes.
"""

import os
import select
import struct
import subprocess
import sys
from pathlib import Path
from threading import Lock

from staged_batch import InvalidBatch

SECONDS = 30
LENGTH = struct.Struct(">Q")
SURVIVED = b"+"


class Decoder:
    """Starts the process when it is needed, and again after a file that ended it. It ends with this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def check(self, name: str, content: bytes) -> None:
        """Raise `InvalidBatch` for a file that ends the process, or takes it for ever."""
        with self._lock:
            process = self._process = self._process or _start()
            if _survives(process, content):
                return
            process.kill()
            code = process.wait()
            self._process = None
        raise InvalidBatch(f"{name}: the process that decoded it ended with {code}")


def _start() -> "subprocess.Popen[bytes]":
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, str(Path(__file__).parent / "decode_files.py")]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _survives(process: "subprocess.Popen[bytes]", content: bytes) -> bool:
    assert process.stdin and process.stdout
    try:
        process.stdin.write(LENGTH.pack(len(content)) + content)
        process.stdin.flush()
    except BrokenPipeError:
        return False
    answered, _, _ = select.select([process.stdout], [], [], SECONDS)
    return bool(answered) and os.read(process.stdout.fileno(), 1) == SURVIVED
