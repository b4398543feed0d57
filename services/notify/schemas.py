"""What may be asked of notify over HTTP, and what it answers."""

from marshmallow import Schema, fields, validate

from shared.http.pages import PageSchema

STATES = ("pending", "sending", "handing_over", "unknown", "held", "sent", "failed", "discarded")


class ListQuerySchema(PageSchema):
    ticket_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(STATES))


class _RecipientSchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)


class NotificationSchema(Schema):
    """`certain` is false when it was handed over once and the answer was lost. An account's mail is about no ticket."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    message = fields.String(required=True, metadata={"description": "What is said, e.g. ticket_received."})
    channel = fields.String(required=True)
    ticket_id = fields.UUID(required=True, allow_none=True)
    ticket_number = fields.String(required=True, allow_none=True)
    recipient = fields.Nested(_RecipientSchema, required=True)
    subject = fields.String(required=True)
    mail_message_id = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    next_try_at = fields.AwareDateTime(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    certain = fields.Boolean(required=True)
    reason = fields.String(required=True)


class WholeNotificationSchema(NotificationSchema):
    text = fields.String(required=True)
    html = fields.String(required=True)
