"""What callers are told, for the documentation of the API and the tests that hold answers against it."""

from typing import Any

from marshmallow import Schema, fields

from shared.access.permissions import ALL, SCOPES


def _text(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def _moment(**options: Any) -> fields.DateTime:
    return fields.DateTime(required=True, **options)


def _number(**options: Any) -> fields.Integer:
    return fields.Integer(required=True, **options)


def _texts() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def _permissions() -> fields.List[str]:
    return fields.List(fields.String(metadata={"enum": sorted(ALL)}), required=True)


class ActorShownSchema(Schema):
    kind = _text(metadata={"enum": ["agent", "requester", "integration", "system"]})
    id = _text()
    name = _text()


class DecisionShownSchema(Schema):
    id = fields.UUID(required=True)
    ticket_id = fields.UUID(required=True)
    at = _moment()
    rule = _text()
    actor = fields.Nested(ActorShownSchema, required=True)
    department_id = _text()
    agent_id = _text(allow_none=True)
    known = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    reason = _text()
    roster_version = _number(allow_none=True)
    candidates = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    excluded = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    tie_break = _text(allow_none=True)
    policy_version = _number()


class AssignmentShownSchema(Schema):
    ticket_id = fields.UUID(required=True)
    ticket_number = _text()
    version = _number()
    state = _text(metadata={"enum": ["waiting", "assigned", "done"]})
    department_id = _text()
    agent_id = _text(allow_none=True)
    last_agent_id = _text(allow_none=True)
    since = _moment()
    skills = _texts()
    priority = _text()
    decision_id = fields.UUID(required=True, allow_none=True)


class ExplainedAssignmentSchema(AssignmentShownSchema):
    why = fields.Nested(DecisionShownSchema, required=True, allow_none=True)


class ChangedAgentSchema(Schema):
    id = _text()
    version = _number()
    name = _text()
    address = _text()
    departments = _texts()
    skills = _texts()
    capacity = _number()
    available = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    language = _text()
    roles = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AgentShownSchema(ChangedAgentSchema):
    open = _number(metadata={"description": "How many open tickets the agent has."})


class DepartmentShownSchema(Schema):
    id = _text()
    version = _number()
    name = _text()
    manager_id = _text(allow_none=True)
    topics = _texts()
    roster_version = _number()


class RouteShownSchema(Schema):
    topic = _text()
    version = _number()
    department_id = _text()
    skills = _texts()


class RoleShownSchema(Schema):
    id = _text()
    version = _number()
    name = _text()
    permissions = _permissions()


class ApiKeyShownSchema(Schema):
    id = _text()
    name = _text()
    scopes = fields.List(fields.String(metadata={"enum": sorted(SCOPES)}), required=True)
    issued_at = _moment()
    expires_at = _moment(allow_none=True)
    revoked_at = _moment(allow_none=True)
    last_used_at = _moment(allow_none=True, metadata={"description": "To about five minutes."})


class IssuedApiKeySchema(ApiKeyShownSchema):
    key = _text(metadata={"description": "Shown this once."})


class InvitedSchema(Schema):
    agent_id = _text()
    address = _text()
    expires_at = _moment()


class InvitationSchema(Schema):
    agent = fields.Nested(Schema.from_dict({"id": _text(), "name": _text(), "address": _text()}), required=True)
    expires_at = _moment()


class TokenSchema(Schema):
    token = _text(metadata={"description": "For the header Authorization: Bearer …"})
    expires_at = _moment()
    agent = fields.Nested(ChangedAgentSchema, required=True)


class SignedInSchema(TokenSchema):
    session = _text(metadata={"description": "Keep it secret: it is good for new tokens for twelve hours."})


class AcceptedSchema(Schema):
    detail = _text()


class MeSchema(Schema):
    kind = _text(metadata={"enum": ["agent", "requester", "integration"]})
    id = _text()
    name = _text()
    key_id = _text(allow_none=True, metadata={"description": "The API key that acts for the agent."})
    ticket_id = _text(allow_none=True, metadata={"description": "The only ticket that is open to you."})
    permissions = fields.Dict(
        keys=fields.String(),
        values=_permissions(),
        required=True,
        metadata={"description": 'By department, "*" for everywhere, "own" for a requester\'s own tickets.'},
    )
    agent = fields.Nested(ChangedAgentSchema, required=True, allow_none=True)
    version = fields.Integer(metadata={"description": "The agent's, for If-Match."})
