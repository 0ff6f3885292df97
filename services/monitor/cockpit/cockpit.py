"""The cockpit put together: its pages, its files and its live stream, on an app."""

from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy import Engine

from services.monitor.access import Access
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.answers.answering import Figures
from services.monitor.cockpit.assets import PATH, Assets
from services.monitor.cockpit.attention import Attention
from services.monitor.cockpit.case_pages import CasePages, add_case_pages
from services.monitor.cockpit.live import Live, add_live
from services.monitor.cockpit.mishaps import add_nowhere
from services.monitor.cockpit.overview import Overview
from services.monitor.cockpit.pages import FigurePages, add_figure_pages
from services.monitor.cockpit.rendering import Pages
from services.monitor.history.history import History
from services.monitor.watch import Watch
from shared.clock import Clock
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages show: figures, the history behind a case, and alerts."""

    figures: Figures
    history: History
    engine: Engine
    """Of the database of the monitor, with durable commits: an acknowledgement is said nowhere else."""
    rules: Rulebook
    watch: Watch


def add_cockpit(
    app: FastAPI, sources: Sources, access: Access, assets: Assets, *, settings: Settings, clock: Clock
) -> Live:
    """The routes of the cockpit; what it gives has to run while the app does."""
    pages = Pages(access, assets)
    overview = Overview(sources.figures, sources.engine, watch=sources.watch, clock=clock)
    attention = Attention(sources.engine, access, overview, rules=sources.rules, clock=clock)
    live = Live(overview, attention, access, clock=clock)
    add_figure_pages(app, FigurePages(pages, overview, attention, settings=settings, clock=clock), pages)
    link_days = sources.figures.conventions.link_days
    add_case_pages(app, CasePages(pages, attention, sources.history, link_days=link_days), pages)
    app.add_route(PATH + "/{file}", assets.serve, methods=["GET"], include_in_schema=False)
    add_live(app, live)
    add_nowhere(app, pages)
    return live
