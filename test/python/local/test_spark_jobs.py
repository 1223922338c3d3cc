"""Probes: EMR Serverless. The jobs of most probes need no Spark and take no time; one does what real jobs do."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator import ROLE, Emulator, eventually, unique, zipped

SCRIPTS = {
    "greet.py": "import sys; print('hello', *sys.argv[1:]); print('a warning', file=sys.stderr)",
    "fail.py": "raise ValueError('orders have no id')",
    "exit.py": "raise SystemExit(3)",
    "archive.py": "import sys; sys.path.insert(0, 'code/lib'); import rules; print('rules', rules.VERSION)",
    "sleep.py": "import time\nwhile True: time.sleep(0.1)",
    "die.py": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "merge.py": """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sql("CREATE DATABASE IF NOT EXISTS shop")
spark.sql(f"CREATE TABLE IF NOT EXISTS shop.orders (id bigint, state string) USING delta LOCATION '{sys.argv[1]}'")
spark.range(3).selectExpr("id", "'new' AS state").createOrReplaceTempView("changes")
spark.sql("MERGE INTO shop.orders o USING changes c ON o.id = c.id WHEN NOT MATCHED THEN INSERT *")
print("rows", spark.table("shop.orders").count(), spark.conf.get("spark.sql.shuffle.partitions"))
""",
}


class Application:
    """An application, its scripts and its logs."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.emr = emulator.client("emr-serverless")
        self.s3 = emulator.client("s3")
        self.bucket = emulator.bucket()
        for name, script in SCRIPTS.items():
            self.s3.put_object(Bucket=self.bucket, Key=name, Body=script)
        created = self.emr.create_application(
            name=unique("application"),
            releaseLabel="emr-7.13.0",
            type="SPARK",
            maximumCapacity={"cpu": "8 vCPU", "memory": "32 GB"},
        )
        self.id = created["applicationId"]

    def request(self, script: str, *arguments: str, parameters: str = "", **more: Any) -> dict[str, Any]:
        """A StartJobRun request, as the API takes it."""
        submit = {
            "entryPoint": f"s3://{self.bucket}/{script}",
            "entryPointArguments": list(arguments),
            **({"sparkSubmitParameters": parameters} if parameters else {}),
        }
        return {
            "applicationId": self.id,
            "executionRoleArn": ROLE,
            "jobDriver": {"sparkSubmit": submit},
            "configurationOverrides": {
                "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": f"s3://{self.bucket}/logs/"}}
            },
            **more,
        }

    def start(self, script: str, *arguments: str, **settings: Any) -> str:
        """Start a job; returns its id."""
        return str(self.emr.start_job_run(**self.request(script, *arguments, **settings))["jobRunId"])

    def described(self) -> dict[str, Any]:
        """The application as GetApplication tells it."""
        application: dict[str, Any] = self.emr.get_application(applicationId=self.id)["application"]
        return application

    def run_of(self, job: str) -> dict[str, Any]:
        """The job as GetJobRun tells it."""
        run: dict[str, Any] = self.emr.get_job_run(applicationId=self.id, jobRunId=job)["jobRun"]
        return run

    def reached(self, job: str, *states: str) -> dict[str, Any]:
        """The job, once it is in one of these states."""

        def described() -> dict[str, Any] | None:
            run = self.run_of(job)
            return run if run["state"] in states else None

        return eventually(described, patience=180)

    def ended(self, job: str) -> dict[str, Any]:
        """The job, once it has ended."""
        return self.reached(job, "SUCCESS", "FAILED", "CANCELLED")

    def output(self, job: str, stream: str = "stdout") -> str:
        """What the driver wrote, from where EMR puts it."""
        key = f"logs/applications/{self.id}/jobs/{job}/SPARK_DRIVER/{stream}.gz"
        return gzip.decompress(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()).decode()

    def task(self, script: str, *, sync: bool = True, **settings: Any) -> dict[str, Any]:
        """A state machine that starts a job."""
        suffix = ".sync" if sync else ""
        resource = f"arn:aws:states:::emr-serverless:startJobRun{suffix}"
        parameters = pascal(self.request(script))
        task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **settings}
        return {"StartAt": "Refine", "States": {"Refine": task}}


