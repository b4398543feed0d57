"""Who may do what with notifications: they are of the whole desk, and say what its requesters were told."""

from tests.security.callers import ADMINISTRATORS
from tests.security.routes import EVERY_SERVICES, Row, open_to_all

ROWS = (
    *open_to_all("notify", *EVERY_SERVICES),
    Row("notify", "GET", "/v1/notifications", ADMINISTRATORS),
    Row("notify", "GET", "/v1/notifications/<string(maxlength=300):delivery_id>", ADMINISTRATORS),
    Row("notify", "POST", "/v1/notifications/<string(maxlength=300):delivery_id>/retry", ADMINISTRATORS),
    Row("notify", "POST", "/v1/notifications/<string(maxlength=300):delivery_id>/discard", ADMINISTRATORS),
)
