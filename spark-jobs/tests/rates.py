"""Files of exchange rates, as they come to silver."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.lake import INSTANT, Lake

RATE = pa.struct([("country", pa.string()), ("units_per_usd", pa.decimal128(18, 4))])
MONTH = {"rate_month": INSTANT, "rates": pa.list_(RATE)}


def send_rates(shop: Lake, months: Mapping[str, Mapping[str, str]]) -> None:
    """A file with these rates of some months."""
    shop.send("fx_rates", MONTH, *[_event(month, rates) for month, rates in months.items()])


def _event(month: str, rates: Mapping[str, str]) -> dict[str, Any]:
    at = datetime.fromisoformat(month).replace(tzinfo=UTC)
    listed = [
        {"country": name, "units_per_usd": Decimal(rate).quantize(Decimal("0.0001"))} for name, rate in rates.items()
    ]
    return {"rate_month": at, "rates": listed, "_event_id": f"{month}-{rates}", "_event_time": at}
