"""Seals what was refused in the form it came in, as `lib/landing/seal.ts` does."""

import base64

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType

from shared.load_keys import DataKey


def sealed(text: Expression, iv: Expression, place: Expression, key: DataKey) -> Expression:
    """`v1.<encrypted data key>.<iv>.<ciphertext and tag>`, each in base64. The place is authenticated too."""
    plain = bytearray(key.plain)
    # A literal would show the key in the query's plan.
    secret = F.udf(lambda: plain, BinaryType())()
    box = F.aes_encrypt(text, secret, F.lit("GCM"), F.lit("DEFAULT"), iv, place)
    encrypted = F.lit(base64.b64encode(key.encrypted).decode())
    return F.concat_ws(".", F.lit("v1"), encrypted, _base64(iv), _base64(_tail(box)))


def _tail(box: Expression) -> Expression:
    """Spark puts the 12 bytes of the iv in front."""
    return F.substring(box, 13, 2**31 - 1)


def _base64(content: Expression) -> Expression:
    """Without the line breaks that Spark puts in."""
    return F.translate(F.base64(content), "\r\n", "")
