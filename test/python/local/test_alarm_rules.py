"""How an alarm's state follows from its values."""

from typing import Any

import pytest

from overlay.alarms.evaluation import periods, state_of


def alarm(**settings: Any) -> dict[str, Any]:
    return {
        "AlarmName": "errors",
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 3,
        "StateValue": "OK",
        **settings,
    }


@pytest.mark.parametrize(
    ("settings", "values", "state"),
    [
        ({}, [9, 9, 9], "ALARM"),
        ({}, [9, 9, 1], "OK"),
        ({"DatapointsToAlarm": 2}, [9, 1, 9], "ALARM"),
        ({}, [None, None, None], "INSUFFICIENT_DATA"),
        ({}, [5, 5, 5], "OK"),
        ({"TreatMissingData": "notBreaching"}, [None, None, None], "OK"),
        ({"TreatMissingData": "breaching"}, [None, None, None], "ALARM"),
        ({"TreatMissingData": "breaching"}, [9, None, 9], "ALARM"),
        ({"TreatMissingData": "ignore", "StateValue": "ALARM"}, [None, None, None], "ALARM"),
        ({"DatapointsToAlarm": 1}, [None, 9, None], "ALARM"),
        ({"ComparisonOperator": "LessThanOrEqualToThreshold"}, [5, 4, 3], "ALARM"),
    ],
)
def test_the_state_follows_from_the_values(settings: dict[str, Any], values: list[float | None], state: str) -> None:
    assert state_of(alarm(**settings), values) == state


def test_a_comparison_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="does not know 'GreaterThanUpperThreshold'"):
        state_of(alarm(ComparisonOperator="GreaterThanUpperThreshold"), [1, 1, 1])


def test_the_period_that_runs_counts_only_once_it_has_data() -> None:
    assert periods(130.0, 60, 2, newest_has_data=True) == [(120, 180), (60, 120)]
    assert periods(130.0, 60, 2, newest_has_data=False) == [(60, 120), (0, 60)]
