"""`gunicorn -c shared/http/gunicorn_conf.py services.assignment.wsgi:app`"""

from services.assignment import settings
from services.assignment.bootstrap import build_app
from shared import logs

logs.configure("assignment-api")
app = build_app(settings.load())
