"""Who was erased since a backup was made: they must not come back with it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who must be taken out of what arrives."""

    erasures: Sequence[Listed]
    unread: Sequence[Path]
    """Ledgers of the installation that is replaced that do not say whom they erased: gone or damaged."""


def wanted(settings: Settings, arriving: Path, *, file: Path | None, nobody_else: bool) -> Wanted:
    """Everybody who must be taken out of what arrives, as it says itself, what it replaces, and a file.

    Raises Failed when nobody says who was erased since the backup, or the lists were made with different keys.
    """
    live, unread = _readable(settings.data)
    if unread and not (file or nobody_else):
        lost = "" if len(unread) == len(LEDGER_SERVICES) else f", and {unread[0]} does not say who that was"
        raise Failed(
            f"whoever was erased since this backup was made would come back{lost}: give the list that `doorstroom"
            " erasures --to FILE` wrote with --erasures FILE, or say --nobody-erased"
        )
    keys = [settings.erasure_key, *(erasure_key_of(_at(settings, folder)) for folder in (settings.data, arriving))]
    known = {key for key in keys if key is not None}
    if len(known) > 1:
        raise Failed("the backup has another erasure key than this installation: it is of another one")
    found = [one for service in LEDGER_SERVICES for one in _listed(_ledger(arriving, service))] + live
    seal = Seal(known.pop()) if known else None
    if seal is None and (found or file):
        raise Failed("set DOORSTROOM_ERASURE_KEY to the key with which the list of erasures was made")
    if seal is not None and any(proof != seal.proof for _, proof in found):
        raise Failed("somebody was erased under another key; set DOORSTROOM_ERASURE_KEY to the key of then")
    everybody = [one for one, _ in found] + (deciding.read(file, seal) if file and seal else [])
    return Wanted(list({one.token: one for one in everybody}.values()), unread)


def take_out(settings: Settings, arriving: Path, erasures: Sequence[Listed], *, clock: Clock) -> None:
    """Take these out of the databases that arrive, and leave no byte of them. Raises Failed."""
    if not (arriving / KEY).exists() and (settings.data / KEY).exists():
        (arriving / KEY).write_bytes((settings.data / KEY).read_bytes())
        (arriving / KEY).chmod(0o600)
    if not erasures:
        return
    with stores(_at(settings, arriving), clock=clock) as opened:
        people = deciding.known(opened, erasures)
        apply(opened, erasures, people)
        clean_databases(opened)


def _at(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"data": folder})


def _ledger(folder: Path, service: str) -> Path:
    return folder / f"{service}.sqlite"


def _readable(folder: Path) -> tuple[list[tuple[Listed, str]], list[Path]]:
    """What the ledgers of an installation say of whom they erased, and those that do not say it."""
    found: list[tuple[Listed, str]] = []
    unread: list[Path] = []
    for service in LEDGER_SERVICES:
        file = _ledger(folder, service)
        try:
            found += _listed(file)
        except Failed:
            unread.append(file)
    return found, unread


def _listed(file: Path) -> list[tuple[Listed, str]]:
    """The list of a ledger, each entry with the proof of its key. Raises Failed when it cannot be read."""
    if not file.exists():
        raise Failed(f"there is no {file}")
    try:
        with closing(sqlite3.connect(address(file, "mode=ro"), uri=True)) as database:
            if database.execute(_HAS_LIST).fetchone() == (0,):
                return []
            rows = database.execute(_LIST).fetchall()
    except sqlite3.Error as error:
        raise Failed(f"who was erased cannot be read from {file}: {error}; give --erasures FILE") from error
    return [
        (Listed(token=token, basis=basis, erased_on=date.fromisoformat(on)), proof) for token, basis, on, proof in rows
    ]
