"""All rows. A service that gets a door gets its rows here, and its desk in desks.py."""

from tests.security import routes_notify, routes_sla

TABLE = (*routes_sla.ROWS, *routes_notify.ROWS)
