"""The commands about erasure: somebody out of every store, and the decisions on record."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.command.failures import WrongCall

erasure = typer.Typer()

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: var).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")]
Basis = Literal["request", "retention-ended", "unlawful", "court-order", "other"]


@erasure.command()
def erase(
    pseudonym: Annotated[
        str | None,
        typer.Argument(help="Whom; - reads it from standard input, so that no list of processes shows it."),
    ] = None,
    basis: Annotated[Basis, typer.Option(help="Why; it stays on record.")] = "request",
    erased_on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the decision.", show_default="today")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show where the pseudonym is.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Complete what is on record and not done.")] = False,
    listed: Annotated[
        Path | None,
        typer.Option("--erasures", help="With --finish: also everybody on this list, of erasures --to."),
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="With --finish: only when something is not done.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Erase a young person from every store, for ever, and search every store for what may be left."""
    from services.command import erase_reports
    from services.command.choices import settings_from
    from services.command.erasing import command
    from shared.calendar import calendar_date
    from shared.clock import system_clock
    from shared.logs import configure_logging

    configure_logging("erase")
    settings = settings_from(data)
    if finish == (pseudonym is not None) or (finish and dry_run) or ((listed is not None or due) and not finish):
        raise WrongCall("name a pseudonym (- for standard input), or --finish what is on record; not both")
    if pseudonym is None:
        finished = command.finish(settings, clock=system_clock, file=listed, only_due=due)
        erase_reports.finished(finished, as_json=as_json)
        if not finished.done:
            raise typer.Exit(1)
        return
    name = sys.stdin.readline().strip() if pseudonym == "-" else pseudonym
    today = calendar_date(system_clock())
    on = erased_on.date() if erased_on else today
    if on > today:
        raise WrongCall("--on lies ahead: it is the day on which it was decided")
    report = command.erase(settings, name, basis=basis, erased_on=on, clock=system_clock, dry_run=dry_run)
    erase_reports.erased(report, as_json=as_json)
    if not dry_run and not report.done:
        raise typer.Exit(1)


@erasure.command()
def erasures(
    to: Annotated[Path | None, typer.Option(help="Write the list there, for a restore; it names nobody.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show every decision to erase somebody, and which stores have done it; never about whom."""
    from services.command import erase_reports
    from services.command.choices import settings_from
    from services.command.erasing import command
    from shared.clock import system_clock

    settings = settings_from(data)
    if to is not None:
        command.write(settings, to, clock=system_clock)
    erase_reports.decisions(command.on_record(settings, clock=system_clock), as_json=as_json)
