"""The API: `gunicorn -c shared/http/gunicorn_conf.py services.notify.wsgi:app`."""

from services.notify.bootstrap import build_app
from shared import logs

logs.configure("notify-api")
app = build_app()
