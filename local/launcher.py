"""Starts the local cloud: MiniStack with our overlay, in this process, on one port of this machine.

Usage: python local/launcher.py [--home .sluice] [--port N] [--bare]
"""

import argparse
import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from overlay.settings import Settings

HOST = "127.0.0.1"  # never `localhost`: S3 clients would take it for a bucket's host
REGION = "us-east-1"
FIRST_PORT, LAST_PORT = 4566, 4665  # below what systems hand out for outgoing connections, so a restart finds it free
NEEDED_MB = 500

# Everything else stays outside: a developer's AWS_PROFILE or NODE_OPTIONS must not reach a function.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "JAVA_HOME", "SLUICE_NODE_BIN", "SLUICE_SPARK_JARS")


class LaunchError(Exception):
    """The cloud cannot start; the message is the one line the user reads."""


def main() -> int:
    """Start, serve until SIGTERM or Ctrl-C, stop cleanly."""
    arguments = parse_arguments()
    try:
        launch(arguments.home.resolve(), arguments.port, bare=arguments.bare)
    except LaunchError as problem:
        print(f"local cloud: {problem}", file=sys.stderr, flush=True)
        return 1
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Start the local cloud.")
    parser.add_argument("--home", type=Path, default=Path(".sluice"), help="its data folder")
    parser.add_argument("--port", type=int, default=None, help="default: the folder's last one, or a free one")
    parser.add_argument("--bare", action="store_true", help="without the overlay: what the probes compare with")
    return parser.parse_args()


def launch(home: Path, port: int | None, *, bare: bool) -> None:
    """Hold the folder's lock from here to the end, so that two clouds never share data."""
    home.mkdir(parents=True, exist_ok=True)
    with lock(home):
        require_space(home)
        listener = listen(home, port)
        endpoint = f"http://{HOST}:{listener.getsockname()[1]}"
        settings = Settings(
            home=home,
            scratch=fresh_scratch(home),
            endpoint=endpoint,
            region=REGION,
            node_bin=os.environ.get("SLUICE_NODE_BIN") or "node",
            spark_jars=Path(os.environ["SLUICE_SPARK_JARS"]) if os.environ.get("SLUICE_SPARK_JARS") else None,
        )
        replace_environment(scrubbed(os.environ, settings))
        try:
            asyncio.run(serve(listener, settings, bare=bare))
        finally:
            (home / "cloud.json").unlink(missing_ok=True)
            shutil.rmtree(settings.scratch, ignore_errors=True)


def lock(home: Path) -> IO[str]:
    """The folder's lock, with our pid in it; the system drops it with the process, so a kill leaves nothing behind."""
    handle = (home / "cloud.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise LaunchError(f"already running on {home} ({running(home)}); stop it with `sluice down`") from error
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def running(home: Path) -> str:
    """Say which process holds the folder."""
    try:
        cloud = json.loads((home / "cloud.json").read_text())
        return f"pid {cloud['pid']}, {cloud['endpoint']}"
    except (OSError, ValueError, KeyError):
        return "it is still starting"


def require_space(home: Path) -> None:
    """Refuse to start on a full disk: state would be written halfway."""
    free_mb = shutil.disk_usage(home).free // 2**20
    if free_mb < NEEDED_MB:
        raise LaunchError(f"disk full: {free_mb} MB free at {home}, {NEEDED_MB} MB needed; free some space")


def listen(home: Path, port: int | None) -> socket.socket:
    """Bind the port. A folder keeps its port, because the URLs of its queues hold it."""
    remembered = home / "port"
    last = int(remembered.read_text()) if remembered.exists() else None
    if port and last and port != last:
        raise LaunchError(f"{home} was made on port {last} and cannot move to {port}: its queue URLs hold the port")
    wanted = port or last
    listener = bind(wanted) if wanted else bind_first_free()
    if listener is None:
        raise LaunchError(f"port {wanted} is taken by another program; stop that, or use another --home and --port")
    remembered.write_text(str(listener.getsockname()[1]))
    return listener


def bind(port: int) -> socket.socket | None:
    """A socket on this port, or None when another program has it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # two sockets may be bound to one port, but only one can listen
    except OSError:
        listener.close()
        return None
    return listener


def bind_first_free() -> socket.socket:
    """A socket on the first free port of our range."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        listener = bind(port)
        if listener:
            return listener
    raise LaunchError(f"no free port between {FIRST_PORT} and {LAST_PORT}; name one with --port")


def fresh_scratch(home: Path) -> Path:
    """An empty folder for unpacked functions and Spark, the same one at each start so that none is left behind.

    Not below the project: Node would find the project's package.json and node_modules from there.
    """
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    scratch = Path(tempfile.gettempdir()).resolve() / f"sluice-{os.getuid()}-{name}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    return scratch


def scrubbed(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment of the cloud and of every process it starts."""
    port = settings.endpoint.rsplit(":", 1)[1]
    return {
        **{name: environment[name] for name in PASSED_ON if name in environment},
        "TMPDIR": str(settings.scratch),
        "TZ": "UTC",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(settings.home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(settings.home / "s3"),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": settings.region,
        "GATEWAY_PORT": port,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{settings.scratch}/no-docker",  # never reach for the machine's Docker
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": settings.endpoint,
        "AWS_ALLOW_HTTP": "true",  # delta-rs refuses plain HTTP without it
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def replace_environment(environment: Mapping[str, str]) -> None:
    """Make this the process's whole environment, before MiniStack reads it at import."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = environment["TMPDIR"]


async def serve(listener: socket.socket, settings: Settings, *, bare: bool) -> None:
    """Run the emulator until a signal asks it to stop; its own shutdown saves the state."""
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack.app import app

    import overlay

    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)

    async def asked_to_stop() -> None:
        await stop.wait()
        if cloud:
            await asyncio.to_thread(cloud.stop)

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]  # hypercorn owns and closes it from here
    config.keep_alive_timeout = 75
    try:
        cloud = None if bare else overlay.install(settings)
    except overlay.OverlayError as problem:
        raise LaunchError(str(problem)) from problem
    announcing = asyncio.create_task(announce(settings, cloud))
    try:
        await hypercorn_serve(app, config, shutdown_trigger=asked_to_stop)
    finally:
        announcing.cancel()
        with suppress(asyncio.CancelledError):
            await announcing
        stop_workers()


async def announce(settings: Settings, cloud: Any) -> None:
    """Write cloud.json once requests are answered: from then on others may attach."""
    while not await asyncio.to_thread(answers, settings.endpoint):
        await asyncio.sleep(0.05)
    problems = cloud.start() if cloud else []
    write_atomically(
        settings.home / "cloud.json",
        {
            "pid": os.getpid(),
            "port": int(settings.endpoint.rsplit(":", 1)[1]),
            "endpoint": settings.endpoint,
            "region": settings.region,
            "startedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "problems": problems,
        },
    )


def answers(endpoint: str) -> bool:
    """Whether the emulator answers its health check."""
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def write_atomically(path: Path, content: Mapping[str, object]) -> None:
    """Readers see the old file or the new one, never half of it."""
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(content, indent=2) + "\n")
    draft.replace(path)


def stop_workers() -> None:
    """End the processes of the functions; they outlive the emulator otherwise."""
    from ministack.core import lambda_runtime

    lambda_runtime.reset()


if __name__ == "__main__":
    sys.exit(main())
