"""Where the local cloud still differs from AWS. Each probe states what AWS does and finds that it is not so here.

A probe that fails is good news: the gap is closed, and local/README.md and what works around it can change.
"""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator import ROLE, Emulator, eventually, unique
from metrics_of import total
from streams import HANDLER

RETURNS = "exports.handler = async (event) => ({ version: process.env.VERSION, event });"


def test_gap_a_batching_window_of_a_queue_is_ignored(cloud: Emulator) -> None:
    """AWS waits up to the window for a full batch."""
    notes, _ = cloud.queue()
    url, arn = cloud.queue()
    handler = HANDLER.replace("r.dynamodb.NewImage.text.S", "r.body")
    cloud.client("lambda").create_event_source_mapping(
        FunctionName=cloud.function(handler, Environment={"Variables": {"NOTES": notes}}),
        EventSourceArn=arn,
        MaximumBatchingWindowInSeconds=5,
    )
    for text in ("a", "b"):
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody=text)
        time.sleep(1)
    assert cloud.collect(notes, 2) == [["a"], ["b"]]


def test_gap_an_alarm_on_an_expression_does_not_deploy(cloud: Emulator) -> None:
    """AWS evaluates metric math in alarms."""
    metrics = [{"Id": "ratio", "Expression": "1 / 2", "ReturnData": True}]
    settings = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": metrics, **settings}}
    assert "metric math" in cloud.failures(cloud.deploy({"Alarm": alarm}))


@pytest.mark.parametrize("kind", ["CloudWatch::CompositeAlarm", "Logs::QueryDefinition", "Events::Archive"])
def test_gap_types_that_do_not_deploy(cloud: Emulator, kind: str) -> None:
    """AWS knows these types; here they fail by name, not in silence."""
    with pytest.raises(ClientError, match=f"AWS::{kind}"):
        cloud.deploy({"Resource": {"Type": f"AWS::{kind}", "Properties": {}}})


def test_gap_a_metric_filter_counts_nothing(cloud: Emulator) -> None:
    """AWS publishes a metric for each matching line; use EMF instead."""
    logs, group = cloud.client("logs"), unique("group")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    transformation = {"metricName": "Errors", "metricNamespace": group, "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName=group, filterName="errors", filterPattern="ERROR", metricTransformations=[transformation]
    )
    event = {"timestamp": int(time.time() * 1000), "message": "ERROR"}
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[event])
    assert total(cloud, group, "Errors") is None


def test_gap_a_destination_for_success_gets_nothing(cloud: Emulator) -> None:
    """AWS sends what an asynchronous invocation returned to its OnSuccess destination."""
    url, arn = cloud.queue()
    function, functions = cloud.function(RETURNS), cloud.client("lambda")
    destination = {"OnSuccess": {"Destination": arn}}
    functions.put_function_event_invoke_config(FunctionName=function, DestinationConfig=destination)
    functions.invoke(FunctionName=function, InvocationType="Event")
    eventually(lambda: total(cloud, "AWS/Lambda", "Invocations", FunctionName=function))
    time.sleep(1)
    assert cloud.messages(url) == []


def test_gap_a_rule_has_no_dead_letter_queue(cloud: Emulator) -> None:
    """AWS parks an event that its target did not take."""
    url, arn = cloud.queue()
    events, rule = cloud.client("events"), unique("rule")
    missing = f"arn:aws:lambda:us-east-1:000000000000:function:{unique('missing')}"
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "function", "Arn": missing, "DeadLetterConfig": {"Arn": arn}}])
    events.put_events(Entries=[{"Source": rule, "DetailType": "Probe", "Detail": "{}"}])
    time.sleep(1)
    assert cloud.messages(url) == []


def test_gap_an_alias_sends_all_to_one_version(cloud: Emulator) -> None:
    """AWS spreads invocations over the versions by their weights."""
    function, functions = cloud.function(RETURNS), cloud.client("lambda")
    first, second = (publish(functions, function, version) for version in ("1", "2"))
    weights = {"AdditionalVersionWeights": {second: 0.999}}
    functions.create_alias(FunctionName=function, Name="live", FunctionVersion=first, RoutingConfig=weights)
    answers = [functions.invoke(FunctionName=f"{function}:live")["Payload"].read() for _ in range(5)]
    assert {json.loads(answer)["version"] for answer in answers} == {"1"}


def publish(functions: Any, function: str, version: str) -> str:
    functions.update_function_configuration(FunctionName=function, Environment={"Variables": {"VERSION": version}})
    return str(functions.publish_version(FunctionName=function)["Version"])


def test_gap_encryption_of_a_bucket_is_dropped(cloud: Emulator) -> None:
    """AWS encrypts with the key that the template names."""
    name = unique("bucket")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/lake"}
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    properties = {"BucketName": name, "BucketEncryption": encryption}
    cloud.deploy({"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}})
    assert "aws:kms" not in json.dumps(encryption_of(cloud, name))


def encryption_of(cloud: Emulator, bucket: str) -> Any:
    try:
        return cloud.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    except ClientError as error:
        return error.response["Error"]["Code"]


def test_gap_a_failing_delivery_is_not_repeated(cloud: Emulator) -> None:
    """AWS tries for a day; here what cannot be written is gone."""
    bucket, name, firehose = unique("missing"), unique("delivery"), cloud.client("firehose")
    destination = {
        "RoleARN": ROLE,
        "BucketARN": f"arn:aws:s3:::{bucket}",
        "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 1},
    }
    firehose.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration=destination)
    firehose.put_record(DeliveryStreamName=name, Record={"Data": b"a"})
    time.sleep(2.5)
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=bucket)
    time.sleep(2.5)
    assert s3.list_objects_v2(Bucket=bucket).get("KeyCount") == 0


def test_gap_logs_insights_counts_nothing(cloud: Emulator) -> None:
    """AWS evaluates `stats`; here the lines come back as they are."""
    function = cloud.function(RETURNS)
    cloud.client("lambda").invoke(FunctionName=function)
    logs, now = cloud.client("logs"), int(time.time())
    query = logs.start_query(
        logGroupName=f"/aws/lambda/{function}",
        startTime=now - 60,
        endTime=now + 60,
        queryString="stats count(*) as lines",
    )
    rows = logs.get_query_results(queryId=query["queryId"])["results"]
    assert not any(field["field"] == "lines" for row in rows for field in row)


def test_gap_an_invalid_state_machine_is_accepted(cloud: Emulator) -> None:
    """AWS refuses a definition whose next state is missing; so it is validated at synth."""
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
    created = cloud.client("stepfunctions").create_state_machine(
        name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE
    )
    assert created["stateMachineArn"]


def test_gap_no_permission_is_enforced(cloud: Emulator) -> None:
    """AWS lets a role do what its policies say; here every caller may do everything."""
    role = cloud.client("iam").create_role(RoleName=unique("role"), AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = "import boto3\ndef handler(event, context): return len(boto3.client('s3').list_buckets()['Buckets'])"
    cloud.bucket()
    answer = cloud.client("lambda").invoke(FunctionName=cloud.function(code, runtime="python3.12", Role=role))
    assert json.loads(answer["Payload"].read()) > 0
