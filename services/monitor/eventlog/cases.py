"""Everybody in the event log, under a number that this log alone knows; pure."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from services.monitor.dossier.state import Dossier
from services.monitor.eventlog.happening import OBJECTS, Happening
from services.monitor.eventlog.happenings import happenings

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Case:
    """One young person."""

    name: str
    """The same in all files of one log, and another in the next."""
    happened: Sequence[Happening]
    """In order; never empty."""

    def named(self, one: Happening) -> Mapping[str, str]:
        """What this happening is about besides the young person, by kind: names that are unique in a log."""
        numbers = {kind: getattr(one, kind) for kind in OBJECTS}
        return {kind: f"{self.name}-{kind}-{number}" for kind, number in numbers.items() if number is not None}


def new_key() -> bytes:
    """A key for one log, that nobody has used."""
    return secrets.token_bytes(KEY_BYTES)


class Cases:
    """Everybody to whom something happened up to and with a day; iterate it as often as you like.

    `key` is of `new_key`: it decides the order and the numbers, so that these say nothing of pseudonyms, of
    when somebody came, or of another log.
    """

    def __init__(self, dossiers: Iterable[Dossier], *, until: date, key: bytes) -> None:
        told = [one for one in dossiers if happenings(one, until=until)]
        self._dossiers = sorted(told, key=lambda one: blake2b(one.person.encode(), key=key).digest())
        self._until = until

    def __len__(self) -> int:
        return len(self._dossiers)

    def __iter__(self) -> Iterator[Case]:
        width = len(str(len(self._dossiers)))
        for number, dossier in enumerate(self._dossiers, start=1):
            yield Case(f"y{number:0{width}}", happenings(dossier, until=self._until))
