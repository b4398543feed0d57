"""What may be asked of notify over HTTP."""

from marshmallow import Schema, fields, validate

STATES = ("pending", "sending", "handing_over", "unknown", "held", "sent", "failed", "discarded")


class ListQuery(Schema):
    ticket_id = fields.String(validate=validate.Length(min=1, max=64))
    state = fields.String(validate=validate.OneOf(STATES))
    cursor = fields.String(validate=validate.Length(min=1, max=500))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
