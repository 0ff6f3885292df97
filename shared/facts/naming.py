"""Which keys a fact makes known and which it names, so that a service can warn of what it has not heard of; pure.

A warning is a flag that can already be seen. It refuses nothing: the fact that mends it may come later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

from shared.facts.envelope import Event

_DIGITS = "0123456789"
_COUNTED_DIGITS, _COUNTED = 6, 0xFFFFF
"""So many digits at the end of a key are a number, and the bits of a number that hold it; the others are a hash."""


@dataclass(frozen=True, slots=True)
class ReceiptWarning:
    """A flag on an accepted fact."""

    code: str
    """Of the flag (docs/flags.md)."""
    detail: str
    pointer: str
    """JSON pointer into the event: what is odd, or the key that is not known."""


class Naming(NamedTuple):
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
        "expert-advice-issued": (("consult", "consult"),),
        "waiting-started": (("waiting", "waiting"),),
        "support-requested": (("support", "support"),),
    }
)
"""By name of a fact: the kinds of keys that it makes known, each with its field."""


def _unless(kind: str, field: str, code: str, detail: str) -> tuple[str, str, ReceiptWarning]:
    """The kind of key that a field names, and what is said when it is not known."""
    return kind, field, ReceiptWarning(code, detail, f"/data/{field}")


_START = "The start of this placement is not known here."
_DEPARTURE = "No doorplaatsing or discharge from this placement is known here."
_GRANT = "The grant of this machtiging is not known here."
_ADVICE = "The advice of this consult is not known here."
_WAIT = "The beginning of this wait is not known here."
_SUPPORT = "The request for this support is not known here."
_REGISTRATION = "The registration of this referral is not known here."

_NAMES: Mapping[str, tuple[tuple[str, str, ReceiptWarning], ...]] = MappingProxyType(
    {
        "placement-started": (
            _unless("placement", "arrives_from", "F4", _START),
            _unless("departure", "arrives_from", "F2", _DEPARTURE),
        ),
        "doorplaatsing-recorded": (_unless("placement", "placement", "F4", _START),),
        "discharge-ready": (_unless("placement", "placement", "F4", _START),),
        "discharge-recorded": (_unless("placement", "placement", "F4", _START),),
        "machtiging-suspended": (_unless("machtiging", "machtiging", "F26", _GRANT),),
        "machtiging-resumed": (_unless("machtiging", "machtiging", "F26", _GRANT),),
        "machtiging-ended": (_unless("machtiging", "machtiging", "F26", _GRANT),),
        "referral-closed": (_unless("referral", "referral", "F26", _REGISTRATION),),
        "expert-advice-followed-up": (_unless("consult", "consult", "F26", _ADVICE),),
        "waiting-ended": (_unless("waiting", "waiting", "F26", _WAIT),),
        "support-resolved": (_unless("support", "support", "F26", _SUPPORT),),
        "leave-started": (_unless("placement", "placement", "F4", _START),),
        "leave-ended": (_unless("placement", "placement", "F4", _START),),
        "absence-started": (_unless("placement", "placement", "F4", _START),),
        "absence-ended": (_unless("placement", "placement", "F4", _START),),
        "closure-mode-changed": (_unless("placement", "placement", "F4", _START),),
        "education-changed": (_unless("placement", "placement", "F4", _START),),
        "care-plan-evaluated": (_unless("placement", "placement", "F4", _START),),
        "case-reviewed": (_unless("placement", "placement", "F4", _START),),
        "restriction-reported": (_unless("placement", "placement", "F4", _START),),
    }
)
"""By name of a fact: what it names."""


def said_by(name: str, data: Mapping[str, Any]) -> tuple[int, ...]:
    """The keys that a fact of this name with this data makes known."""
    return tuple([key_of(kind, data[field]) for kind, field in _SAYS.get(name, ())])


def saying(name: str, data: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values that those keys are made of."""
    return tuple([data[field] for _, field in _SAYS.get(name, ())])


def said(event: Event) -> tuple[int, ...]:
    """The keys that an event makes known."""
    fact = event.data
    return tuple([key_of(kind, getattr(fact, field)) for kind, field in _SAYS.get(fact.fact_name, ())])


def named(event: Event) -> tuple[Naming, ...]:
    """The keys that an event names."""
    fact = event.data
    return tuple(
        [
            Naming(key_of(kind, value), warning)
            for kind, field, warning in _NAMES.get(fact.fact_name, ())
            if (value := getattr(fact, field)) is not None
        ]
    )


def key_of(kind: str, value: str) -> int:
    """A number for a key. Two keys with one number, which is next to impossible, cost a warning and nothing else.

    Keys that count on, as P-2026-0012 and P-2026-0013 do, get neighbouring numbers: so what is said together lies
    together in the database, and a commit writes one page of it and not one for each key.
    """
    begin = max(len(value.rstrip(_DIGITS)), len(value) - _COUNTED_DIGITS)
    before, counted = value[:begin], value[begin:]
    digest = blake2b(f"{kind} {len(counted)} {before}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big", signed=True)
    return number & ~_COUNTED | int(counted) if counted else number
