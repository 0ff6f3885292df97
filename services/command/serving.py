"""`doorstroom serve`: one service in this process, with its settings from the environment."""

from typing import Literal

from services.command.feed_token import admit
from shared.clock import system_clock
from shared.logs import configure_logging
from shared.settings import Settings

Service = Literal["intake", "placement", "monitor"]


def serve(service: Service, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C, then drain; the exit code. Imports one service, so that each starts quickly."""
    configure_logging(service, json=settings.log_json)
    if service == "monitor":
        from services.monitor.app import run as run_monitor

        return run_monitor(settings, system_clock)
    admit(settings, service, clock=system_clock)
    if service == "intake":
        from services.intake.app import create_app
    else:
        from services.placement.app import create_app
    from shared.service import run

    run(create_app(settings, system_clock), settings.host, getattr(settings, f"{service}_port"))
    return 0
