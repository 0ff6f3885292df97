"""`doorstroom erase` and `doorstroom erasures`: out of every store, and what was decided on record."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.command.erasing.applying import apply
from services.command.erasing.cleaning import clean
from services.command.erasing.deciding import Listed, known, listed, read, written
from services.command.erasing.searching import search, unsearched
from services.command.erasing.stores import Stores, stores
from services.command.failures import Failed, WrongCall
from services.command.supervision.folder import locked
from services.monitor.erasing import note_cleaned
from shared.clock import Clock
from shared.scrubbing import Remains
from shared.settings import Settings

ALONE_S_MAX = 60.0
"""How long another erasure may take to be completed before this one gives up."""

_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Report:
    """What an erasure did."""

    listed: Listed | None
    """The decision on record; None when nothing was done."""
    found: Mapping[str, int]
    """Where the pseudonym was before, and how often."""
    left: Mapping[str, int]
    """Where it still is."""
    remains: Remains
    """What somebody else has to do."""
    unsearched: Sequence[str]
    """Where nobody looked."""

    @property
    def done(self) -> bool:
        """Whether it is gone from everywhere that can be reached."""
        return not self.left and not self.remains.undone


@dataclass(frozen=True, slots=True)
class Finished:
    """What the completion of everything on record did."""

    erasures: Sequence[Listed]
    left: Mapping[str, Sequence[str]]
    """By decision where something still is, of those who were still known by name."""
    remains: Remains
    due: int = 0
    """How many there were to complete."""

    @property
    def done(self) -> bool:
        """Whether nothing is left to do here; who was not known by name any more was not looked for."""
        return not self.left and not self.remains.undone


def erase(settings: Settings, pseudonym: str, *, basis: str, erased_on: date, clock: Clock, dry_run: bool) -> Report:
    """Take a young person out of every store, and look whether anything is left. Raises Failed or WrongCall."""
    if not _PSEUDONYM.fullmatch(pseudonym):
        raise WrongCall("a pseudonym has 16 to 64 letters, digits, - and _")
    with stores(settings, clock=clock, making_key=not dry_run) as opened, _alone(settings, wait_s=ALONE_S_MAX):
        found, elsewhere = search(opened, pseudonym), unsearched(opened)
        if dry_run:
            return Report(None, found, found, Remains(), elsewhere)
        token = opened.seal.person(pseudonym)
        before = next((one for one in listed(opened) if one.token == token), None)
        decision = before or Listed(token=token, basis=basis, erased_on=erased_on)
        apply(opened, [decision], known(opened, [decision], also=[pseudonym]))
        remains = clean(opened)
        left = search(opened, pseudonym)
        if not left and not remains.undone:
            _note_cleaned(opened, [token], searched=[token])
        now = next(one for one in listed(opened) if one.token == token)
        return Report(now, found, left, remains, elsewhere)


def finish(settings: Settings, *, clock: Clock, file: Path | None = None, only_due: bool = False) -> Finished:
    """Do in every store what any of them, or a list, has on record: after an interruption, or one door only had it.

    `only_due`: nothing is written anew when all of it is done, nor while somebody else does it. Whoever is in no store
    under a name any more cannot be looked for without it. Raises Failed.
    """
    with stores(settings, clock=clock) as opened, _alone(settings, wait_s=0 if only_due else ALONE_S_MAX):
        everything = listed(opened)
        known_already = {one.token for one in everything}
        if file is not None:
            everything += [one for one in read(file, opened.seal) if one.token not in known_already]
        due = [one for one in everything if not (only_due and one.cleaned)]
        if not due:
            return Finished(everything, {}, Remains())
        people = known(opened, due)
        apply(opened, due, people)
        remains = clean(opened)
        names = {one.token: name for one in due if (name := people.of(one)) is not None}
        left = {token: tuple(places) for token, name in names.items() if (places := search(opened, name))}
        if not remains.undone:
            gone = [one.token for one in due if one.token not in left]
            _note_cleaned(opened, gone, searched=[token for token in gone if token in names])
        return Finished(listed(opened), left, remains, len(due))


@contextmanager
def _alone(settings: Settings, *, wait_s: float) -> Iterator[None]:
    """Two at once on one folder would keep each other from writing files anew. Raises Failed while another does it."""
    if not os.access(settings.data, os.W_OK):  # Nothing of this installation is in a folder.
        yield
        return
    with locked(settings.data / "erasing.lock", wait_s=wait_s) as lock:
        if lock is None:
            raise Failed("another erasure is being completed; call this again when it is done")
        yield


def on_record(settings: Settings, *, clock: Clock) -> list[Listed]:
    """Every decision, the oldest first. Raises Failed."""
    with stores(settings, clock=clock) as opened:
        return listed(opened)


def _note_cleaned(opened: Stores, tokens: Sequence[str], *, searched: Sequence[str]) -> None:
    # The ledgers last: what they have not noted is seen by `up`, and done again.
    note_cleaned(opened.engines["monitor"], tokens, clock=opened.clock)
    for ledger in opened.ledgers.values():
        ledger.note_cleaned(tokens, searched=searched)


def write(settings: Settings, to: Path, *, clock: Clock) -> None:
    """Write the list to a file, whole or not at all, readable by this user only. Raises Failed."""
    with stores(settings, clock=clock) as opened:
        text = written(opened, listed(opened))
    new = to.with_name(f".{to.name}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(to)
    except OSError as error:
        raise Failed(f"{to} cannot be written: {error.strerror}") from error
