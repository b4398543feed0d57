"""`gunicorn -c shared/http/gunicorn_conf.py services.assignment.wsgi:app`"""

from services.assignment.bootstrap import build_app
from services.assignment.settings import read_account_settings, read_addresses, read_door_settings
from shared import logs

logs.configure("assignment-api")
app = build_app(read_addresses(), read_door_settings(), read_account_settings())
