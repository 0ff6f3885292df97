"""Placement takes stays from institutions: where a young person is placed, moved to and discharged from."""

from fastapi import FastAPI

from shared.clock import Clock, system_clock
from shared.service import ledger_service
from shared.settings import Settings


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The placement service, wired but not started."""
    return ledger_service("placement", settings, clock)
