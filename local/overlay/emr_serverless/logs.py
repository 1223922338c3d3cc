"""The driver's output, gzipped to the S3 log URI in EMR Serverless's layout."""

import gzip
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region

from overlay.emr_serverless.driver import Outcome


def log_uri_of(run: Mapping[str, Any], application: Mapping[str, Any]) -> str | None:
    """Where the logs go: the run's own log URI, else the application's."""
    for owner in (run.get("configurationOverrides", {}), application):
        uri = owner.get("monitoringConfiguration", {}).get("s3MonitoringConfiguration", {}).get("logUri")
        if uri:
            return str(uri)
    return None


def upload_logs(run: Mapping[str, Any], application: Mapping[str, Any], outcome: Outcome, endpoint: str) -> None:
    """Upload stdout and stderr of the driver, if the run has a log URI."""
    uri = log_uri_of(run, application)
    if uri is None:
        return
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    folder = f"{prefix.rstrip('/')}/applications/{run['applicationId']}/jobs/{run['jobRunId']}/SPARK_DRIVER".lstrip("/")
    client = s3_client(endpoint)
    for name, content in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
        client.put_object(Bucket=bucket, Key=f"{folder}/{name}.gz", Body=gzip.compress(content))


def s3_client(endpoint: str) -> Any:
    """A client of our own endpoint in the current account, which MiniStack reads from the access key."""
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=get_region(),
        aws_access_key_id=get_account_id(),
        aws_secret_access_key="test",
    )
