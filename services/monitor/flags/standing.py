"""The flags that stand on a day, as known at a moment: one pure function for the API, the gauge and every page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from services.monitor.accommodations import HeadCount
from services.monitor.dossier.days import days, open_on
from services.monitor.dossier.flags import FLAGS, TITLE_GRACE_DAYS, raised, severity_on
from services.monitor.dossier.state import Dossier, Flag, Placement, Severity
from services.monitor.dossier.titles import uncovered
from services.monitor.flags.places import Places, differs
from services.monitor.history.known import Known
from shared.calendar import calendar_date
from shared.facts.placement import CLOSED_REGIME

SEVERITIES: tuple[Severity, ...] = ("severe", "warning", "info")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A flag on a day."""

    code: str
    severity: Severity
    since_on: date
    days: int
    """How old it is."""
    until_on: date | None
    """The first day that is no part of it any more, of days without title (F6); None for every other flag."""
    about: str
    """The publisher's key of a placement, machtiging or record that it is about; or an accommodation, or a source."""
    source: str
    """The source of the fact that shows it."""
    person: str | None
    """None when it is about an accommodation or a source."""
    accommodation: str | None
    """Of the placement it is about, or of the last one of the person; None where there is none."""
    region: str | None


def standing_flags(known: Known, *, on: date) -> tuple[Standing, ...]:
    """Every flag that stands on this day, in an order that depends on what they say only."""
    places = Places(known.register)
    found = [flag for dossier in known.dossiers for flag in person_flags(dossier, places, on=on)]
    found += other_flags(known, places, on=on)
    return in_order(found)


def in_order(flags: Sequence[Standing]) -> tuple[Standing, ...]:
    """The worst first, then the oldest."""
    return tuple(sorted(flags, key=_order))


def counted(flags: Sequence[Standing]) -> Mapping[str, int]:
    """How many there are of each code."""
    return Counter(flag.code for flag in flags)


class Raised(NamedTuple):
    """A flag about a person, and the days [from_on, until_on) on which it counts; for ever when until_on is None."""

    flag: Flag
    from_on: date
    until_on: date | None
    over_on: date | None = None
    """Of days without title (F6) the first day that is no part of them any more; None for every other flag."""


def raised_spans(dossier: Dossier) -> Iterator[Raised]:
    """Those that follow from the facts about the person alone: what the fold raised, and nights without title (F6)."""
    for flag in dossier.flags:
        yield _raised(flag)
    for closure in dossier.closures:
        for start, end in uncovered(closure, dossier.titles, until=date.max):
            inside = next(one for one in closure.placements if one.started_on <= start and _lasts(one, start))
            flag = raised("F6", about=inside.placement, since_on=start, source=inside.source)
            # A machtiging is reported later, so one of the days at least must be older than the grace.
            yield Raised(flag, start + timedelta(days=TITLE_GRACE_DAYS + 1), None, end)


def unregistered_spans(dossier: Dossier, places: Places) -> Iterator[Raised]:
    """Those about accommodations that the register did not have (F10)."""
    for placement in dossier.placements:
        start = placement.started_on
        if placement.regime == CLOSED_REGIME and not places.registered(placement.accommodation, start):
            yield _raised(raised("F10", about=placement.placement, since_on=start, source=placement.source))


def person_flags(dossier: Dossier, places: Places, *, on: date) -> tuple[Standing, ...]:
    """Those about one person that count on a day."""
    every = [*raised_spans(dossier), *unregistered_spans(dossier, places)]
    counting = [one for one in every if one.from_on <= on and (one.until_on is None or one.until_on > on)]
    return tuple([_standing(one, dossier, on=on) for one in counting])


def _raised(flag: Flag) -> Raised:
    kind = FLAGS[flag.code]
    until_on = None if kind.lasts_days is None else flag.since_on + timedelta(days=kind.lasts_days)
    return Raised(flag, flag.since_on + timedelta(days=kind.counts_after_days), until_on)


def other_flags(known: Known, places: Places, *, on: date) -> tuple[Standing, ...]:
    """Those about accommodations that counted others (F13) or have no places (F14), and about silent sources (F22)."""
    return (*_miscounted(known, places, on=on), *_without_places(known, places, on=on), *_silent(known, on=on))


