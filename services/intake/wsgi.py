"""The API's process: `gunicorn -c shared/http/gunicorn_conf.py services.intake.wsgi:app`."""

from services.intake.bootstrap import build_app
from services.intake.settings import read_door, read_secrets, read_settings
from shared import logs

logs.configure("intake-api")
app = build_app(read_settings(), read_door(), read_secrets())
