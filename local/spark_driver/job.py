"""A job's script and what travels with it: downloaded, unpacked, and run as in a process of its own."""

import os
import runpy
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

SCRATCH = Path(tempfile.gettempdir())


def run_script(request: Mapping[str, Any]) -> None:
    """Run a job's script in a folder and an interpreter of its own."""
    with job_folder(request["id"]) as folder:
        script = prepare(folder, request)
        with own_interpreter(folder, [script.name, *request["arguments"]], request["conf"]):
            runpy.run_path(str(script), run_name="__main__")


@contextmanager
def job_folder(job_id: str) -> Iterator[Path]:
    """A working directory of the job's own."""
    folder = SCRATCH / "jobs" / job_id
    folder.mkdir(parents=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(folder: Path, request: Mapping[str, Any]) -> Path:
    """Download the script and everything that travels with it into the job's folder."""
    conf = request["conf"]
    for item in items(conf.get("spark.archives")):
        source, _, name = item.partition("#")
        shutil.copytree(unpacked(source), folder / (name or Path(source).name))
    for item in items(conf.get("spark.files")) + items(conf.get("spark.submit.pyFiles")):
        download(item, folder / Path(item).name)
    return download(request["entryPoint"], folder / Path(request["entryPoint"]).name)


def items(value: str | None) -> list[str]:
    """A comma-separated setting as a list."""
    return [item.strip() for item in (value or "").split(",") if item.strip()]


def unpacked(source: str) -> Path:
    """The archive's content, unpacked once for each version of it."""
    bucket, key = bucket_and_key(source)
    version = str(s3().head_object(Bucket=bucket, Key=key)["ETag"]).strip('"')
    folder = SCRATCH / "archives" / version
    if not folder.exists():
        file = download(source, SCRATCH / f"{version}-{Path(key).name}")
        draft = folder.with_suffix(".draft")
        shutil.unpack_archive(file, draft)
        draft.rename(folder)
        file.unlink()
    return folder


def download(source: str, target: Path) -> Path:
    """Fetch an object."""
    bucket, key = bucket_and_key(source)
    try:
        s3().download_file(bucket, key, str(target))
    except Exception as error:
        raise FileNotFoundError(f"{source} cannot be read: {error}") from error
    return target


def bucket_and_key(uri: str) -> tuple[str, str]:
    """An S3 URI's parts."""
    parts = urlsplit(uri)
    if parts.scheme != "s3":
        raise ValueError(f"'{uri}' is not an S3 URI; upload it and name it as s3://bucket/key")
    return parts.netloc, parts.path.lstrip("/")


def s3() -> Any:
    """The client of the local cloud's S3."""
    import boto3

    return boto3.client("s3")


@contextmanager
def own_interpreter(folder: Path, argv: list[str], conf: Mapping[str, str]) -> Iterator[None]:
    """As in a process of its own: arguments, import path, environment; modules of the job are forgotten afterwards."""
    forget_jobs()  # one that was torn down may have left modules behind, which would stand for this job's
    path, arguments, environment = list(sys.path), sys.argv, dict(os.environ)
    packages = [str(folder / Path(item).name) for item in items(conf.get("spark.submit.pyFiles"))]
    sys.path[:0] = [str(folder), *packages]
    sys.argv = argv
    os.environ.update(driver_environment(conf))
    try:
        yield
    finally:
        sys.path[:], sys.argv = path, arguments
        os.environ.clear()
        os.environ.update(environment)
        forget_jobs()


def forget_jobs() -> None:
    """Forget all modules that came with a job."""
    of_jobs = [name for name, module in list(sys.modules.items()) if is_below(SCRATCH / "jobs", module)]
    for name in of_jobs:
        sys.modules.pop(name, None)
    sys.path_importer_cache.clear()  # it would find a job's modules again for the next job's relative paths


def is_below(folder: Path, module: ModuleType) -> bool:
    """Whether a module, or a package without a file of its own, came from the folder. What is installed stays, even if
    it takes in a folder of the job that has its name, as `dbt` does.
    """
    file = getattr(module, "__file__", None)
    places = [file] if file else list(getattr(module, "__path__", []))
    return any(Path(place).absolute().is_relative_to(folder) for place in places)


def driver_environment(conf: Mapping[str, str]) -> dict[str, str]:
    """Variables that the settings give the driver."""
    prefix = "spark.emr-serverless.driverEnv."
    return {name.removeprefix(prefix): value for name, value in conf.items() if name.startswith(prefix)}
