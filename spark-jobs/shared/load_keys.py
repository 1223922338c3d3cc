"""The keys of a load, which only its driver fetches."""

from dataclasses import dataclass, field

from shared.load_plan import LoadPlan


@dataclass(frozen=True)
class DataKey:
    """A key of 256 bits for payloads, and the same as only the quarantine's own key can decrypt it."""

    plain: bytes = field(repr=False)
    encrypted: bytes


@dataclass(frozen=True)
class Keys:
    """Of the tokens and of event ids, and for the payloads."""

    tokens: str = field(repr=False)
    event_ids: str = field(repr=False)
    payloads: DataKey


def fetch_keys(plan: LoadPlan) -> Keys:
    """Of the domain, as land-file gets them."""
    import boto3  # only here: tests and executors do without, and only this job's driver gets it

    secrets = boto3.client("secretsmanager")
    tokens, event_ids = (
        secrets.get_secret_value(SecretId=arn)["SecretString"]
        for arn in (plan.token_secret_arn, plan.event_id_secret_arn)
    )
    key = boto3.client("kms").generate_data_key(
        KeyId=plan.quarantine_key_arn, KeySpec="AES_256", EncryptionContext={"domain": plan.domain}
    )
    return Keys(tokens, event_ids, DataKey(key["Plaintext"], key["CiphertextBlob"]))
