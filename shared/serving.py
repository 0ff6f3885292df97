"""How every service is served: its limits, its certificate, and nothing said about the server."""

import uvicorn
from fastapi import FastAPI

from shared.listening import Listening
from shared.settings import Settings
from shared.tls import listener_context

SHUTDOWN_SECONDS_MAX = 10
"""How long requests that run may take to end when a service is asked to stop."""


def server_of(app: FastAPI, settings: Settings, *, port: int, trusted_proxies: str = "") -> uvicorn.Config:
    """The server for this app; where a proxy is trusted, a request comes from whom it says.

    Raises CertificateUnusable.
    """
    return uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        http=Listening,
        ssl_context_factory=listener_context(settings),
        loop="auto",
        access_log=False,
        log_config=None,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
