"""Keeps what was made for a page until what it depends on has changed, and makes it again before somebody asks.

While facts come in every second nobody waits for figures over all of history: a reader gets what was made last, which
says as known when, and is told when the next is there (see live.py).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

KEPT_MAX = 400
"""Results that are kept; the longest unused goes first."""
STALE_SECONDS_MAX = 60.0
"""How old a result of another version may be for a reader to get it."""
PINNED_SECONDS = 40.0
"""How old what is pinned may become: younger than a reader may get it, so that nobody waits for it."""
WATCHED_SECONDS = 300.0
"""A result that nobody asked for so long is not made again before somebody does."""

T = TypeVar("T")


@dataclass(slots=True)
class _Kept(Generic[T]):
    version: Hashable
    value: T
    make: Callable[[], T]
    made_at: float
    used_at: float
    follows: bool
    """Whether it is made again when the version changes."""
    pinned: bool
    """Whether it is made again also when nobody asks for it."""
    asked: bool = False
    """Whether anybody asked for it, and not only we ourselves ahead of them."""


class Keeping:
    """Results by what was asked. Blocking; any number of threads may ask, and each result is made by one of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept[Any]] = OrderedDict()
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def of(self, key: Hashable, version: Hashable, make: Callable[[], T], *, follows: bool, pinned: bool = False) -> T:
        """The result of this version, or one of an earlier version that is not too old if it `follows` the version."""
        kept = self._usable(key, version)
        if kept is None:
            with self._turn(key):
                kept = self._usable(key, version) or self._make(key, version, make, follows=follows)
        kept.pinned, kept.asked = kept.pinned or pinned, kept.asked or not pinned
        value: T = kept.value
        return value

    def unpin(self) -> None:
        """From now on nothing is made again unless somebody asks for it."""
        with self._lock:
            for kept in self._kept.values():
                kept.pinned = False

    def refresh(self, version: Hashable, *, pinned: bool = True, enough: Callable[[], bool] = lambda: False) -> int:
        """Make again what follows another version than this and is watched, or pinned and old, until it is `enough`.

        Without `pinned` only what somebody asked for. Answers how many were made.
        """
        now = monotonic()
        with self._lock:
            old = [
                (key, kept)
                for key, kept in self._kept.items()
                if kept.follows
                and kept.version != version
                and (
                    (kept.asked and now - kept.used_at < WATCHED_SECONDS)
                    or (pinned and kept.pinned and now - kept.made_at > PINNED_SECONDS)
                )
            ]
        for number, (key, kept) in enumerate(old):
            if enough():
                return number
            with self._turn(key):
                made = self._make(key, version, kept.make, follows=True)
                made.used_at, made.pinned, made.asked = kept.used_at, kept.pinned, kept.asked
        return len(old)

    def _usable(self, key: Hashable, version: Hashable) -> _Kept[Any] | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            fresh = kept.version == version or (kept.follows and monotonic() - kept.made_at < STALE_SECONDS_MAX)
            if not fresh:
                return None
            kept.used_at = monotonic()
            self._kept.move_to_end(key)
            return kept

    def _make(self, key: Hashable, version: Hashable, make: Callable[[], T], *, follows: bool) -> _Kept[T]:
        value = make()
        now = monotonic()
        made = _Kept(version, value, make, now, now, follows, pinned=False)
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                gone, _ = self._kept.popitem(last=False)
                self._locks.pop(gone, None)
        return made

    def _turn(self, key: Hashable) -> Lock:
        with self._lock:
            return self._locks.setdefault(key, Lock())
