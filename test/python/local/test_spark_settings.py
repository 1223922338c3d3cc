"""What a job run's settings come to."""

from typing import Any

import pytest

from overlay.emr_serverless.billing import billed, utilization
from overlay.emr_serverless.spark_submit import UnsupportedFlagError, parse_parameters, spark_submit_of


def defaults(**properties: str) -> list[dict[str, Any]]:
    return [{"classification": "spark-defaults", "properties": properties}]


def test_the_nearer_a_setting_is_to_the_job_the_stronger_it_is() -> None:
    application = {"runtimeConfiguration": defaults(a="application", b="application", c="application")}
    run = {
        "jobDriver": {"sparkSubmit": {"entryPoint": "s3://code/refine.py", "sparkSubmitParameters": "--conf c=job"}},
        "configurationOverrides": {"applicationConfiguration": defaults(b="override", c="override")},
    }
    submit = spark_submit_of(application, run)
    assert submit.conf == {"a": "application", "b": "override", "c": "job"}
    assert (submit.entry_point, submit.arguments) == ("s3://code/refine.py", [])


@pytest.mark.parametrize(
    ("parameters", "conf"),
    [
        ("--conf spark.sql.shuffle.partitions=8", {"spark.sql.shuffle.partitions": "8"}),
        ("--conf 'spark.app.name=orders of today'", {"spark.app.name": "orders of today"}),
        (
            "--archives s3://a/b.zip#code --executor-memory=4g",
            {"spark.archives": "s3://a/b.zip#code", "spark.executor.memory": "4g"},
        ),
        ("", {}),
    ],
)
def test_spark_submit_parameters_are_settings(parameters: str, conf: dict[str, str]) -> None:
    assert parse_parameters(parameters) == conf


def test_a_flag_that_is_not_known_is_named() -> None:
    with pytest.raises(UnsupportedFlagError, match="'--jars'"):
        parse_parameters("--jars s3://a/b.jar")


def test_usage_is_what_driver_and_executors_take_for_the_time() -> None:
    conf = {
        "spark.driver.cores": "2",
        "spark.driver.memory": "4g",
        "spark.executor.cores": "2",
        "spark.executor.memory": "8192m",
        "spark.dynamicAllocation.maxExecutors": "2",
    }
    assert utilization(conf, 3600) == {"vCPUHour": 6.0, "memoryGBHour": 23.0, "storageGBHour": 0.0}
    assert billed(conf, 10) == billed(conf, 60)
