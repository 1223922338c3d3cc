"""How CloudWatch decides an alarm's state, as pure rules over data points."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def periods(now: float, period: int, count: int, newest_has_data: bool) -> list[tuple[float, float]]:
    """The last periods, newest first. The one that runs counts as soon as it has data: waiting would only delay."""
    newest = now // period * period - (0 if newest_has_data else period)
    return [(newest - back * period, newest - (back - 1) * period) for back in range(count)]


def state_of(alarm: Mapping[str, Any], values: Sequence[float | None]) -> str:
    """The state for these values, one a period; None where there was no data."""
    breaches = [None if value is None else is_breach(alarm, value) for value in values]
    treatment = alarm.get("TreatMissingData", "missing")
    if treatment in ("breaching", "notBreaching"):
        breaches = [treatment == "breaching" if breach is None else breach for breach in breaches]
    needed = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods", 1)
    if sum(breach is True for breach in breaches) >= needed:
        return ALARM
    known = [breach for breach in breaches if breach is not None]
    if not known:
        return str(alarm["StateValue"]) if treatment == "ignore" else INSUFFICIENT_DATA
    return OK


def is_breach(alarm: Mapping[str, Any], value: float) -> bool:
    """Whether one value breaches the threshold."""
    compare = COMPARISONS.get(alarm.get("ComparisonOperator", ""))
    if compare is None:
        raise ValueError(
            f"alarm {alarm['AlarmName']}: the local cloud does not know '{alarm.get('ComparisonOperator')}'"
        )
    return compare(value, alarm.get("Threshold", 0))


def reason_of(alarm: Mapping[str, Any], state: str, values: Sequence[float | None]) -> str:
    """Why the alarm is in this state, as its notifications say."""
    known = [value for value in values if value is not None]
    result = f"Threshold {'Crossed' if state == ALARM else 'not crossed'}"
    if not known:
        return f"{result}: no data points were received for {len(values)} periods."
    return f"{result}: data points {known} against {alarm.get('ComparisonOperator')} {alarm.get('Threshold')}"
