# One image for every process of ours; docker-compose.yml says which one a container is.

FROM python:3.13-slim AS packages
RUN python -m venv /opt/relaydesk
COPY requirements.lock .
RUN /opt/relaydesk/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home relaydesk \
 && install -d -o relaydesk -g relaydesk /run/relaydesk /var/lib/relaydesk/mails
COPY --from=packages /opt/relaydesk /opt/relaydesk
ENV PATH=/opt/relaydesk/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/relaydesk
COPY . .
RUN python -m compileall -q cli services shared
USER relaydesk
CMD ["python", "-m", "cli.main", "--help"]
