"""Probes: what templates of ours hold."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator import ROLE, Emulator, unique

CODE = {"ZipFile": "exports.handler = async () => 1;"}


def function(queue_arn: str) -> dict[str, Any]:
    properties = {
        "FunctionName": unique("function"),
        "Code": CODE,
        "Handler": "index.handler",
        "Runtime": "nodejs24.x",
        "Role": ROLE,
        "ReservedConcurrentExecutions": 2,
        "DeadLetterConfig": {"TargetArn": queue_arn},
    }
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def test_reserved_concurrency_and_dead_letter_queue_of_a_function_are_kept(cloud: Emulator, bare: Emulator) -> None:
    kept = {}
    for emulator in (cloud, bare):
        _, arn = emulator.queue()
        template = function(arn)
        emulator.deploy({"Function": template})
        described = emulator.client("lambda").get_function(FunctionName=template["Properties"]["FunctionName"])
        concurrency = described.get("Concurrency", {}).get("ReservedConcurrentExecutions")
        kept[emulator] = (concurrency, described["Configuration"].get("DeadLetterConfig", {}).get("TargetArn") == arn)
    assert kept == {cloud: (2, True), bare: (None, False)}


def bucket(name: str) -> dict[str, Any]:
    lifecycle = {"Rules": [{"Id": "staged", "Status": "Enabled", "Prefix": "staged/", "ExpirationInDays": 14}]}
    tags = [{"Key": "layer", "Value": "landing"}]
    properties = {"BucketName": name, "Tags": tags, "LifecycleConfiguration": lifecycle}
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def test_tags_and_lifecycle_of_a_bucket_are_kept(cloud: Emulator, bare: Emulator) -> None:
    name = unique("bucket")
    for emulator in (cloud, bare):
        emulator.deploy({"Bucket": bucket(name)})
    s3 = cloud.client("s3")
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "layer", "Value": "landing"}]
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (rule["Filter"]["Prefix"], rule["Expiration"]["Days"]) == ("staged/", 14)
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        bare.client("s3").get_bucket_tagging(Bucket=name)
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        bare.client("s3").get_bucket_lifecycle_configuration(Bucket=name)


def test_objects_of_a_locked_bucket_keep_every_version(cloud: Emulator, bare: Emulator) -> None:
    name = unique("locked")
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    properties = {"BucketName": name, "ObjectLockEnabled": True, "ObjectLockConfiguration": lock}
    template = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}
    for emulator in (cloud, bare):
        emulator.deploy(template)
    with pytest.raises(ClientError, match="ObjectLockConfigurationNotFoundError"):
        bare.client("s3").get_object_lock_configuration(Bucket=name)
    s3 = cloud.client("s3")
    first = s3.put_object(Bucket=name, Key="run.json", Body=b"first")["VersionId"]
    s3.put_object(Bucket=name, Key="run.json", Body=b"second")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=name, Key="run.json", VersionId=first, BypassGovernanceRetention=True)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=name, Key="run.json", Body=b"third", IfNoneMatch="*")
    assert s3.get_object(Bucket=name, Key="run.json", VersionId=first)["Body"].read() == b"first"


def test_a_bucket_that_holds_objects_is_not_deleted(cloud: Emulator, bare: Emulator) -> None:
    outcome = {}
    for emulator in (cloud, bare):
        name = unique("bucket")
        stack = emulator.deploy({"Bucket": bucket(name)})["StackId"]
        emulator.client("s3").put_object(Bucket=name, Key="order.json", Body=b"{}")
        emulator.client("cloudformation").delete_stack(StackName=stack)
        outcome[emulator] = emulator.settled(stack)["StackStatus"]
    assert outcome == {cloud: "DELETE_FAILED", bare: "DELETE_COMPLETE"}


def test_an_unknown_type_fails_with_its_name(cloud: Emulator) -> None:
    with pytest.raises(ClientError, match="AWS::Budgets::Budget"):
        cloud.deploy({"Budget": {"Type": "AWS::Budgets::Budget", "Properties": {}}})


APPLICATION: dict[str, Any] = {
    "Name": "sluice",
    "ReleaseLabel": "emr-7.13.0",
    "Type": "SPARK",
    "MaximumCapacity": {"Cpu": "16 vCPU", "Memory": "64 GB"},
    "AutoStopConfiguration": {"Enabled": True, "IdleTimeoutMinutes": 5},
    "RuntimeConfiguration": [
        {
            "Classification": "spark-defaults",
            "Properties": {"spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension"},
        }
    ],
}


def test_an_emr_serverless_application_deploys_with_its_caps(cloud: Emulator, bare: Emulator) -> None:
    template = {"Application": {"Type": "AWS::EMRServerless::Application", "Properties": APPLICATION}}
    assert cloud.deploy(template)["StackStatus"] == "CREATE_COMPLETE"
    emr = cloud.client("emr-serverless")
    (found,) = [each for each in emr.list_applications()["applications"] if each.get("name") == "sluice"]
    application = emr.get_application(applicationId=found["id"])["application"]
    assert application["maximumCapacity"] == {"cpu": "16 vCPU", "memory": "64 GB"}
    assert application["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 5}
    assert application["runtimeConfiguration"][0]["properties"] == APPLICATION["RuntimeConfiguration"][0]["Properties"]
    with pytest.raises(ClientError, match="AWS::EMRServerless::Application"):
        bare.deploy(template)


def lake(domain: str) -> dict[str, Any]:
    catalog, account = {"CatalogId": "000000000000"}, "000000000000"
    database = {"CatalogId": account, "DatabaseInput": {"Name": domain}}
    columns = [{"Name": "order_id", "Type": "string"}, {"Name": "customer_id", "Type": "string"}]
    table = {"Name": "orders", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/orders"}}
    pair = {"CatalogId": account, "TagKey": domain, "TagValues": ["direct"]}
    with_columns = {**catalog, "DatabaseName": domain, "Name": "orders", "ColumnNames": ["customer_id"]}
    policy = {**catalog, "ResourceType": "TABLE", "Expression": [{"TagKey": domain, "TagValues": ["none"]}]}
    types: dict[str, tuple[str, dict[str, Any]]] = {
        "Database": ("Glue::Database", database),
        "Table": ("Glue::Table", {"CatalogId": account, "DatabaseName": {"Ref": "Database"}, "TableInput": table}),
        "Location": (
            "LakeFormation::Resource",
            {"ResourceArn": f"arn:aws:s3:::{domain}", "UseServiceLinkedRole": True},
        ),
        "Tag": ("LakeFormation::Tag", {"CatalogId": account, "TagKey": domain, "TagValues": ["none", "direct"]}),
        "OnDatabase": (
            "LakeFormation::TagAssociation",
            {"Resource": {"Database": {**catalog, "Name": domain}}, "LFTags": [{**pair, "TagValues": ["none"]}]},
        ),
        "OnColumn": (
            "LakeFormation::TagAssociation",
            {"Resource": {"TableWithColumns": with_columns}, "LFTags": [pair]},
        ),
        "Grant": (
            "LakeFormation::PrincipalPermissions",
            {
                "Principal": {"DataLakePrincipalIdentifier": ROLE},
                "Resource": {"LFTagPolicy": policy},
                "Permissions": ["SELECT"],
                "PermissionsWithGrantOption": [],
            },
        ),
    }
    resources = {name: {"Type": f"AWS::{kind}", "Properties": content} for name, (kind, content) in types.items()}
    for name in ("OnDatabase", "OnColumn", "Grant"):
        resources[name]["DependsOn"] = ["Tag", "Table"]
    return resources


def test_lake_formation_tags_and_grants_can_be_read_back(cloud: Emulator, bare: Emulator) -> None:
    domain = unique("domain").replace("-", "_")
    stack = cloud.deploy(lake(domain))
    assert stack["StackStatus"] == "CREATE_COMPLETE", cloud.failures(stack)
    lakeformation = cloud.client("lakeformation")
    table = {"Table": {"DatabaseName": domain, "Name": "orders"}}
    tags = lakeformation.get_resource_lf_tags(Resource=table)
    assert [tag["TagValues"] for tag in tags["LFTagsOnTable"]] == [["none"]]  # from the database
    columns = {column["Name"]: column["LFTags"][0]["TagValues"] for column in tags["LFTagsOnColumns"]}
    assert columns == {"order_id": ["none"], "customer_id": ["direct"]}
    wildcard = {"TableWithColumns": {"DatabaseName": domain, "Name": "orders", "ColumnWildcard": {}}}
    assert lakeformation.get_resource_lf_tags(Resource=wildcard)["LFTagsOnColumns"] == tags["LFTagsOnColumns"]
    granted = lakeformation.list_permissions(ResourceType="LF_TAG_POLICY_TABLE")["PrincipalResourcePermissions"]
    mine = [each for each in granted if each["Resource"]["LFTagPolicy"]["Expression"][0]["TagKey"] == domain]
    assert [each["Permissions"] for each in mine] == [["SELECT"]]
    assert f"arn:aws:s3:::{domain}" in [
        each["ResourceArn"] for each in lakeformation.list_resources()["ResourceInfoList"]
    ]
    with pytest.raises(ClientError, match="LakeFormation"):
        bare.deploy(lake(domain))

    cloud.client("cloudformation").delete_stack(StackName=stack["StackId"])
    assert cloud.settled(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        lakeformation.get_lf_tag(TagKey=domain)


def test_a_tag_that_does_not_exist_cannot_be_put_on_a_database(cloud: Emulator) -> None:
    domain = unique("domain").replace("-", "_")
    template = lake(domain)
    template["OnDatabase"]["Properties"]["LFTags"][0]["TagValues"] = ["secret"]
    stack = cloud.deploy(template)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "has no value secret" in cloud.failures(stack)


def test_the_settings_of_the_lake_are_open_until_somebody_closes_them(cloud: Emulator) -> None:
    lakeformation = cloud.client("lakeformation")
    before = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    assert "IAM_ALLOWED_PRINCIPALS" in json.dumps(before["CreateTableDefaultPermissions"])
    admins = [{"DataLakePrincipalIdentifier": ROLE}]
    lakeformation.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": admins})
    after = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    assert (after["DataLakeAdmins"], after["CreateTableDefaultPermissions"]) == (admins, [])


def test_what_is_revoked_is_gone(cloud: Emulator) -> None:
    lakeformation = cloud.client("lakeformation")
    grant = {"Principal": {"DataLakePrincipalIdentifier": ROLE}, "Resource": {"Database": {"Name": "shop"}}}
    lakeformation.grant_permissions(**grant, Permissions=["DESCRIBE", "ALTER"])
    lakeformation.revoke_permissions(**grant, Permissions=["ALTER"])
    (found,) = lakeformation.list_permissions(ResourceType="DATABASE")["PrincipalResourcePermissions"]
    assert found["Permissions"] == ["DESCRIBE"]
    lakeformation.revoke_permissions(**grant, Permissions=["DESCRIBE"])
    assert lakeformation.list_permissions(ResourceType="DATABASE")["PrincipalResourcePermissions"] == []