def _standing(found: Raised, dossier: Dossier, *, on: date) -> Standing:
    """The flag as it is on a day on which it counts."""
    flag = found.flag
    severity = severity_on(flag, on)
    assert severity is not None, f"{flag.code} does not count on {on}"
    placement = _placement(dossier, flag.about)
    return Standing(
        code=flag.code,
        severity=severity,
        since_on=flag.since_on,
        days=days(flag.since_on, on),
        until_on=found.over_on if found.over_on is not None and found.over_on <= on else None,
        about=flag.about,
        source=flag.source,
        person=dossier.person,
        accommodation=placement.accommodation if placement else None,
        region=placement.region if placement else None,
    )


def _placement(dossier: Dossier, key: str) -> Placement | None:
    named = next((placement for placement in dossier.placements if placement.placement == key), None)
    return named or (dossier.placements[-1] if dossier.placements else None)


def _lasts(placement: Placement, day: date) -> bool:
    return placement.ended_on is None or placement.ended_on > day


def _miscounted(known: Known, places: Places, *, on: date) -> Iterator[Standing]:
    """F13 for each accommodation whose last head count up to this day differs from who was placed there then."""
    counts = {count.accommodation: count for count in places.last_counts(on)}
    placed = Counter(
        key
        for dossier in known.dossiers
        for key in {placement.accommodation for placement in dossier.placements if _counted(placement, counts)}
    )
    for key, count in sorted(counts.items()):
        if differs(count, placed[key]):
            flag = raised("F13", about=key, since_on=count.counted_on, source=count.source)
            found = places.accommodation(key)
            yield _about_no_person(flag, on=on, accommodation=key, region=found.region if found else None)


def _counted(placement: Placement, counts: Mapping[str, HeadCount]) -> bool:
    """Whether the placement was open when its accommodation counted."""
    count = counts.get(placement.accommodation)
    return count is not None and placement.regime == CLOSED_REGIME and open_on(placement, count.counted_on)


def _without_places(known: Known, places: Places, *, on: date) -> Iterator[Standing]:
    """F14 for each accommodation and each source that has somebody there."""
    since: dict[tuple[str, str], date] = {}
    regions: dict[tuple[str, str], str] = {}
    for dossier in known.dossiers:
        for placement in dossier.placements:
            if placement.regime != CLOSED_REGIME or not open_on(placement, on):
                continue
            empty = places.empty_since(placement.accommodation, on)
            if empty is not None:
                key = placement.accommodation, placement.source
                since[key] = min(since.get(key, on), max(empty, placement.started_on))
                found = places.accommodation(placement.accommodation)
                regions[key] = (found.region if found else None) or placement.region
    for (accommodation, source), since_on in sorted(since.items()):
        flag = raised("F14", about=accommodation, since_on=since_on, source=source)
        yield _about_no_person(flag, on=on, accommodation=accommodation, region=regions[accommodation, source])


def _silent(known: Known, *, on: date) -> Iterator[Standing]:
    """F22 for each source that was heard once and not lately; what comes after K cannot have been heard."""
    asked = min(on, calendar_date(known.known))
    for source, heard in sorted(known.heard.items()):
        silent_from = max((until for start, until in heard if start <= asked), default=None)
        if silent_from is not None and (flag := silence(source, silent_from, on=asked)) is not None:
            yield _about_no_person(flag, on=asked, accommodation=None, region=None)


def silence(source: str, silent_from: date, *, on: date) -> Flag | None:
    """F22 of a source that was last heard on the day before, if that is long enough ago."""
    flag = raised("F22", about=source, since_on=silent_from, source=source)
    return flag if silent_from <= on and severity_on(flag, on) is not None else None


def _about_no_person(flag: Flag, *, on: date, accommodation: str | None, region: str | None) -> Standing:
    severity = severity_on(flag, on)
    assert severity is not None, f"{flag.code} does not count on {on}"
    return Standing(
        code=flag.code,
        severity=severity,
        since_on=flag.since_on,
        days=days(flag.since_on, on),
        until_on=None,
        about=flag.about,
        source=flag.source,
        person=None,
        accommodation=accommodation,
        region=region,
    )


def _order(flag: Standing) -> tuple[int, date, int, str, str, str, str]:
    number = int(flag.code[1:])
    return (
        SEVERITIES.index(flag.severity),
        flag.since_on,
        number,
        flag.source,
        flag.about,
        flag.person or "",
        flag.accommodation or "",
    )
