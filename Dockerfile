# One image for every process of ours; docker-compose.yml says which one a container is.

FROM python:3.13-slim AS packages
RUN python -m venv /opt/relaydesk
COPY requirements.lock .
RUN /opt/relaydesk/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && /opt/relaydesk/bin/python -m pip uninstall --yes --quiet pip

FROM python:3.13-slim
# A new volume takes its owner from the folder that it is mounted on first.
RUN groupadd --system --gid 10001 relaydesk \
 && useradd --system --uid 10001 --gid relaydesk --no-create-home relaydesk \
 && cd /var/lib && install -d -o relaydesk -g relaydesk -m 750 /run/relaydesk relaydesk relaydesk/mails relaydesk/secrets \
 && cd relaydesk/secrets && install -d -o relaydesk -g relaydesk -m 750 \
    mongo rabbitmq setup intake assignment sla notify submitter listener
COPY --from=packages /opt/relaydesk /opt/relaydesk
ENV PATH=/opt/relaydesk/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/relaydesk
COPY . .
RUN python -m compileall -q cli services shared
USER relaydesk
CMD ["python", "-m", "cli.main", "--help"]
