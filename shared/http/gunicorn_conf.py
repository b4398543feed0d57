"""How every API is served. The number of processes and threads comes from the environment (see .env.example)."""

import os

workers = int(os.environ.get("RELAYDESK_API_WORKERS", "1"))
threads = int(os.environ.get("RELAYDESK_API_THREADS", "32"))
worker_class = "shared.http.kept_connections.KeptConnections"
bind = os.environ.get("RELAYDESK_BIND", "127.0.0.1:8000")
timeout = 60
graceful_timeout = 15
keepalive = 30
backlog = 512
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True  # its path is one per user, and four services would share it
accesslog = None
