"""The commands about backups of the embedded default."""

from pathlib import Path
from typing import Annotated

import typer

backups = typer.Typer()

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: var).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")]


@backups.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to; not there yet, or empty.", show_default=False)],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy the databases, the feed token and the erasure key while everything runs, and verify the copy."""
    from services.command import backup_reports
    from services.command.backups import making
    from services.command.choices import settings_from
    from shared.clock import system_clock

    made = making.backup(settings_from(data), folder, clock=system_clock)
    backup_reports.backed_up(made, folder, as_json=as_json)


@backups.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.", show_default=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Set aside what is in the data folder.")] = False,
    erasures: Annotated[
        Path | None, typer.Option(help="Who was erased: what `doorstroom erasures --to FILE` wrote.")
    ] = None,
    nobody_erased: Annotated[
        bool, typer.Option("--nobody-erased", help="Nobody was erased since this backup was made.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fill a data folder with a verified backup, without those who were erased since; up makes the streams again."""
    from services.command import backup_reports
    from services.command.backups import restoring
    from services.command.choices import settings_from
    from shared.clock import system_clock

    settings = settings_from(data)
    said = restoring.Erasures(erasures, nobody_erased)
    restored = restoring.restore(settings, folder, replace=replace, erasures=said, clock=system_clock)
    backup_reports.restored(restored, settings, as_json=as_json)
