"""A job run's Spark settings, from the application, the overrides and the spark-submit parameters."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LIST_FLAGS = {"--archives": "spark.archives", "--files": "spark.files", "--py-files": "spark.submit.pyFiles"}
SIZE_FLAGS = {
    "--driver-cores": "spark.driver.cores",
    "--driver-memory": "spark.driver.memory",
    "--executor-cores": "spark.executor.cores",
    "--executor-memory": "spark.executor.memory",
    "--num-executors": "spark.executor.instances",
    "--name": "spark.app.name",
}


@dataclass(frozen=True)
class SparkSubmit:
    """What to run, and with which settings."""

    entry_point: str
    arguments: list[str]
    conf: dict[str, str] = field(default_factory=dict)


class UnsupportedFlagError(ValueError):
    """A spark-submit flag that the local driver cannot honour."""


def spark_submit_of(application: Mapping[str, Any], run: Mapping[str, Any]) -> SparkSubmit:
    """The run's settings; the nearer to the job, the stronger."""
    submit = run["jobDriver"]["sparkSubmit"]
    overrides = run.get("configurationOverrides", {})
    conf = {
        **spark_defaults(application.get("runtimeConfiguration", [])),
        **spark_defaults(overrides.get("applicationConfiguration", [])),
        **parse_parameters(submit.get("sparkSubmitParameters", "")),
    }
    return SparkSubmit(submit["entryPoint"], list(submit.get("entryPointArguments", [])), conf)


def spark_defaults(classifications: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The properties of the `spark-defaults` classification."""
    found: dict[str, str] = {}
    for classification in classifications:
        if classification.get("classification") == "spark-defaults":
            found |= classification.get("properties", {})
    return found


def parse_parameters(parameters: str) -> dict[str, str]:
    """`--conf a=b --archives x` as settings."""
    conf: dict[str, str] = {}
    words = iter(shlex.split(parameters))
    for word in words:
        flag, equals, inline = word.partition("=")
        value = inline if equals else next(words, "")
        conf |= setting_of(flag, value)
    return conf


def setting_of(flag: str, value: str) -> dict[str, str]:
    """One flag as a setting."""
    if flag == "--conf":
        name, _, content = value.partition("=")
        return {name: content}
    setting = LIST_FLAGS.get(flag) or SIZE_FLAGS.get(flag)
    if setting is None:
        known = ", ".join(["--conf", *LIST_FLAGS, *SIZE_FLAGS])
        raise UnsupportedFlagError(
            f"the local Spark driver does not know '{flag}' of sparkSubmitParameters; known: {known}"
        )
    return {setting: value}
