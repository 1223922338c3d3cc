"""Schedules go by their time zone; MiniStack drops it from templates, and reads every cron in UTC."""

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from overlay.patching import wrap_resource
from overlay.settings import Settings

NEEDS = {
    "ministack.services.cloudformation.provisioners": ("_RESOURCE_HANDLERS",),
    "ministack.services.eventbridge": ("_parse_cron_fields", "_cron_next_fire"),
    "ministack.services.scheduler": ("_schedules", "_tick_schedules"),
}

Created = tuple[str, dict[str, Any]]
Fields = tuple[Any, ...]
NextFire = Callable[[Fields, datetime], datetime | None]


class ZonedText(str):
    """An expression that knows its time zone. MiniStack hands on nothing else of a schedule."""

    zone: str

    def __new__(cls, text: str, zone: str = "UTC") -> Self:
        """With the schedule's zone, or as a copy that is given it later."""
        zoned = super().__new__(cls, text)
        zoned.zone = zone
        return zoned


class ZonedFields(tuple[Any, ...]):
    """The fields of such an expression."""

    zone: str


def install(_settings: Settings) -> None:
    """Keep the zone of a template, and count by it."""
    from ministack.services import eventbridge, scheduler

    wrap_resource("AWS::Scheduler::Schedule", create=keep_zone(1), update=keep_zone(2))
    eventbridge._parse_cron_fields = keep_zone_of_text(eventbridge._parse_cron_fields)
    eventbridge._cron_next_fire = by_the_wall(eventbridge._cron_next_fire)
    scheduler._tick_schedules = name_zones(scheduler._tick_schedules)


def keep_zone(place: int) -> Callable[[Callable[..., Created]], Callable[..., Created]]:
    """`place` is where a handler gets the new properties."""

    def wrapper(handle: Callable[..., Created]) -> Callable[..., Created]:
        @functools.wraps(handle)
        def handled(*arguments: Any) -> Created:
            from ministack.services import scheduler

            name, attributes = handle(*arguments)
            properties: Mapping[str, Any] = arguments[place]
            schedule = scheduler._schedules[f"{properties.get('GroupName', 'default')}/{name}"]
            schedule["ScheduleExpressionTimezone"] = properties.get("ScheduleExpressionTimezone", "UTC")
            return name, attributes

        return handled

    return wrapper


def name_zones(tick: Callable[[], None]) -> Callable[[], None]:
    """Before each look at the clock: schedules come from templates, from the API and from what was saved."""

    @functools.wraps(tick)
    def ticked() -> None:
        from ministack.services import scheduler

        for schedule in list(scheduler._schedules._data.values()):
            zone = schedule.get("ScheduleExpressionTimezone", "UTC")
            schedule["ScheduleExpression"] = ZonedText(schedule["ScheduleExpression"], zone)
        tick()

    return ticked


def keep_zone_of_text(parse: Callable[[str], Fields | None]) -> Callable[[str], Fields | None]:
    """What is read of an expression belongs to the same zone."""

    @functools.wraps(parse)
    def parsed(text: str) -> Fields | None:
        fields = parse(text)
        if fields is None or not isinstance(text, ZonedText):
            return fields
        zoned = ZonedFields(fields)
        zoned.zone = text.zone
        return zoned

    return parsed


def by_the_wall(next_fire: NextFire) -> NextFire:
    """As the service has it: a time that clocks jump over is left out, one that they show twice counts once."""

    @functools.wraps(next_fire)
    def fired(fields: Fields, after: datetime) -> datetime | None:
        if not isinstance(fields, ZonedFields):
            return next_fire(fields, after)
        zone = ZoneInfo(fields.zone)
        wall = after.astimezone(zone).replace(tzinfo=UTC)
        while (found := next_fire(fields, wall)) is not None:
            instant = found.replace(tzinfo=zone).astimezone(UTC)
            is_shown = instant.astimezone(zone).replace(tzinfo=UTC) == found
            if is_shown and instant > after:
                return instant
            wall = found
        return None

    return fired
