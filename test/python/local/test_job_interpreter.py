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


def test_a_package_without_a_file_is_forgotten_before_its_children_of_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "SCRATCH", tmp_path)
    installed, first = tmp_path / "site", tmp_path / "jobs" / "first"
    (installed / "job_space" / "inner").mkdir(parents=True)
    (first / "job_space").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(installed))
    for _ in range(2):
        with job.own_interpreter(first, ["script.py"], {}):
            importlib.import_module("job_space.inner")
        assert "job_space" not in sys.modules
    sys.modules.pop("job_space.inner")
