"""Alarms that are evaluated: on a timer, with their dimensions, M of N, missing data, and an event at each change.

MiniStack evaluates only when data arrives through its API, mixes all dimensions of a metric, and announces nothing.
"""

import functools
import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from ministack.core.responses import request_scope

from overlay.alarms.evaluation import periods, reason_of, state_of
from overlay.metrics import record
from overlay.settings import Settings

NEEDS = {
    "ministack.core.responses": ("request_scope",),
    "ministack.services.cloudwatch": (
        "_alarms",
        "_metrics",
        "_calc_stats",
        "_stat_value",
        "_dims_key",
        "_dims_from_list",
        "_evaluate_alarm",
        "_evaluate_parent_alarms",
        "_dispatch_alarm_actions",
        "_record_history",
        "_ts_iso",
    ),
    "ministack.services.sqs": ("_queues",),
    "ministack.services.eventbridge": ("_put_events",),
}

TICK_SECONDS = 2

Alarm = dict[str, Any]

logger = logging.getLogger("alarms")
_stopping = threading.Event()
_depths: dict[str, tuple[int, float]] = {}  # queue URL -> depth last published, and when


def install(_settings: Settings) -> None:
    """Replace the evaluation, and announce what changes, also when somebody sets a state by hand."""
    from ministack.services import cloudwatch

    cloudwatch._evaluate_alarm = evaluate
    cloudwatch._dispatch_alarm_actions = announce(cloudwatch._dispatch_alarm_actions)


def start() -> None:
    """Start the timer."""
    threading.Thread(target=tick, name="alarms", daemon=True).start()


def stop() -> None:
    """Stop the timer."""
    _stopping.set()


def tick() -> None:
    """Measure the queues and evaluate every alarm, again and again."""
    while not _stopping.wait(TICK_SECONDS):
        try:
            measure_queues()
            evaluate_all()
        except Exception:
            logger.exception("evaluating the alarms failed; trying again")


def measure_queues() -> None:
    """Publish how many messages wait in each queue, and how long the oldest one: at a change, and once a minute."""
    from ministack.services import sqs

    now = time.time()
    for (account, region, url), queue in list(sqs._queues._data.items()):
        messages = list(queue["messages"])
        visible = sum(1 for message in messages if message.get("visible_at", 0) <= now)
        depth, published = _depths.get(url, (-1, 0.0))
        if visible == depth and now - published < 60:
            continue
        _depths[url] = (visible, now)
        with request_scope(account, region):
            dimensions = {"QueueName": url.rsplit("/", 1)[1]}
            record("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", dimensions)
            # Of those that are being worked on as well: what fails again and again is mostly out of sight.
            age = now - min((message["sent_at"] for message in messages), default=now)
            record("AWS/SQS", "ApproximateAgeOfOldestMessage", age, "Seconds", dimensions)


def evaluate_all() -> None:
    """Evaluate every alarm of every account and region."""
    from ministack.services import cloudwatch

    for (account, region, _), alarm in list(cloudwatch._alarms._data.items()):
        with request_scope(account, region):
            evaluate(alarm)


def evaluate(alarm: Alarm) -> None:
    """Bring one alarm to the state that its data says."""
    if not alarm.get("MetricName"):
        return
    values = values_of(alarm, time.time())
    state = state_of(alarm, values)
    if state != alarm["StateValue"]:
        change(alarm, state, reason_of(alarm, state, values))


def values_of(alarm: Alarm, now: float) -> list[float | None]:
    """The alarm's statistic for each period it looks at, newest first."""
    points = points_of(alarm)
    period, count = int(alarm.get("Period", 60)), int(alarm.get("EvaluationPeriods", 1))
    newest_has_data = any(point["Timestamp"] >= now // period * period for point in points)
    return [
        statistic(alarm, [point for point in points if begin <= point["Timestamp"] < end])
        for begin, end in periods(now, period, count, newest_has_data)
    ]


def points_of(alarm: Alarm) -> list[dict[str, Any]]:
    """The data points of exactly the alarm's metric: namespace, name and all dimensions."""
    from ministack.services import cloudwatch

    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    return list(cloudwatch._metrics.get((alarm["Namespace"], alarm["MetricName"], dimensions)) or [])


def statistic(alarm: Alarm, points: Sequence[dict[str, Any]]) -> float | None:
    """The alarm's statistic over the points of one period; None without any."""
    from ministack.services import cloudwatch

    if not points:
        return None
    name = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), name, points)
    return None if value is None else float(value)


def change(alarm: Alarm, state: str, reason: str) -> None:
    """Move an alarm to a state, with its history, actions and parents."""
    from ministack.services import cloudwatch

    before = alarm["StateValue"]
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    logger.info("alarm %s: %s -> %s", alarm["AlarmName"], before, state)
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def announce(dispatch: Callable[[Alarm, str, str, str], None]) -> Callable[[Alarm, str, str, str], None]:
    """Publish the state change event that CloudWatch sends beside the actions."""

    @functools.wraps(dispatch)
    def dispatched(alarm: Alarm, before: str, state: str, reason: str) -> None:
        from ministack.services import cloudwatch, eventbridge

        dispatch(alarm, before, state, reason)
        moment = cloudwatch._ts_iso(time.time())
        detail = {
            "alarmName": alarm["AlarmName"],
            "state": {"value": state, "reason": reason, "timestamp": moment},
            "previousState": {"value": before},
            "configuration": {"description": alarm.get("AlarmDescription", "")},
        }
        entry = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [alarm["AlarmArn"]],
            "Detail": json.dumps(detail),
        }
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)

    return dispatched