def pascal(value: Any) -> Any:
    """Keys as Step Functions has them."""
    if isinstance(value, dict):
        return {name[0].upper() + name[1:]: pascal(content) for name, content in value.items()}
    return value


@pytest.fixture(scope="module")
def application(cloud: Emulator) -> Iterator[Application]:
    yield Application(cloud)


def test_bare_ministack_has_no_emr_serverless(bare: Emulator) -> None:
    with pytest.raises(ClientError, match="400"):
        bare.client("emr-serverless").list_applications()


def test_a_job_runs_its_script_and_leaves_its_output_at_the_log_uri(application: Application) -> None:
    job = application.start("greet.py", "from", "Berlin")
    run = application.ended(job)
    assert (run["state"], run["attempt"]) == ("SUCCESS", 1)
    assert application.output(job) == "hello from Berlin\n"
    assert "a warning" in application.output(job, "stderr")


def test_an_application_starts_with_its_first_job_and_keeps_its_cap(cloud: Emulator) -> None:
    fresh = Application(cloud)
    assert fresh.described()["state"] == "CREATED"
    fresh.ended(fresh.start("greet.py"))
    assert fresh.described()["state"] == "STARTED"
    fresh.emr.stop_application(applicationId=fresh.id)
    assert fresh.described()["state"] == "STOPPED"
    assert fresh.described()["maximumCapacity"] == {"cpu": "8 vCPU", "memory": "32 GB"}


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("fail.py", "ValueError: orders have no id"),
        ("exit.py", "exited with code 3"),
        ("nowhere.py", "nowhere.py cannot be read"),
    ],
)
def test_a_failed_job_says_why(application: Application, script: str, reason: str) -> None:
    assert reason in (run := application.ended(application.start(script)))["stateDetails"]
    assert run["state"] == "FAILED"


def test_a_job_that_fails_leaves_its_traceback(application: Application) -> None:
    job = application.start("fail.py")
    application.ended(job)
    assert "Traceback" in application.output(job, "stderr")


def test_a_flag_that_cannot_be_honoured_fails_the_job(application: Application) -> None:
    run = application.ended(application.start("greet.py", parameters="--packages a:b:1"))
    assert "does not know '--packages'" in run["stateDetails"]


def test_archives_are_unpacked_beside_the_script_and_forgotten_after_the_job(application: Application) -> None:
    for version in ("1", "2"):
        files = {"lib/rules.py": f"VERSION = {version}"}
        application.s3.put_object(Bucket=application.bucket, Key="code.zip", Body=zipped(files))
        archives = f"--conf spark.archives=s3://{application.bucket}/code.zip#code"
        job = application.start("archive.py", parameters=archives)
        application.ended(job)
        assert application.output(job) == f"rules {version}\n"


def test_a_client_token_that_was_used_starts_no_second_job(application: Application) -> None:
    token = unique("token")
    assert application.start("greet.py", clientToken=token) == application.start("greet.py", clientToken=token)


def test_a_run_is_billed_for_a_minute_at_least(application: Application) -> None:
    sizes = "--conf spark.driver.cores=2 --conf spark.driver.memory=7g --conf spark.executor.instances=1 "
    run = application.ended(
        application.start("greet.py", parameters=f"{sizes} --executor-cores 2 --executor-memory 7g")
    )
    billed = run["billedResourceUtilization"]
    assert (billed["vCPUHour"], billed["memoryGBHour"]) == (round(4 / 60, 3), round(16 / 60, 3))
    assert run["totalResourceUtilization"]["vCPUHour"] < billed["vCPUHour"]


