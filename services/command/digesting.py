"""`doorstroom digest`: the daily message of each team, printed, or written as files for a mail program to send."""

from pathlib import Path

import typer

from services.command.failures import Failed
from services.command.rebuilding import monitor_database
from services.monitor.alerts.digest import Digest, Links, as_html, as_text, digest
from services.monitor.alerts.rulebook import rulebook
from shared.clock import Clock
from shared.databases import reading
from shared.facts.regions import AREAS
from shared.settings import Settings

COUNTRY = "nederland"


def digests(settings: Settings, *, area: str | None, clock: Clock) -> dict[str, Digest]:
    """By team: the area that is asked for, or every area and the country. Raises Failed when there is no monitor."""
    teams = [area] if area else [*AREAS, COUNTRY]
    links = Links(settings.service_url("monitor"))
    with monitor_database(settings) as engine, reading(engine).begin() as connection:
        return {
            team: digest(
                connection,
                area=None if team == COUNTRY else team,
                owner=None,
                rules=rulebook(),
                now=clock(),
                links=links,
            )
            for team in teams
        }


def show(made: dict[str, Digest]) -> None:
    """Print them, one after the other."""
    for one in made.values():
        typer.echo(as_text(one))


def write(made: dict[str, Digest], folder: Path) -> None:
    """Write <team>.txt and <team>.html for each; an older one of the same team is replaced. Raises Failed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for team, one in made.items():
            (folder / f"{team}.txt").write_text(as_text(one), encoding="utf-8")
            (folder / f"{team}.html").write_text(as_html(one), encoding="utf-8")
    except OSError as error:
        raise Failed(f"{folder} cannot be written: {error.strerror}") from error
