"""`doorstroom up`: everything on this machine, until it is told to stop."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping

from rich.console import Console

from services.command import tables
from services.command.erasure_key import kept_key
from services.command.feed_token import kept_token
from services.command.supervision.child import Program
from services.command.supervision.system import SERVICES, claimed, running
from shared.logs import configure_logging
from shared.settings import Settings

Work = Callable[[Settings], Awaitable[None]]
"""What is done while everything runs; when it returns, everything is stopped."""


def up(settings: Settings, work: Work) -> None:
    """Start everything, do the work, stop everything. Ctrl-C and SIGTERM end the work. Raises Failed."""
    configure_logging("doorstroom", json=settings.log_json)
    with claimed(settings) as redis:
        keys = {
            "feed_token": settings.feed_token or kept_token(settings.data),
            "erasure_key": settings.erasure_key or kept_key(settings.data),
        }
        settings = settings.model_copy(update=keys)
        asyncio.run(_until_told(_run(settings, redis, work)))


async def wait_to_be_told(_settings: Settings) -> None:
    """The work of `up`: none of its own."""
    await asyncio.Event().wait()


def announce(settings: Settings, *, as_json: bool, sign_in: Mapping[str, str] | None = None) -> None:
    """Print where everything is, and the name and password of an account that was just made to look around with."""
    addresses = {service: settings.service_url(service) for service in SERVICES}
    metrics = f"{addresses['monitor']}/metrics"
    if as_json:
        line = {"ready": True, **addresses, "metrics": metrics, "data": str(settings.data)}
        line |= {"sign_in": sign_in} if sign_in else {}
        Console(soft_wrap=True).out(json.dumps(line), highlight=False)
        return
    table = tables.table("", "", headed=False)
    table.add_row("publish referrals, machtigingen", f"{addresses['intake']}/v1/events")
    table.add_row("publish placements, discharges", f"{addresses['placement']}/v1/events")
    table.add_row("the cockpit, for people", f"{addresses['monitor']}/")
    table.add_row("the same for Prometheus", metrics)
    table.add_row("sign in", f"{addresses['monitor']}/aanmelden")
    if sign_in:
        table.add_row("  with", f"{sign_in['name']}  {sign_in['password']}")
    else:
        table.add_row("  with", "doorstroom account add --help")
    table.add_row("data and logs", str(settings.data))
    table.add_row("a token to publish with", "doorstroom publisher add --help")
    Console(soft_wrap=True).print("[bold green]Doorstroom is ready.[/] Ctrl-C stops it.")
    tables.show(table)


async def _run(settings: Settings, redis: Program | None, work: Work) -> None:
    async with running(settings, redis):
        await work(settings)


async def _until_told(coroutine: Coroutine[None, None, None]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(coroutine)
    told = asyncio.Event()

    def stop() -> None:
        # A second Ctrl-C must not tear the stop apart: it is bounded by itself.
        if not told.is_set():
            told.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told.is_set():
            raise
