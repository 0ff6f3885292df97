"""A case on one time line, and every fact behind it: when it was true and when it was known; pure.

Nothing about the young person is told but the pseudonym: no month of birth, no sex, no origin.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.monitor.cases.timeline import Entry
from services.monitor.cockpit.cells import called
from services.monitor.cockpit.charts.lettering import as_day, at_moment
from services.monitor.cockpit.charts.timeline import Band, Moment, Timeline, Track
from services.monitor.cockpit.words import Words
from services.monitor.dossier.absences import closure_of, over_at
from services.monitor.dossier.records import Standing as Facts
from services.monitor.dossier.state import Closure, Dossier, Placement, Superseded
from services.monitor.dossier.titles import uncovered
from services.monitor.flags.standing import Standing
from shared.calendar import AMSTERDAM, calendar_date
from shared.facts.oddities import LATE_DAYS
from shared.facts.placement import CLOSED_REGIME, LeaveEnded, LeaveStarted

MARGIN_DAYS_LEAST = 7
SEVERITY_TONES = {"severe": "severe", "warning": "warning", "info": "info"}
LEVEL_TONES = {"red": "severe", "orange": "warning", "amber": "warning", "info": "info"}


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert on the time line."""

    on: date
    label: str
    level: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as the page lists it; its content is not told."""

    what: str
    true_on: str
    roughly: str
    """That the day is known to the month or to the year only (F16); empty for a day that is known."""
    known_at: datetime
    known: str
    """The same moment as people write it, in the time of the country."""
    days_later: int | None
    """From the day on which it was true to the one on which its source recorded it."""
    source: str
    record: str
    revision: int
    became: str
    """What has become of it; empty for a fact that stands."""

    @property
    def late(self) -> bool:
        """Whether it was recorded long after it was true (F15)."""
        return self.days_later is not None and self.days_later > LATE_DAYS


@dataclass(frozen=True, slots=True)
class Summary:
    """The case in a few lines."""

    open_days: int | None
    """Of the closure that lasts on the date; None when none does."""
    closures: int
    moves: int
    uncovered_days: int
    accommodation: str | None


def summary_of(dossier: Dossier, *, on: date) -> Summary:
    """What the case comes to on a date."""
    begun = [one for one in dossier.closures if one.started_on <= on]
    lasting = next((one for one in begun if one.ended_on is None or one.ended_on > on), None)
    bare = [interval for one in begun for interval in uncovered(one, dossier.titles, until=on)]
    here = [one for one in dossier.placements if one.started_on <= on and (one.ended_on is None or one.ended_on > on)]
    return Summary(
        open_days=None if lasting is None else (on - lasting.started_on).days,
        closures=len(begun),
        moves=sum(1 for one in begun for move in one.doorplaatsingen if move.on <= on),
        uncovered_days=sum((end - start).days for start, end in bare),
        accommodation=here[-1].accommodation if here else None,
    )


def timeline_of(
    dossier: Dossier,
    said: Facts,
    *,
    flags: Sequence[Standing],
    alerts: Sequence[Raised],
    on: date,
    words: Words,
) -> Timeline:
    """Placements, moves, titles and their gaps, leave and absence, waiting, flags and alerts, up to a date.

    `said` are the facts about the young person that stand.
    """
    tracks = [
        Track(words("case.placements"), _placements(dossier, words)),
        Track(words("case.moves"), (), _moves(dossier.closures, words)),
        Track(words("case.titles"), _titles(dossier, words, on=on)),
        Track(words("case.away"), _away(dossier, said, words)),
        Track(words("case.waiting"), _waits(dossier, words)),
        Track(words("case.flags"), (), _flags(flags, words)),
        Track(words("case.alerts"), (), tuple(_raised(one) for one in alerts)),
    ]
    days = [band.start for track in tracks for band in track.bands]
    days += [moment.on for track in tracks for moment in track.moments]
    first, last = min(days, default=on), on
    margin = timedelta(days=max((last - first).days // 25, MARGIN_DAYS_LEAST))
    kept = [track for at, track in enumerate(tracks) if at in (0, 2) or track.bands or track.moments]
    return Timeline(kept, first - margin, last + margin, ((on, words("case.today", on=as_day(on, words.language))),))


def fact_rows(entries: Iterable[Entry], words: Words) -> list[FactRow]:
    """Each fact, in the order in which it became known."""
    return [_row(entry, words) for entry in sorted(entries, key=_as_known)]


def _as_known(entry: Entry) -> tuple[datetime, str, str, int]:
    return entry.accepted_at, entry.source, entry.record, entry.revision


def _row(entry: Entry, words: Words) -> FactRow:
    on, rough = entry.on, entry.on is not None and entry.precision != "day"
    return FactRow(
        what=words.named("fact", entry.name),
        true_on="" if on is None else as_day(on, words.language),
        roughly=words.named("precision", entry.precision) if rough else "",
        known_at=entry.accepted_at,
        known=at_moment(entry.accepted_at.astimezone(AMSTERDAM), words.language),
        days_later=None if on is None else (calendar_date(entry.time) - on).days,
        source=entry.source,
        record=entry.record,
        revision=entry.revision,
        became="" if entry.state == "stands" else words.named("became", entry.state),
    )


def _placements(dossier: Dossier, words: Words) -> tuple[Band, ...]:
    """The accommodations by turns in two tones; what is no closed youth care is soft."""
    found, tone = [], False
    before: Placement | None = None
    for placement in dossier.placements:
        tone = tone != (before is not None and before.accommodation != placement.accommodation)
        before = placement
        closed = placement.regime == CLOSED_REGIME
        label = called(placement.accommodation, words)
        if isinstance(placement.end, Superseded):
            label = words("case.inferred", accommodation=label)
        found.append(
            Band(
                placement.started_on,
                placement.ended_on,
                label,
                ("other" if tone else "plain") if closed else "soft",
            )
        )
    return tuple(found)


def _moves(closures: Sequence[Closure], words: Words) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            move.on,
            words(
                "case.move",
                origin=called(move.from_accommodation, words),
                target=called(move.to_accommodation, words),
            ),
            "warning" if move.inferred else "info",
        )
        for closure in closures
        for move in closure.doorplaatsingen
    )


def _titles(dossier: Dossier, words: Words, *, on: date) -> tuple[Band, ...]:
    titles = [
        Band(
            title.from_on,
            title.until_on,
            words.named("title", title.kind),
            "other" if title.kind == "spoed" else "plain",
        )
        for title in dossier.titles
    ]
    gaps = [
        Band(start, end, words("case.notitle"), "missing")
        for closure in dossier.closures
        if closure.started_on <= on
        for start, end in uncovered(closure, dossier.titles, until=on)
    ]
    return (*titles, *gaps)


def _away(dossier: Dossier, said: Facts, words: Words) -> tuple[Band, ...]:
    return (*_leaves(said, words), *_absences(dossier, words))


def _leaves(said: Facts, words: Words) -> Iterator[Band]:
    """Each leave to the first return from that placement before the next; one without a return lasts that day."""
    ends = sorted((report.fact.at, report.fact.placement) for report in said.of(LeaveEnded))
    begun = sorted((report.fact.at, report.fact.placement) for report in said.of(LeaveStarted))
    for place, (at, placement) in enumerate(begun):
        following = next((later for later, named in begun[place + 1 :] if named == placement), None)
        back = next((end for end, named in ends if named == placement and at <= end), None)
        start = calendar_date(at)
        over = back is not None and (following is None or back <= following)
        yield Band(start, calendar_date(back) if back and over else start, words("case.leave"), "soft")


def _absences(dossier: Dossier, words: Words) -> Iterator[Band]:
    """Each absence to the return or the end of the closure; outside of one, without a return, it lasts that day."""
    for one in dossier.absences:
        closure, start = closure_of(one, dossier), calendar_date(one.from_at)
        back = over_at(one, closure.ended_on if closure else None)
        end = max(start, calendar_date(back)) if back else None if closure else start
        yield Band(start, end, words("case.absence"), "soft")


def _waits(dossier: Dossier, words: Words) -> tuple[Band, ...]:
    return tuple(Band(one.since_on, one.until_on, words("case.waits"), "soft") for one in dossier.waiting)


def _flags(flags: Sequence[Standing], words: Words) -> tuple[Moment, ...]:
    return tuple(
        Moment(flag.since_on, words.named("flag", flag.code), SEVERITY_TONES[flag.severity])  # type: ignore[arg-type]
        for flag in flags
    )


def _raised(one: Raised) -> Moment:
    return Moment(one.on, one.label, LEVEL_TONES[one.level])  # type: ignore[arg-type]
