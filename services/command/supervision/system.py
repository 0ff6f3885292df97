"""All processes of one Doorstroom: Redis first, then the services at once; stopped in the order in which facts flow."""

import asyncio
import json
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from services.command.failures import Failed
from services.command.supervision.child import Child, Program
from services.command.supervision.erasures import finish_erasures
from services.command.supervision.folder import RESTORING, owned, private
from services.command.supervision.ports import require_free
from services.command.supervision.redis_server import embedded_redis
from shared.settings import Settings

LEDGER_SERVICES = ("intake", "placement")
SERVICES = (*LEDGER_SERVICES, "monitor")
READY_S_MAX = {"redis": 60.0, "intake": 300.0, "placement": 300.0, "monitor": 1800.0}
"""How long each may take to be ready: a start may have a schema to migrate, and the monitor folds everything anew when
the rules changed and reads every dossier. The same as in Kubernetes."""
PROBE_S_MAX = 2.0


@contextmanager
def claimed(settings: Settings) -> Iterator[Program | None]:
    """Own the data folder and find the ports free; gives the embedded Redis to run, or None when an outside one is set.

    Raises Failed when the folder or a port is taken or a restore was interrupted, before anything runs.
    """
    with ExitStack() as held:
        held.enter_context(owned(settings.data))
        if (settings.data / RESTORING).exists():
            raise Failed(f"a restore into {settings.data} was interrupted; do it again, with --replace")
        ports = {service: getattr(settings, f"{service}_port") for service in SERVICES}
        require_free(settings.host, ports, remedy="choose another with --intake-port and the like")
        private(settings.data / "logs")
        if settings.redis_url is not None:
            yield None
        else:
            log = settings.data / "logs" / "redis.log"
            yield held.enter_context(embedded_redis(settings.redis_socket, log=log))


@asynccontextmanager
async def running(settings: Settings, redis: Program | None) -> AsyncIterator[Sequence[Child]]:
    """Start everything and, when the block ends, stop everything: the doors drain, the monitor, then Redis.

    Raises Failed when a process does not become ready; what had started is stopped.
    """
    first = [Child(redis)] if redis else []
    services = {service: Child(_service(settings, service)) for service in SERVICES}
    try:
        for child in first:
            await child.start(within_s=READY_S_MAX[child.program.name])
        try:
            async with asyncio.TaskGroup() as starting:
                for service, child in services.items():
                    starting.create_task(child.start(within_s=READY_S_MAX[service]))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finishing = finish_erasures(settings, LEDGER_SERVICES, environment_of(settings))
        erasures = asyncio.create_task(finishing, name="erasures")
        try:
            yield (*first, *services.values())
        finally:
            erasures.cancel()
            await asyncio.wait([erasures])
            if not erasures.cancelled():
                erasures.result()  # It ended by itself, which it never should: say how.
    finally:
        await asyncio.gather(*(services[service].stop() for service in LEDGER_SERVICES))
        await services["monitor"].stop()
        for child in first:
            await child.stop()


def _service(settings: Settings, service: str) -> Program:
    port: int = getattr(settings, f"{service}_port")
    # A monitor that answers has taken up its work. One of its streams may stand still until an upgrade; that must not
    # keep publishers out, so its own /readyz is not waited for.
    path = "/livez" if service == "monitor" else "/readyz"
    return Program(
        name=service,
        arguments=(sys.executable, "-m", "services.command", "serve", service),
        log=settings.data / "logs" / f"{service}.log",
        lacks=partial(asyncio.to_thread, lacks, settings.host, port, path, tls=settings.tls_certificate is not None),
        # It keeps its word whenever it dies, and without a parent it must not hold its port.
        orphaned=signal.SIGKILL,
        environment=environment_of(settings),
    )


def lacks(host: str, port: int, path: str, *, tls: bool) -> str | None:
    """What keeps the service there from its work, by what it says under this path; None when it says yes."""
    connection = (
        HTTPSConnection(host, port, timeout=PROBE_S_MAX, context=_anybody())
        if tls
        else HTTPConnection(host, port, timeout=PROBE_S_MAX)
    )
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status == HTTPStatus.OK:
            return None
        return str(json.loads(response.read())["detail"])
    except (OSError, HTTPException):
        return "It does not answer."
    except (ValueError, KeyError, TypeError):
        return f"It answers {response.status}."
    finally:
        connection.close()


def _anybody() -> ssl.SSLContext:
    """Believes every certificate: it is our own child that is asked, by an address that need not be in it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as a process of ours reads them."""
    given = settings.model_dump(mode="json", exclude_none=True)
    return {
        f"DOORSTROOM_{name.upper()}": json.dumps(value) if isinstance(value, dict) else str(value)
        for name, value in given.items()
    }
