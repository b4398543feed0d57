"""What the API takes: strict types, unknown fields refused, lengths bounded."""

from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from services.sla.domain.plan import LONGEST_SECONDS, SEVERITIES, TARGETS
from services.sla.domain.schedule import WEEKDAYS, are_in_order, hours_from

_SHORTEST_WEEK_MINUTES = 60
_OF_THE_MACHINE = {"localtime", "Factory"}  # files beside the zones, which say another thing elsewhere


class _Fraction(fields.Float):
    """A number, not a text that looks like one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> float:
        if not isinstance(value, int | float):
            raise self.make_error("invalid")
        return float(super()._deserialize(value, attr, data, **options))


def _day(day: list[str]) -> None:
    try:
        hours = [hours_from(text) for text in day]
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if not are_in_order(hours):
        raise ValidationError("must be in order and must not overlap")


def _week(week: dict[str, list[str]]) -> None:
    minutes = sum(end - start for day in week.values() for start, end in map(hours_from, day))
    if minutes < _SHORTEST_WEEK_MINUTES:
        raise ValidationError("must have an hour of working time or more")


def _zone(zone: str) -> None:
    if zone not in available_timezones() - _OF_THE_MACHINE:
        raise ValidationError("must be a zone of the IANA database, like Europe/Berlin")


WeekSchema = Schema.from_dict(
    {
        day: fields.List(fields.String(), load_default=list, validate=[validate.Length(max=24), _day])
        for day in WEEKDAYS
    },
    name="WeekSchema",
)
_PROMISE = Schema.from_dict(
    {
        "seconds": fields.Integer(required=True, strict=True, validate=validate.Range(1, LONGEST_SECONDS)),
        "schedule": fields.String(required=True, validate=validate.Length(1, 50)),
    },
    name="PromiseSchema",
)
_SEVERITY = Schema.from_dict(
    {target: fields.Nested(_PROMISE, required=True) for target in TARGETS}, name="SeverityPromisesSchema"
)
PromisesSchema = Schema.from_dict(
    {severity: fields.Nested(_SEVERITY, required=True) for severity in SEVERITIES}, name="PromisesSchema"
)


class PlanSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 100))
    warn_at = _Fraction(load_default=0.75, validate=validate.Range(0.01, 0.99))
    targets = fields.Nested(PromisesSchema, required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 500))


class ScheduleSchema(Schema):
    """`weekly` names the hours of each day as ["09:00-12:30", "13:00-17:00"]; a day left out is free."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    zone = fields.String(required=True, validate=_zone)
    weekly = fields.Nested(WeekSchema, required=True, validate=_week)
    holidays = fields.List(fields.Date("iso"), load_default=list, validate=validate.Length(max=1000))
    reason = fields.String(required=True, validate=validate.Length(1, 500))
