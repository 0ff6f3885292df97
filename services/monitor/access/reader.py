"""A reader of the monitor: what it may do, and which part of the country it may see; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from shared.facts.regions import AREA_OF


class Unbounded(Enum):
    """The one bound that leaves nothing out."""

    ALL = "*"


ALL: Final = Unbounded.ALL
"""In the bounds of a reader: every one of them."""

Bound = frozenset[str] | Literal[Unbounded.ALL]
"""Which areas, regions or accommodations a reader may see."""

Kind = Literal["public", "publisher", "person"]
"""Nobody in particular, a system with a token, or somebody who signed in."""

NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as far as an answer depends on it. A reader that was given nothing may do and see nothing."""

    name: str
    kind: Kind
    scopes: frozenset[str] = NOTHING
    """What it may do (shared/publishers/registry.py lists all scopes)."""
    areas: Bound = NOTHING
    """Areas of closed youth care it sees whole; ALL makes it a national reader."""
    accommodations: Bound = NOTHING
    """Accommodations whose young persons it sees, wherever they are."""
    sources: frozenset[str] = NOTHING
    """Sources of facts that are its own."""
    regions: frozenset[str] = NOTHING
    """Youth regions it sees besides those in its areas."""
    roles: tuple[str, ...] = ()
    """The roles of a person, by name; none for the others."""
    organisation: str | None = None
    """For whom it works, as the access log names it."""

    def may(self, scope: str) -> bool:
        """Whether it was given this scope; `admin` is every scope."""
        return scope in self.scopes or "admin" in self.scopes

    @property
    def national(self) -> bool:
        """Whether it sees the whole country."""
        return self.areas is ALL

    @property
    def exact(self) -> bool:
        """Whether it may see exact figures of the whole country, and so of every part of it."""
        return self.may("figures:exact") and self.national

    def exact_in(self, *, area: str | None = None, region: str | None = None, accommodation: str | None = None) -> bool:
        """Whether it may see exact figures of what these choose together: one that lies within its bounds is enough.

        Without a choice the question is about the whole country.
        """
        own = (
            (area is not None and within(self.areas, area))
            or (region is not None and self._sees_region(region))
            or (accommodation is not None and within(self.accommodations, accommodation))
        )
        return self.may("figures:exact") and (self.national or own)

    def _sees_region(self, region: str) -> bool:
        return region in self.regions or within(self.areas, AREA_OF.get(region, ""))


PUBLIC = Reader("public", "public", scopes=frozenset({"figures:read"}))
"""Everybody who says nothing about themselves."""

NOBODY = Reader("public", "public")
"""The same where the figures are not open to everybody."""


def within(bound: Bound, *values: str) -> bool:
    """Whether any of these lies within the bound."""
    return bound is ALL or any(value in bound for value in values)


def may_see(reader: Reader, *, regions: Iterable[str] = (), accommodations: Iterable[str] = ()) -> bool:
    """Whether a reader may see a young person who is, or last was, in these regions and accommodations.

    It needs the scope `cases:read`, and one of these within its bounds; of whom no place is known yet, only a national
    reader sees anything.
    """
    if not reader.may("cases:read"):
        return False
    return (
        reader.national
        or any(reader._sees_region(region) for region in regions)
        or within(reader.accommodations, *accommodations)
    )
