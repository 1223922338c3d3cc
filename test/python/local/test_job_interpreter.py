"""What a job of the local driver finds of the job before it."""

import importlib
import os
import sys
from pathlib import Path

import pytest

from spark_driver import job


def write_package(folder: Path, **modules: str) -> None:
    package = folder / "job_code"
    package.mkdir(parents=True)
    for name, text in {"__init__": "", **modules}.items():
        (package / f"{name}.py").write_text(text)


def test_modules_that_a_torn_down_job_left_behind_do_not_stand_for_those_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "SCRATCH", tmp_path)
    first, second = (tmp_path / "jobs" / name for name in ("first", "second"))
    write_package(first, old="")
    write_package(second, new="ANSWER = 2")
    monkeypatch.syspath_prepend(str(first))
    importlib.import_module("job_code.old")
    sys.path.remove(str(first))
    with job.own_interpreter(second, ["script.py"], {}):
        assert importlib.import_module("job_code.new").ANSWER == 2
    assert not [name for name in sys.modules if name.startswith("job_code")]
    assert str(second) not in sys.path and sys.argv != ["script.py"]
    assert os.environ["PATH"]


def test_an_installed_package_that_takes_in_a_folder_of_the_job_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "SCRATCH", tmp_path)
    installed, first = tmp_path / "site" / "job_space", tmp_path / "jobs" / "first" / "job_space"
    for folder in (installed / "inner", first):
        folder.mkdir(parents=True)
    (installed / "__init__.py").write_text("__path__ = __import__('pkgutil').extend_path(__path__, __name__)")
    monkeypatch.syspath_prepend(str(installed.parent))
    for _ in range(2):
        with job.own_interpreter(first.parent, ["script.py"], {}):
            inner = importlib.import_module("job_space.inner")
        assert str(first) in sys.modules["job_space"].__path__
        assert sys.modules["job_space.inner"] is inner
    del sys.modules["job_space.inner"], sys.modules["job_space"]
