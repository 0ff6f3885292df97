"""`doorstroom export`: the event log in files, for analysts and their tools."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError
from rich.progress import Progress, TaskID

from services.command import accounts, reports
from services.command.failures import Failed, WrongCall
from services.command.rebuilding import monitor_database
from services.monitor.app import rules_of
from services.monitor.eventlog.cases import Case, Cases, new_key
from services.monitor.eventlog.formats import FORMATS
from services.monitor.history.history import History
from services.monitor.history.moments import KnownMoment
from shared.calendar import calendar_date, rfc3339
from shared.clock import Clock
from shared.settings import Settings

PARTIAL = ".partial"
"""Ends the name of a file that is not whole yet."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    known: datetime
    """K: what was accepted later is not in it, nor what is dated after its day."""
    final: bool
    """Whether the same question has this answer for ever."""
    persons: int
    events: int
    files: tuple[Path, ...]


def moment(written: str, *, now: datetime) -> datetime:
    """A moment, or a date until it ends, that has been. Raises WrongCall."""
    try:
        known = TypeAdapter(KnownMoment).validate_python(written)
    except ValidationError as error:
        raise WrongCall("--known is a date, or a moment with its offset: 2026-03-02T14:30:00+01:00") from error
    if known > now:
        raise WrongCall("--known lies ahead: what will be known then cannot be told")
    return known


def export(
    settings: Settings, folder: Path, *, formats: Collection[str], known: datetime | None, clock: Clock
) -> Exported:
    """Write the event log as known at that moment, of now without one, in these formats, or in all.

    A file is there whole or not at all. Raises WrongCall where one is there already, and Failed.
    """
    if unknown := {*formats} - FORMATS.keys():
        raise WrongCall(f"there is no format {min(unknown)}; choose from {', '.join(FORMATS)}")
    files = {one: folder / made.file for one, made in FORMATS.items() if not formats or one in formats}
    if there := [str(file) for file in files.values() if file.exists()]:
        raise WrongCall(f"{', '.join(there)} is there already; choose another folder")
    with monitor_database(settings) as engine:
        found = History(engine, rules=rules_of(settings), clock=clock).known_at(known)
        cases = Cases(found.dossiers, until=calendar_date(found.known), key=new_key())
    # Before anything leaves, as with every other way to see a case.
    accounts.note(settings, "log-exported", f"export --known {rfc3339(found.known)} {' '.join(files)}", clock=clock)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with reports.progress_bar("young persons") as bar:
            for one, file in files.items():
                with _whole(file) as opened:
                    watched = _Watched(cases, bar, bar.add_task(file.name, total=len(cases)))
                    FORMATS[one].write(watched, opened, found.known)
    except OSError as error:
        raise Failed(f"{folder} cannot be written: {error.strerror}") from error
    events = sum(len(case.happened) for case in cases)
    return Exported(found.known, found.final, len(cases), events, tuple(files.values()))


def show(done: Exported, *, as_json: bool) -> None:
    """Print what is in an event log, and where."""
    if as_json:
        files = [str(file) for file in done.files]
        reports.as_line(asdict(done) | {"known": rfc3339(done.known), "files": files})
        return
    known = f"as known at {rfc3339(done.known)}" + (", for ever" if done.final else "")
    reports.say(f"{done.events:,} events of {done.persons:,} young persons, {known}:")
    for file in done.files:
        reports.say(str(file))


class _Watched:
    """The same cases; a bar follows how many were gone through."""

    def __init__(self, cases: Cases, bar: Progress, task: TaskID) -> None:
        self._cases, self._bar, self._task = cases, bar, task

    def __iter__(self) -> Iterator[Case]:
        self._bar.reset(self._task)
        for case in self._cases:
            yield case
            self._bar.advance(self._task)


@contextmanager
def _whole(file: Path) -> Iterator[BinaryIO]:
    """A file for this user only that gets its name when all of it is on disk."""
    partial_file = file.with_name(file.name + PARTIAL)
    try:
        descriptor = os.open(partial_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        partial_file.rename(file)
    finally:
        partial_file.unlink(missing_ok=True)
