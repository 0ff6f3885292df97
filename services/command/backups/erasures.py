"""Who was erased since a backup was made: they must not come back with it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from services.command.backups.copies import address
from services.command.erasing import deciding
from services.command.erasing.applying import apply
from services.command.erasing.cleaning import clean_databases
from services.command.erasing.deciding import Listed
from services.command.erasing.stores import stores
from services.command.erasure_key import KEY, erasure_key_of
from services.command.failures import Failed
from services.command.supervision.system import LEDGER_SERVICES
from shared.clock import Clock
from shared.erasure import Seal
from shared.settings import Settings

_LIST = "SELECT token, basis, erased_on, proof FROM erasure"
_HAS_LIST = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'erasure'"


def wanted(settings: Settings, arriving: Path, *, file: Path | None, live: bool, nobody_else: bool) -> Sequence[Listed]:
    """Everybody who must be taken out of what arrives; `live`: an installation is there that knows its erasures.

    Raises Failed when nobody says who was erased since the backup, or the lists were made with different keys.
    """
    if not (live or file or nobody_else):
        raise Failed(
            "whoever was erased since this backup was made would come back: give the list that `doorstroom erasures"
            " --to FILE` wrote with --erasures FILE, or say --nobody-erased"
        )
    keys = [settings.erasure_key, *(erasure_key_of(_at(settings, folder)) for folder in (settings.data, arriving))]
    known = {key for key in keys if key is not None}
    if len(known) > 1:
        raise Failed("the backup has another erasure key than this installation: it is of another one")
    found = _listed(arriving) + (_listed(settings.data) if live else [])
    seal = Seal(known.pop()) if known else None
    if seal is None and (found or file):
        raise Failed("set DOORSTROOM_ERASURE_KEY to the key with which the list of erasures was made")
    if seal is not None and any(proof != seal.proof for _, proof in found):
        raise Failed("somebody was erased under another key; set DOORSTROOM_ERASURE_KEY to the key of then")
    everybody = [one for one, _ in found] + (deciding.read(file, seal) if file and seal else [])
    return list({one.token: one for one in everybody}.values())


def take_out(settings: Settings, arriving: Path, erasures: Sequence[Listed], *, clock: Clock) -> None:
    """Take these out of the databases that arrive, and leave no byte of them. Raises Failed."""
    if not (arriving / KEY).exists() and (settings.data / KEY).exists():
        (arriving / KEY).write_bytes((settings.data / KEY).read_bytes())
        (arriving / KEY).chmod(0o600)
    if not erasures:
        return
    with stores(_at(settings, arriving), clock=clock) as opened:
        people = deciding.known(opened)
        apply(opened, erasures, people)
        clean_databases(opened)


def _at(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"data": folder})


def _listed(folder: Path) -> list[tuple[Listed, str]]:
    """The lists of the ledgers in a folder, each entry with the proof of its key."""
    found = []
    for service in LEDGER_SERVICES:
        file = folder / f"{service}.sqlite"
        if not file.exists():
            continue
        try:
            with closing(sqlite3.connect(address(file, "mode=ro"), uri=True)) as database:
                if database.execute(_HAS_LIST).fetchone() == (0,):
                    continue
                rows = database.execute(_LIST).fetchall()
        except sqlite3.Error as error:
            raise Failed(f"who was erased cannot be read from {file}: {error}; give --erasures FILE") from error
        found += [
            (Listed(token=token, basis=basis, erased_on=date.fromisoformat(on)), proof)
            for token, basis, on, proof in rows
        ]
    return found
