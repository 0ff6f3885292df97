"""Who gets the exact figures, and what those outside get instead: a release, and dates on which months turn."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from services.monitor.access.reader import Reader
from services.monitor.accommodations import Register
from services.monitor.answers.asking import SPLITS_MAX, Asked
from services.monitor.answers.windows import outside_window
from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.release import month_start
from services.monitor.figures.figure import Figure
from services.monitor.figures.question import Window
from shared.calendar import calendar_date
from shared.problems import INVALID_REQUEST, Fault, Problem

_PER = "per"


def audience_of(reader: Reader, where: Mapping[str, str], register: Register) -> Audience:
    """Inside when the reader may see exact figures of the part that is asked for; of the whole country without one."""
    area, region, provider = (where.get(name) for name in ("area", "region", "provider"))
    if reader.exact_in(area=area, region=region):
        return Audience.INSIDE
    if provider is not None:
        places = [one.accommodation for one in register.accommodations if one.provider == provider]
        if places and all(reader.exact_in(accommodation=one) for one in places):
            return Audience.INSIDE
    return Audience.OUTSIDE


def may_be_inside(reader: Reader) -> bool:
    """Whether any part of the country is exact to this reader: if not it is answered from a release."""
    return reader.may("figures:exact")


def to_release(figure: Figure, wanted: Asked, release: datetime) -> tuple[Asked, tuple[str, ...]]:
    """The question of one outside on a release: its date a month start or that of the release; with what was changed.

    From one day to the next an answer may differ by one person; from month to month it says only that it did. Raises
    the problem 400 for a question about more than two dimensions: nearly all of it would be withheld.
    """
    if len({*wanted.where, *wanted.split}) > SPLITS_MAX:
        detail = f"Those outside may combine {SPLITS_MAX} of {', '.join((*wanted.where, *wanted.split))}, not more."
        raise Problem(INVALID_REQUEST, detail, faults=[Fault(detail, "not-allowed", parameter="split")])
    last = calendar_date(release)
    on = last if wanted.on is None or wanted.on >= last else month_start(wanted.on)
    of = {one.name: one for one in figure.parameters}
    parameters = {name: of[name].outside(value) for name, value in wanted.parameters.items()}
    window = None
    if figure.period == "window":
        window = outside_window(figure, wanted.window, on=on, split=wanted.split, parameters=parameters)
    found = replace(wanted, on=on, known=release, window=window, parameters=parameters)
    return found, tuple(_changes(figure, wanted, found))


def _changes(figure: Figure, wanted: Asked, found: Asked) -> Iterable[str]:
    assert found.known is not None
    yield f"Known at the release of {calendar_date(found.known)}: figures are released to everyone once a month."
    if wanted.on is not None and wanted.on != found.on:
        yield f"The date is {found.on}, not {wanted.on}: those outside may ask for the first day of a month."
    if wanted.window is not None and wanted.window != found.window:
        yield f"The window is [{_text(found.window)}): those outside may ask for {_allowed(figure)}."
    for name, value in wanted.parameters.items():
        if found.parameters[name] != value:
            yield f"{name} is {found.parameters[name]}, not {value}: those outside may ask for multiples."


def _allowed(figure: Figure) -> str:
    if figure.calendar_years:
        return "calendar years that are over, one or apart"
    years = (
        ", or whole years apart" if "year" in figure.splits or _PER in [one.name for one in figure.parameters] else ""
    )
    return f"{figure.months} whole months that are over{years}"


def _text(window: Window | None) -> str:
    days: tuple[date, ...] = window or ()
    return ", ".join(map(str, days))
