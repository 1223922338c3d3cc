"""Probes: metrics that AWS publishes by itself, and alarms on them."""

import json
import time
from typing import Any

from emulator import Emulator, eventually, unique
from metrics_of import total

EMF = """
exports.handler = async ({ rows, domain }) => console.log(JSON.stringify({
  _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
    { Namespace: "Probe", Dimensions: [["domain"]], Metrics: [{ Name: "Rows", Unit: "Count" }] } ] },
  domain, Rows: rows,
}));
"""
FAILS = "exports.handler = async () => { throw new Error('no'); };"


def publish(emulator: Emulator, domain: str, *rows: int) -> None:
    function = emulator.function(EMF)
    for count in rows:
        payload = json.dumps({"rows": count, "domain": domain}).encode()
        emulator.client("lambda").invoke(FunctionName=function, Payload=payload)


def alarm(emulator: Emulator, domain: str, **settings: Any) -> str:
    name = unique("alarm")
    defaults = {
        "Namespace": "Probe",
        "MetricName": "Rows",
        "Dimensions": [{"Name": "domain", "Value": domain}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 10,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    emulator.client("cloudwatch").put_metric_alarm(AlarmName=name, **defaults | settings)
    return name


def state(emulator: Emulator, name: str) -> str:
    (found,) = emulator.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(found["StateValue"])


def test_a_metric_in_a_log_line_is_published_with_its_dimensions(cloud: Emulator, bare: Emulator) -> None:
    domain = unique("domain")
    for emulator in (cloud, bare):
        publish(emulator, domain, 5, 7)
    assert total(cloud, "Probe", "Rows", domain=domain) == 12
    assert total(bare, "Probe", "Rows", domain=domain) is None


def test_an_invocation_by_a_state_machine_counts(cloud: Emulator, bare: Emulator) -> None:
    counts = {}
    for emulator in (cloud, bare):
        function = emulator.function(FAILS)
        call = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
        parameters = {"FunctionName": function, "Payload": {}}
        emulator.run({"StartAt": "Call", "States": {"Call": {**call, "Parameters": parameters}}})
        counts[emulator] = [
            total(emulator, "AWS/Lambda", name, FunctionName=function) for name in ("Invocations", "Errors")
        ]
    assert counts == {cloud: [1, 1], bare: [None, None]}


def test_a_direct_invocation_counts_once(cloud: Emulator) -> None:
    function = cloud.function(FAILS)
    cloud.client("lambda").invoke(FunctionName=function)
    assert total(cloud, "AWS/Lambda", "Invocations", FunctionName=function) == 1


def test_failed_executions_count(cloud: Emulator, bare: Emulator) -> None:
    counts = {}
    for emulator in (cloud, bare):
        execution = emulator.run({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "No"}}})
        machine = execution["stateMachineArn"]
        counts[emulator] = total(emulator, "AWS/States", "ExecutionsFailed", StateMachineArn=machine)
    assert counts == {cloud: 1, bare: None}


def test_an_alarm_looks_at_its_own_dimensions_only(cloud: Emulator, bare: Emulator) -> None:
    mine, other = unique("domain"), unique("domain")
    states = {}
    for emulator in (cloud, bare):
        metrics = emulator.client("cloudwatch")
        name = alarm(emulator, mine, MetricName="Shared", TreatMissingData="notBreaching")
        data = {"MetricName": "Shared", "Value": 99, "Dimensions": [{"Name": "domain", "Value": other}]}
        metrics.put_metric_data(Namespace="Probe", MetricData=[data])
        states[emulator] = state(emulator, name)
    assert states == {cloud: "OK", bare: "ALARM"}


def test_an_alarm_fires_by_itself_and_says_so_on_the_event_bus(cloud: Emulator, bare: Emulator) -> None:
    url, arn = cloud.queue()
    events, rule = cloud.client("events"), unique("rule")
    domain = unique("domain")
    names = {emulator: alarm(emulator, domain) for emulator in (cloud, bare)}
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [names[cloud]]}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    for emulator in (cloud, bare):
        publish(emulator, domain, 50)
    (event,) = eventually(lambda: cloud.messages(url))
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["detail"]["state"]["value"] == "ALARM"
    assert event["detail"]["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert (state(cloud, names[cloud]), state(bare, names[bare])) == ("ALARM", "INSUFFICIENT_DATA")


def test_a_message_that_waits_raises_the_alarm_on_its_age_though_it_is_being_worked_on(
    cloud: Emulator, bare: Emulator
) -> None:
    names = {}
    for emulator in (cloud, bare):
        url, _ = emulator.queue()
        sqs = emulator.client("sqs")
        sqs.send_message(QueueUrl=url, MessageBody="slow")
        names[emulator] = alarm(
            emulator,
            "",
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": url.rsplit("/", 1)[1]}],
            Statistic="Maximum",
            Threshold=1,
        )
        time.sleep(1.5)
        assert sqs.receive_message(QueueUrl=url)["Messages"]
    eventually(lambda: state(cloud, names[cloud]) == "ALARM")
    assert state(bare, names[bare]) == "INSUFFICIENT_DATA"


def test_messages_in_a_dead_letter_queue_raise_its_alarm(cloud: Emulator, bare: Emulator) -> None:
    names = {}
    for emulator in (cloud, bare):
        url, _ = emulator.queue()
        names[emulator] = alarm(
            emulator,
            "",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Dimensions=[{"Name": "QueueName", "Value": url.rsplit("/", 1)[1]}],
            Statistic="Maximum",
            Threshold=0,
        )
        emulator.client("sqs").send_message(QueueUrl=url, MessageBody="lost")
    eventually(lambda: state(cloud, names[cloud]) == "ALARM")
    assert state(bare, names[bare]) == "INSUFFICIENT_DATA"
