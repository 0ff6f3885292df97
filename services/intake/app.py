"""Intake takes referrals and machtigingen from municipalities, certified institutions, courts and expert teams."""

from fastapi import FastAPI

from shared.clock import Clock, system_clock
from shared.service import ledger_service
from shared.settings import Settings


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The intake service, wired but not started."""
    return ledger_service("intake", settings, clock)
