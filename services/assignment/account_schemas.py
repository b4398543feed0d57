"""What callers may send about themselves: who they are, and what only they know."""

from marshmallow import Schema, fields, validate

from services.assignment.domain.password_rules import LONGEST, SHORTEST
from services.assignment.schemas import Address
from shared.http.switch import Switch

_secret = validate.Length(1, 100)


def _password() -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, LONGEST))


def _new_password() -> fields.String:
    rule = f"{SHORTEST} to {LONGEST} bytes in UTF-8, no control characters, not your name or mail address."
    return fields.String(required=True, metadata={"description": rule})


class AddressSchema(Schema):
    address = Address(required=True)


class SignInSchema(AddressSchema):
    password = _password()


class SessionSchema(Schema):
    session = fields.String(required=True, validate=_secret)


class NewPasswordSchema(Schema):
    password = _new_password()


class PasswordChangeSchema(Schema):
    current = _password()
    new = _new_password()


class AvailabilitySchema(Schema):
    available = Switch(required=True)
