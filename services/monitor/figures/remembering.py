"""What takes long and is the same for many questions is made once of everyone known at a moment, and goes with that."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from services.monitor.dossier.spells import Spells

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembering(Generic[K, V]):
    """Values by what is known and a key. Any number of threads may ask; two at once may both make a value."""

    def __init__(self, *, most: int) -> None:
        """Of one moment at `most` so many are kept; after that it is begun anew."""
        self._most = most
        self._kept: WeakKeyDictionary[Spells, dict[K, V]] = WeakKeyDictionary()

    def of(self, spells: Spells, key: K, make: Callable[[], V]) -> V:
        """The value of this key among these."""
        kept = self._kept.setdefault(spells, {})
        with suppress(KeyError):  # One look: between two another thread may begin anew.
            return kept[key]
        if len(kept) >= self._most:
            kept.clear()
        value = kept[key] = make()
        return value
