"""The API: `gunicorn -c shared/http/gunicorn_conf.py services.sla.wsgi:app`."""

from services.sla.bootstrap import build_app
from shared import logs

logs.configure("sla-api")
app = build_app()
