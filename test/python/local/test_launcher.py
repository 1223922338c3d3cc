"""Probes: starting, stopping, and what survives."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import ROLE, Emulator, eventually, unique
from streams import Stream

SAVED_AFTER = 15.0  # the state is saved every ten seconds


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def own(home: Path) -> Iterator[Emulator]:
    """A cloud that a probe may stop and kill."""
    emulator = Emulator(home, SLUICE_SPARK_JARS="/nowhere")
    yield emulator
    emulator.stop()


def fill(emulator: Emulator) -> dict[str, Any]:
    """Something of each kind that has to survive."""
    stream = Stream(emulator)
    stream.put("before")
    stream.batches(1)
    emulator.client("ssm").put_parameter(Name="/sluice/slot", Value="blue", Type="String")
    emulator.client("lakeformation").create_lf_tag(TagKey="tier", TagValues=["gold"])
    application = emulator.client("emr-serverless").create_application(releaseLabel="emr-7.13.0", type="SPARK")
    bucket = emulator.bucket()
    emulator.client("s3").put_object(Bucket=bucket, Key="order.json", Body=b"{}")
    return {"stream": stream, "application": application["applicationId"], "bucket": bucket}


def check(emulator: Emulator, filled: dict[str, Any]) -> None:
    """All of it is there, and the mapping goes on where it was."""
    assert emulator.client("ssm").get_parameter(Name="/sluice/slot")["Parameter"]["Value"] == "blue"
    assert emulator.client("lakeformation").get_lf_tag(TagKey="tier")["TagValues"] == ["gold"]
    emulator.client("emr-serverless").get_application(applicationId=filled["application"])
    emulator.client("s3").head_object(Bucket=filled["bucket"], Key="order.json")
    stream: Stream = filled["stream"]
    stream.put("after")
    assert stream.batches(1) == [["after"]]


def test_the_state_survives_a_stop_and_the_port_stays(own: Emulator) -> None:
    filled, endpoint = fill(own.start()), own.about["endpoint"]
    own.stop()
    assert not (own.home / "cloud.json").exists()
    check(own.start(), filled)
    assert own.about["endpoint"] == endpoint


def test_the_state_survives_a_kill(own: Emulator, tmp_path: Path) -> None:
    filled, bare = fill(own.start()), Emulator(tmp_path / "bare", "--bare").start()
    bare.client("ssm").put_parameter(Name="/sluice/slot", Value="blue", Type="String")
    time.sleep(SAVED_AFTER)
    own.kill()
    bare.kill()
    check(own.start(), filled)
    try:
        assert bare.start().client("ssm").describe_parameters()["Parameters"] == []
    finally:
        bare.stop()


def test_an_execution_that_a_stop_cut_off_is_announced_as_failed(own: Emulator) -> None:
    own.start()
    url, arn = own.queue()
    events, rule = own.client("events"), unique("rule")
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED"]}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    waits = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
    execution = own.start_execution(waits)
    own.stop()
    own.start()
    (event,) = eventually(lambda: own.messages(url))
    assert event["detail"]["executionArn"] == execution


def test_a_job_without_spark_jars_fails_with_what_to_do(own: Emulator) -> None:
    (problem,) = own.start().about["problems"]
    assert "npm run setup" in problem
    emr = own.client("emr-serverless")
    application = emr.create_application(releaseLabel="emr-7.13.0", type="SPARK")["applicationId"]
    job = emr.start_job_run(
        applicationId=application,
        executionRoleArn=ROLE,
        jobDriver={"sparkSubmit": {"entryPoint": "s3://jobs/refine.py"}},
    )["jobRunId"]

    def details() -> str | None:
        run = emr.get_job_run(applicationId=application, jobRunId=job)["jobRun"]
        return str(run["stateDetails"]) if run["state"] == "FAILED" else None

    assert problem in eventually(details)


def test_without_java_it_says_so(home: Path) -> None:
    emulator = Emulator(home, JAVA_HOME="/nowhere").start()
    try:
        (problem,) = emulator.about["problems"]
        assert problem.startswith("no Java: Spark jobs will fail; install Java 17")
    finally:
        emulator.stop()


def test_a_second_launcher_on_the_same_folder_refuses(own: Emulator) -> None:
    refused = Emulator(own.start().home).launch()
    assert refused.returncode == 1
    assert f"pid {own.about['pid']}" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named_in_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Emulator(home, "--port", str(port)).launch()
    assert refused.returncode == 1
    assert refused.stderr == (
        f"local cloud: port {port} is taken by another program; stop that, or use another --home and --port\n"
    )


def test_a_folder_does_not_move_to_another_port(home: Path) -> None:
    home.mkdir()
    (home / "port").write_text("4600")
    refused = Emulator(home, "--port", "4601").launch()
    assert "cannot move to 4601" in refused.stderr
