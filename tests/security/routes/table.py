"""All rows. A service that gets a door gets its rows here, and its desk among the desks."""

from tests.security.routes import assignment, intake, notify, sla

TABLE = (*intake.ROWS, *assignment.ROWS, *sla.ROWS, *notify.ROWS)
