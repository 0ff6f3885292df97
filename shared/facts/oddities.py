"""What one fact shows to be odd by itself, so that its receipt can say so; the fold judges by the same rules. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from shared.calendar import add_months, calendar_date
from shared.facts.envelope import Event
from shared.facts.fact import Fact
from shared.facts.machtiging import MachtigingGranted
from shared.facts.naming import ReceiptWarning
from shared.facts.placement import CLOSED_REGIME, PlacementStarted

LATE_DAYS = 90
"""What is recorded more than so many days after it was true is late (F15)."""

REGULIER_MONTHS_MAX = 12
"""The longest term of a machtiging, and of the extension of a voorwaardelijke (Jeugdwet 6.1.12 lid 1 and 2)."""
VOORWAARDELIJK_MONTHS_MAX = 6
"""The longest term of a first voorwaardelijke machtiging (Jeugdwet 6.1.12 lid 2)."""
SPOED_DAYS_MAX = 28
"""The longest term of a spoedmachtiging: four weeks (Jeugdwet 6.1.12 lid 2)."""

_YEAR_MONTHS = 12


def odd(event: Event) -> tuple[ReceiptWarning, ...]:
    """What its receipt warns of besides keys that are not known: F8, F9, F11, F15 and F16."""
    fact = event.data
    look = _LOOKS.get(type(fact))
    found = () if look is None else tuple(look(fact))
    return (*found, *_of_its_day(event)) if event.precision is not None or is_late(event) else found


def days_late(event: Event) -> int:
    """How many days after the day by which it is dated its source recorded it; 0 for a fact without a date."""
    true_on = event.true_on
    return 0 if true_on is None else (calendar_date(event.time) - true_on).days


def is_late(event: Event) -> bool:
    """Whether its source recorded it more than 90 days after the day by which it is dated (F15)."""
    true_on = event.true_on
    # The date in UTC is that of Amsterdam or the day before, and costs a tenth of it.
    return true_on is not None and (event.time.date() - true_on).days >= LATE_DAYS and days_late(event) > LATE_DAYS


def is_rough(event: Event) -> bool:
    """Whether it is dated, and its source knows the month or the year only (F16)."""
    return event.precision is not None and event.precision != "day" and event.data.dated is not None


def is_too_long(grant: MachtigingGranted, *, regulier: int, voorwaardelijk: int, spoed: int) -> bool:
    """Whether the term is longer than these maxima: months, months of a first voorwaardelijke, days of a spoed (F8)."""
    if grant.kind == "spoed":
        return (grant.valid_until - grant.valid_from).days > spoed
    first = grant.kind == "voorwaardelijk" and grant.extends is None
    return grant.valid_until > add_months(grant.valid_from, voorwaardelijk if first else regulier)


def odd_age(started_on: date, birth_month: str) -> Literal["warning", "severe"] | None:
    """Whether the age at the start is certainly outside [12, 18); severe under 8, or over 18 and a half (F11).

    `birth_month` is YYYY-MM. The day of birth is unknown: the age in whole months is `months` or one less.
    """
    months = (started_on.year - int(birth_month[:4])) * _YEAR_MONTHS + started_on.month - int(birth_month[5:])
    if months >= 12 * _YEAR_MONTHS and months - 1 < 18 * _YEAR_MONTHS:
        return None
    return "severe" if months < 8 * _YEAR_MONTHS or months - 1 >= 18 * _YEAR_MONTHS + 6 else "warning"


def _of_grant(grant: MachtigingGranted) -> Iterator[ReceiptWarning]:
    maxima = {"regulier": REGULIER_MONTHS_MAX, "voorwaardelijk": VOORWAARDELIJK_MONTHS_MAX, "spoed": SPOED_DAYS_MAX}
    if is_too_long(grant, **maxima):
        yield _warning("F8", "The term is longer than the law allows.", "valid_until")
    if grant.granted_on > grant.valid_from:
        yield _warning("F9", "This is after the first day of the term.", "granted_on")


def _of_start(start: PlacementStarted) -> Iterator[ReceiptWarning]:
    if start.regime == CLOSED_REGIME and start.birth_month and odd_age(start.started_on, start.birth_month):
        yield _warning("F11", "By this a closed placement began at an age outside 12 to 18.", "birth_month")


def _of_its_day(event: Event) -> Iterator[ReceiptWarning]:
    if is_late(event):
        yield _warning("F15", f"This was recorded more than {LATE_DAYS} days later.", event.data.dated)
    if is_rough(event):
        detail = "The day is known roughly; it counts as it is written until it is corrected."
        yield ReceiptWarning("F16", detail, "/precision")


def _warning(code: str, detail: str, field: str) -> ReceiptWarning:
    return ReceiptWarning(code, detail, f"/data/{field}")


_LOOKS: Mapping[type[Fact], Callable[[Any], Iterator[ReceiptWarning]]] = MappingProxyType(
    {MachtigingGranted: _of_grant, PlacementStarted: _of_start}
)