def test_state_changes_reach_the_event_bus(cloud: Emulator, application: Application) -> None:
    url, arn = cloud.queue()
    events, rule = cloud.client("events"), unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": ["aws.emr-serverless"]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    job = application.start("greet.py")
    application.ended(job)
    seen: list[dict[str, Any]] = []

    def announced() -> bool:
        seen.extend(cloud.messages(url))
        return any(event["detail-type"].endswith("Utilization Update") for event in seen)

    eventually(announced)
    events.remove_targets(Rule=rule, Ids=["queue"])
    details = [event["detail"] for event in seen if event["detail-type"] == "EMR Serverless Job Run State Change"]
    states = [detail["state"] for detail in details if detail["jobRunId"] == job]
    assert states == ["SUBMITTED", "PENDING", "SCHEDULED", "RUNNING", "SUCCESS"]
    assert details[-1]["previousState"] == "RUNNING"


def test_a_state_machine_waits_for_the_job_and_gets_it(cloud: Emulator, application: Application) -> None:
    execution = cloud.run(application.task("greet.py"))
    output = json.loads(execution["output"])
    assert (output["State"], output["ApplicationId"]) == ("SUCCESS", application.id)
    assert application.run_of(output["JobRunId"])["state"] == "SUCCESS"


def test_a_failed_job_fails_its_task_with_the_job_as_the_cause(cloud: Emulator, application: Application) -> None:
    execution = cloud.run(application.task("fail.py"))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(execution["cause"])
    assert cause["State"] == "FAILED"
    assert "orders have no id" in cause["StateDetails"]
    assert cause["JobRunId"]


def test_without_sync_a_state_machine_goes_on_at_once(cloud: Emulator, application: Application) -> None:
    output = json.loads(cloud.run(application.task("greet.py", sync=False))["output"])
    assert sorted(output) == ["ApplicationId", "Arn", "JobRunId"]
    application.ended(output["JobRunId"])


def test_what_emr_refuses_is_an_error_with_its_name(cloud: Emulator, application: Application) -> None:
    machine = application.task("greet.py")
    machine["States"]["Refine"]["Parameters"]["ApplicationId"] = "nowhere"
    assert cloud.run(machine)["error"] == "EMRServerless.ResourceNotFoundException"


def test_a_spark_job_merges_into_a_delta_table_on_s3_and_the_next_job_starts_afresh(application: Application) -> None:
    table = f"s3://{application.bucket}/lake/orders"
    for partitions in ("7", "2"):
        setting = f"--conf spark.sql.shuffle.partitions={partitions}" if partitions == "7" else ""
        job = application.start("merge.py", table, parameters=setting)
        assert application.ended(job)["stateDetails"] == ""
        assert application.output(job) == f"rows 3 {partitions}\n"
    listed = application.s3.list_objects_v2(Bucket=application.bucket, Prefix="lake/orders/_delta_log/")
    commits = [each["Key"] for each in listed["Contents"] if each["Key"].endswith(".json")]
    assert len(commits) == 2  # the table and the merge; the second job found nothing to insert


def test_a_driver_that_dies_fails_its_job_and_the_next_one_gets_a_new_driver(application: Application) -> None:
    died = application.start("die.py")
    following = application.start("greet.py", "again")
    run = application.ended(died)
    assert run["state"] == "FAILED"
    assert "the Spark driver died (killed by signal 9" in run["stateDetails"]
    assert application.ended(following)["state"] == "SUCCESS"


def test_what_is_cancelled_stops_whether_it_runs_or_waits(cloud: Emulator, application: Application) -> None:
    execution = cloud.start_execution(application.task("sleep.py"))
    running = eventually(
        lambda: application.emr.list_job_runs(applicationId=application.id, states=["RUNNING"])["jobRuns"]
    )
    waiting = application.start("greet.py")
    application.emr.cancel_job_run(applicationId=application.id, jobRunId=waiting)
    assert application.run_of(waiting)["state"] == "CANCELLED"
    # A stopped execution takes its job with it, and stays stopped when the job's task then fails.
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    assert application.ended(running[0]["id"])["state"] == "CANCELLED"
    assert cloud.ended(execution)["status"] == "ABORTED"
