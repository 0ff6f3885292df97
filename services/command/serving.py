"""`doorstroom serve`: one service in this process, with its settings from the environment."""

import sys
from typing import Literal

from sqlalchemy import inspect

from services.command.collecting import collect_rarely
from services.command.erasure_key import with_key
from services.command.failures import Failed, WrongCall
from services.command.feed_token import admit
from services.command.migrating import bring, require_readable, told
from services.command.supervision.folder import private
from services.command.supervision.ports import require_free
from shared.clock import system_clock
from shared.databases import open_engine
from shared.erasure import ErasureKeyNeeded, seal_of
from shared.ledger import ErasureKeyDiffers, Ledger
from shared.logs import configure_logging
from shared.privileges import role_of
from shared.settings import Settings
from shared.tls import CertificateUnusable, listener_context, trust

Service = Literal["intake", "placement", "monitor"]

SWITCH_SECONDS = 0.0005
"""After how long a thread that computes lets another go on that has its answer. Each statement of a database is such an
answer, of some 0.2 ms; with Python's own number each waits 5 ms while a page is drawn or a scrape is written."""


def serve(service: Service, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C, then drain; the exit code. Imports one service, so that each starts quickly.

    Raises Failed when its port is taken or its database does not answer, and WrongCall for settings that contradict.
    """
    configure_logging(service, json=settings.log_json)
    collect_rarely()
    sys.setswitchinterval(SWITCH_SECONDS)
    port: int = getattr(settings, f"{service}_port")
    require_free(settings.host, {service: port}, remedy=f"choose another with DOORSTROOM_{service.upper()}_PORT")
    _require_database(settings, service)
    _require_certificate(settings)
    settings = with_key(settings, service)
    if role_of(settings.database_url(service)) is not None:
        with told(service):
            bring(settings, service, settings.database_url, clock=system_clock)
    _require_key(settings, service)
    if service == "monitor":
        _require_shared(settings)
        return _serve_monitor(settings)
    with told(service, doing="let in another DOORSTROOM_FEED_TOKEN"):
        admit(settings, service, clock=system_clock)
    if service == "intake":
        from services.intake.app import create_app
    else:
        from services.placement.app import create_app
    from shared.service import run

    run(create_app(settings, system_clock), service, settings)
    return 0


def _serve_monitor(settings: Settings) -> int:
    """Raises WrongCall, in one line, for a file that the settings name and the monitor cannot use."""
    from services.monitor.access.grants import GrantsInvalid
    from services.monitor.app import run
    from services.monitor.cockpit.assets import ThemeUnusable

    try:
        return run(settings, system_clock)
    except GrantsInvalid as error:
        raise WrongCall(f"DOORSTROOM_OIDC_GRANTS: {error}") from error
    except ThemeUnusable as error:
        raise WrongCall(f"DOORSTROOM_THEME_CSS: {error}") from error


def _require_shared(settings: Settings) -> None:
    """Raises WrongCall where several monitors cannot have one database."""
    if settings.monitor_workers is not None and not settings.database_url("monitor").startswith("postgresql"):
        raise WrongCall("DOORSTROOM_MONITOR_WORKERS: several monitors need one PostgreSQL database")


def _require_certificate(settings: Settings) -> None:
    """Raises Failed, in one line, unless what the settings say about TLS can be used."""
    try:
        listener_context(settings)
        trust(settings)
    except CertificateUnusable as error:
        raise Failed(str(error)) from error


def _require_key(settings: Settings, service: Service) -> None:
    """Raises Failed, in one line, when somebody was erased under another key; where no list is yet nobody was."""
    seal = seal_of(settings.erasure_key)
    engine = open_engine(settings.database_url(service))
    try:
        with told(service):
            if not inspect(engine).has_table("erased" if service == "monitor" else "erasure"):
                return
        if service == "monitor":
            from services.monitor.erasures import recognise

            recognise(engine, seal)
        else:
            Ledger(engine, service=service, clock=system_clock, seal=seal).recognise()
    except (ErasureKeyDiffers, ErasureKeyNeeded) as error:
        raise Failed(str(error)) from error
    finally:
        engine.dispose()


def _require_database(settings: Settings, service: Service) -> None:
    """Raises Failed, in one line, unless the database of this service answers, and is not of a newer version."""
    if getattr(settings, f"{service}_database_url") is None:
        private(settings.data)
    with told(service):
        engine = open_engine(settings.database_url(service))
        try:
            engine.connect().close()
        finally:
            engine.dispose()
        require_readable(settings, service)
