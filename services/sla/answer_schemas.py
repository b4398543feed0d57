"""What the API answers."""

from marshmallow import Schema, fields

from services.sla.domain.plan import TARGETS
from services.sla.schemas import PromisesSchema, WeekSchema


class _StretchSchema(Schema):
    began = fields.AwareDateTime(required=True, data_key="from")
    ended = fields.AwareDateTime(required=True, data_key="to")
    seconds = fields.Float(required=True)
    kind = fields.String(required=True, metadata={"description": "worked, outside_hours, on_hold, resolved"})
    because = fields.String(required=True)


class _TargetSchema(Schema):
    """`due_at` and `warn_at` are null while they aren't known: paused, or ended before they came."""

    severity = fields.String(
        required=True, metadata={"description": "By whose promise: the ticket's, or the one it had when this stopped."}
    )
    state = fields.String(required=True, metadata={"description": "running, paused, met, breached, ended"})
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    warn_at = fields.AwareDateTime(required=True, allow_none=True)
    stopped_at = fields.AwareDateTime(required=True, allow_none=True)
    target_seconds = fields.Float(required=True)
    worked_seconds = fields.Float(required=True)
    remaining_seconds = fields.Float(required=True)
    schedule = fields.String(required=True)
    plan_version = fields.Integer(required=True)
    explanation = fields.List(fields.Nested(_StretchSchema), required=True)


class _ToldSchema(Schema):
    target = fields.String(required=True)
    threshold = fields.String(required=True, metadata={"description": "warned, breached"})
    cycle = fields.Integer(required=True, metadata={"description": "How often the ticket was reopened before."})
    due_at = fields.AwareDateTime(required=True)
    told_at = fields.AwareDateTime(required=True)


class _PlanVersionSchema(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)


_TARGETS = Schema.from_dict(
    {target: fields.Nested(_TargetSchema, required=True) for target in TARGETS}, name="ClockTargetsSchema"
)


class ClockSchema(Schema):
    ticket_id = fields.UUID(required=True)
    number = fields.String(required=True)
    severity = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "running, on_hold, resolved, closed"})
    started_at = fields.AwareDateTime(required=True)
    plan = fields.Nested(_PlanVersionSchema, required=True)
    targets = fields.Nested(_TARGETS, required=True)
    next_due_at = fields.AwareDateTime(required=True, allow_none=True)
    told = fields.List(fields.Nested(_ToldSchema), required=True)
    version = fields.Integer(required=True)


class _ScheduleDefinitionSchema(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    zone = fields.String(required=True)
    weekly = fields.Nested(WeekSchema, required=True)
    holidays = fields.List(fields.Date("iso"), required=True)


class VersionedScheduleSchema(_ScheduleDefinitionSchema):
    reason = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)


class VersionedPlanSchema(Schema):
    """`schedules`: those that the plan counts by, as they were when this version was made."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    warn_at = fields.Float(required=True)
    targets = fields.Nested(PromisesSchema, required=True)
    schedules = fields.Dict(fields.String(), fields.Nested(_ScheduleDefinitionSchema), required=True)
    reason = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
