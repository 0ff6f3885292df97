"""Which role of a person gives which scopes: the one table, which docs/access.md repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody in this role does, and may do here."""

    meaning: str
    scopes: frozenset[str]


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "operations": Role(
            "follows single cases of its areas and organisations, and answers their alerts",
            frozenset({"figures:read", "figures:exact", "cases:read", "alerts:write"}),
        ),
        "analyst": Role(
            "studies the figures of its areas; never a single case",
            frozenset({"figures:read", "figures:exact"}),
        ),
        "board": Role(
            "an alderman or director: the figures of the country, and exactly those of its own region",
            frozenset({"figures:read", "figures:exact"}),
        ),
        "admin": Role(
            "runs the installation: everything that the other scopes allow",
            frozenset({"admin"}),
        ),
    }
)
"""Every role by its name."""


class RoleUnknown(ValueError):
    """There is no such role; the message names those that are."""


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """All scopes that these roles give together. Raises RoleUnknown."""
    found: frozenset[str] = frozenset()
    for role in roles:
        if role not in ROLES:
            raise RoleUnknown(f"There is no role called {role}; use {', '.join(ROLES)}")
        found |= ROLES[role].scopes
    return found
