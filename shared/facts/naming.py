"""Which keys a fact makes known and which it names, so that a service can warn of what it has not heard of; pure.

A warning is a flag that can already be seen. It refuses nothing: the fact that mends it may come later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from shared.facts.envelope import Event


@dataclass(frozen=True, slots=True)
class ReceiptWarning:
    """A flag on an accepted fact."""

    code: str
    """Of the flag (docs/flags.md)."""
    detail: str
    pointer: str
    """JSON pointer into the event: the key that is not known."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A fact names something; unless it is known there is a warning."""

    key: int
    warning: ReceiptWarning


_SAYS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "placement-started": (("placement", "placement"),),
        "doorplaatsing-recorded": (("departure", "placement"),),
        "discharge-recorded": (("departure", "placement"),),
        "machtiging-granted": (("machtiging", "machtiging"),),
        "referral-registered": (("referral", "referral"),),
    }
)
"""By name of a fact: the kinds of keys that it makes known, each with its field."""

_UNKNOWN_PLACEMENT = "F4", "The start of this placement is not known here."
_UNKNOWN_MACHTIGING = "F26", "The grant of this machtiging is not known here."
_NO_DEPARTURE = "F2", "No doorplaatsing or discharge from this placement is known here."
_UNKNOWN_REFERRAL = "F26", "The registration of this referral is not known here."

_NAMES: Mapping[str, tuple[tuple[str, str, tuple[str, str]], ...]] = MappingProxyType(
    {
        "placement-started": (
            ("placement", "arrives_from", _UNKNOWN_PLACEMENT),
            ("departure", "arrives_from", _NO_DEPARTURE),
        ),
        "doorplaatsing-recorded": (("placement", "placement", _UNKNOWN_PLACEMENT),),
        "discharge-recorded": (("placement", "placement", _UNKNOWN_PLACEMENT),),
        "machtiging-suspended": (("machtiging", "machtiging", _UNKNOWN_MACHTIGING),),
        "machtiging-resumed": (("machtiging", "machtiging", _UNKNOWN_MACHTIGING),),
        "machtiging-ended": (("machtiging", "machtiging", _UNKNOWN_MACHTIGING),),
        "referral-closed": (("referral", "referral", _UNKNOWN_REFERRAL),),
    }
)
"""By name of a fact: the kinds of keys that it names, each with its field and what is said when it is not known."""


def said_by(name: str, data: Mapping[str, Any]) -> tuple[int, ...]:
    """The keys that a fact of this name with this data makes known."""
    return tuple(key_of(kind, data[field]) for kind, field in _SAYS.get(name, ()))


def said(event: Event) -> tuple[int, ...]:
    """The keys that an event makes known."""
    return tuple(key_of(kind, getattr(event.data, field)) for kind, field in _SAYS.get(event.data.fact_name, ()))


def named(event: Event) -> tuple[Naming, ...]:
    """The keys that an event names."""
    return tuple(_named(event))


def _named(event: Event) -> Iterator[Naming]:
    fact = event.data
    for kind, field, (code, detail) in _NAMES.get(fact.fact_name, ()):
        value = getattr(fact, field)
        if value is not None:
            yield Naming(key_of(kind, value), ReceiptWarning(code, detail, f"/data/{field}"))


def key_of(kind: str, value: str) -> int:
    """A number for a key. Two keys with one number, which is next to impossible, cost a warning and nothing else."""
    return int.from_bytes(blake2b(f"{kind} {value}".encode(), digest_size=8).digest(), "big", signed=True)
