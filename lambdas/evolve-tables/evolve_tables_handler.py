"""Brings a domain's bronze tables and its quarantine up to their contracts, before functions come that rely on it."""

from pathlib import Path
from typing import Any

import boto3

from delta_evolution import open_evolution
from evolve_tables import evolve_tables
from stack_request import answer_request, domain_of, required_of, send
from storage import uri_of
from table_schema import read_contracts
from telemetry import log

contracts = read_contracts(Path(__file__).parent)
stacks = boto3.client("cloudformation")


def stack_status(stack_id: str) -> str:
    """What the stack is doing."""
    return str(stacks.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"])


def evolve(event: dict[str, Any]) -> dict[str, str]:
    """The columns that were added, by table."""
    domain = domain_of(event)
    tables = [contract for table, contract in contracts.items() if table.startswith(f"{domain}.")]
    required = {contract.table: required_of(event, contract.table) for contract in tables}
    added = evolve_tables(tables, required, lambda table: open_evolution(uri_of(table)))
    return {table: ", ".join(columns) for table, columns in added.items()}


def handler(event: dict[str, Any], _context: object) -> None:
    """Lambda's entry, called by CloudFormation."""
    answer = answer_request(event, lambda: evolve(event), stack_status)
    log("INFO", "answered CloudFormation", request=event["RequestType"], **answer)
    send(event["ResponseURL"], answer)
