"""Completes what the doors were told: `up` has the files written anew of which only the rows are gone."""

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress

from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from services.command.supervision.child import STOP_S_MAX, Program, spawn
from shared.databases import open_engine, reading
from shared.ledger.tables import erasure
from shared.logs import get_logger
from shared.settings import Settings

LOOK_SECONDS = 5.0
AGAIN_SECONDS = 600.0
"""After a try that could not do everything: what keeps it from being done, such as a disk, is seldom gone sooner."""

_DUE = select(exists().where(erasure.c.cleaned_at_us.is_(None)))

_log = get_logger()


async def finish_erasures(settings: Settings, services: Sequence[str], environment: Mapping[str, str]) -> None:
    """Call `doorstroom erase --finish` whenever a ledger has an erasure on record that is not done, until cancelled."""
    pause = LOOK_SECONDS
    while True:
        await asyncio.sleep(pause)
        pause = LOOK_SECONDS
        if await asyncio.to_thread(_is_due, settings, services):
            code = await _finished(_program(settings, environment))
            if code == 0:
                _log.info("erasures_completed")
            else:
                _log.error("erasures_not_completed", code=code, again_in_s=AGAIN_SECONDS)
                pause = AGAIN_SECONDS


def _is_due(settings: Settings, services: Sequence[str]) -> bool:
    try:
        return any(_is_due_in(settings.database_url(service)) for service in services)
    except SQLAlchemyError as error:
        _log.warning("erasures_not_seen", error=type(error).__name__)
        return False


def _is_due_in(url: str) -> bool:
    with ExitStack() as closing:
        engine = open_engine(url)
        closing.callback(engine.dispose)
        connection = closing.enter_context(reading(engine).connect())
        return bool(connection.scalar(_DUE))


def _program(settings: Settings, environment: Mapping[str, str]) -> Program:
    arguments = (sys.executable, "-m", "services.command", "erase", "--finish", "--due", "--json")
    log = settings.data / "logs" / "erase.log"
    return Program(name="erase", arguments=arguments, log=log, environment=environment)


async def _finished(program: Program) -> int | None:
    """Run it to its end; its exit code, or None where it could not be started.

    Cancelled, it is ended: what it did not do it does another time.
    """
    try:
        process = await spawn(program)
    except OSError as error:
        _log.error("erasures_not_started", error=str(error))
        return None
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_S_MAX)
        except TimeoutError:
            process.kill()
            await process.wait()
        raise
