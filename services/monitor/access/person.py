"""Somebody who can sign in: roles, for whom they work, and which part of the country they see; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.monitor.access.reader import ALL, NOTHING, Bound, Reader
from services.monitor.access.roles import RoleUnknown, scopes_of
from shared.facts.regions import AREAS, REGIONS

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_EVERY = "*"


class PersonInvalid(ValueError):
    """What was asked for breaks a rule; the message says which."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is and what they were given, by an account or by an identity provider."""

    name: str
    """Tells them from everybody else, for ever; the access log names them so."""
    roles: tuple[str, ...]
    organisation: str | None = None
    areas: Bound = NOTHING
    regions: frozenset[str] = NOTHING
    accommodations: Bound = NOTHING

    def reader(self) -> Reader:
        """What they may do and see. Raises RoleUnknown."""
        return Reader(
            self.name,
            "person",
            scopes=scopes_of(self.roles),
            areas=self.areas,
            accommodations=self.accommodations,
            regions=self.regions,
            roles=self.roles,
            organisation=self.organisation,
        )


def bound(names: Iterable[str]) -> Bound:
    """The bound that these names say; `*` is every one."""
    given = frozenset(names)
    return ALL if _EVERY in given else given


def check(person: Person) -> None:
    """Raises PersonInvalid where a role, an area or a region does not exist, or nothing could be done with it."""
    if not person.roles:
        raise PersonInvalid("Give at least one role")
    try:
        scopes_of(person.roles)
    except RoleUnknown as error:
        raise PersonInvalid(str(error)) from error
    areas = NOTHING if person.areas is ALL else person.areas
    if unknown := areas - set(AREAS):
        raise PersonInvalid(f"There is no area called {min(unknown)}; use {', '.join(AREAS)} or *")
    if unknown := person.regions - REGIONS.keys():
        raise PersonInvalid(f"There is no youth region {min(unknown)}; use a code such as JZ24")


def check_account_name(name: str) -> None:
    """Raises PersonInvalid unless it can be the name of an account here."""
    if not _NAME.fullmatch(name):
        raise PersonInvalid("A name has 1 to 64 lower-case letters, digits, dots, hyphens, underscores and at signs")


def to_json(person: Person) -> dict[str, Any]:
    """Everything but the name, as it is kept."""
    return {
        "roles": list(person.roles),
        "organisation": person.organisation,
        "areas": _names(person.areas),
        "regions": sorted(person.regions),
        "accommodations": _names(person.accommodations),
    }


def from_json(name: str, kept: Mapping[str, Any]) -> Person:
    """The person that was kept so."""
    return Person(
        name,
        tuple(kept["roles"]),
        kept["organisation"],
        areas=bound(kept["areas"]),
        regions=frozenset(kept["regions"]),
        accommodations=bound(kept["accommodations"]),
    )


def _names(of: Bound) -> list[str]:
    return [_EVERY] if of is ALL else sorted(of)
