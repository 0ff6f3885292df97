"""A dossier as rows: every column that a figure needs, so that figures are one query and no fold."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from sqlalchemy import Table

from services.monitor.derived import (
    absence,
    closure,
    doorplaatsing,
    flag,
    machtiging,
    placement,
    pseudonym,
    request,
    title,
    waiting,
)
from services.monitor.dossier.course import NOTHING_TOLD, Course
from services.monitor.dossier.days import Interval
from services.monitor.dossier.spells import last_to_end
from services.monitor.dossier.state import (
    Absence,
    Closure,
    Consult,
    Discharged,
    Doorplaatsing,
    Dossier,
    End,
    Flag,
    Moved,
    Order,
    Placement,
    Ready,
    Request,
    Superseded,
    Title,
    Unexecuted,
    Waiting,
)
from services.monitor.projector.bulk import Row
from shared.calendar import microseconds
from shared.facts.regions import AREA_OF


def rows_of(dossier: Dossier) -> Mapping[Table, Sequence[Row]]:
    """One row for each thing that the dossier says, in its own order; dates are text, as `insert_rows` takes them."""
    person = dossier.person
    numbers = {stay: found.number for found in dossier.closures for stay in found.placements}
    moves = [(found, move) for found in dossier.closures for move in found.doorplaatsingen]
    return {
        placement: [_placement(person, n, stay, numbers.get(stay)) for n, stay in enumerate(dossier.placements)],
        closure: [_closure(person, found, dossier.titles) for found in dossier.closures],
        doorplaatsing: [_move(person, n, found, move) for n, (found, move) in enumerate(moves)],
        title: [_title(person, n, found) for n, found in enumerate(dossier.titles)],
        waiting: [_waiting(person, n, found) for n, found in enumerate(dossier.waiting)],
        machtiging: [_order(person, n, found) for n, found in enumerate(dossier.orders)],
        request: [_request(person, n, found) for n, found in enumerate(dossier.requests)],
        absence: [_absence(person, n, found) for n, found in enumerate(dossier.absences)],
        flag: [_flag(person, n, found) for n, found in enumerate(dossier.flags)],
        **({pseudonym: _pseudonyms(dossier)} if dossier.also else {}),
    }


def written(found: Sequence[Consult] | Sequence[Ready] | Sequence[Unexecuted]) -> str | None:
    """What few have, in one column; None without any."""
    return _AS_TEXT.encode(found) if found else None


def written_course(course: Course) -> str | None:
    """The same of what is told beside all that; what there is none of is left out."""
    if course == NOTHING_TOLD:
        return None
    return _AS_TEXT.encode({name: one for name in course.__slots__ if (one := getattr(course, name))})


def _plain(value: Any) -> object:
    """A date as text, and what a dossier says as its fields by name."""
    return value.isoformat() if isinstance(value, date) else {name: getattr(value, name) for name in value.__slots__}


_AS_TEXT = json.JSONEncoder(default=_plain)


def _text(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _pseudonyms(dossier: Dossier) -> Sequence[Row]:
    return [{"person": dossier.person, "ordinal": n, "pseudonym": one} for n, one in enumerate(dossier.also)]


def _placement(person: str, ordinal: int, stay: Placement, number: int | None) -> Row:
    started_on, ended_on = stay.started_on, stay.ended_on
    return {
        "person": person,
        "ordinal": ordinal,
        "placement": stay.placement,
        "source": stay.source,
        "accommodation": stay.accommodation,
        "region": stay.region,
        "area": AREA_OF[stay.region],
        "regime": stay.regime,
        "closure_mode": stay.closure_mode,
        "route": stay.route,
        "closure_number": number,
        "started_on": started_on.isoformat(),
        "ended_on": _text(ended_on),
        "days": (ended_on - started_on).days if ended_on else None,
        **_end(stay.end),
        "arrives_from": stay.arrives_from,
        "machtiging": stay.machtiging,
        "origin": stay.origin,
        "birth_month": stay.birth_month,
        "sex": stay.sex,
    }


def _end(end: End | None) -> Row:
    row: Row = dict.fromkeys(("end_kind", "destination", "end_mode", "follow_up", "reason", "to_accommodation"))
    match end:
        case None:
            pass
        case Discharged():
            row |= {"end_kind": "discharged", "destination": end.destination, "end_mode": end.end_mode}
            row["follow_up"] = end.follow_up
        case Moved():
            row |= {"end_kind": "moved", "reason": end.reason, "to_accommodation": end.to_accommodation}
        case Superseded():
            row["end_kind"] = "superseded"
        case _:
            assert_never(end)
    return row


def _closure(person: str, found: Closure, titles: Iterable[Title]) -> Row:
    first, last, started_on = found.placements[0], found.placements[-1], found.started_on
    began = _covering(titles, started_on)
    ended, previous = found.ended_on, found.previous_ended_on
    end = _end(last_to_end(found.placements).end if ended else None)
    return {
        "person": person,
        "number": found.number,
        "region": first.region,
        "area": AREA_OF[first.region],
        "started_on": started_on.isoformat(),
        "ended_on": _text(ended),
        "days": (ended - started_on).days if ended else None,
        "care_days": _care_days(found.placements) if ended else None,
        "previous_ended_on": _text(previous),
        "gap_days": (started_on - previous).days if previous else None,
        "placements": len(found.placements),
        "doorplaatsingen": len(found.doorplaatsingen),
        "first_accommodation": first.accommodation,
        "last_accommodation": last.accommodation,
        "route": first.route,
        "first_title_kind": began.kind if began else None,
        "legal_frame": began.legal_frame if began else None,
        "end_kind": end["end_kind"],
        "destination": end["destination"],
        "end_mode": end["end_mode"],
        "birth_month": next((stay.birth_month for stay in found.placements if stay.birth_month), None),
        "sex": next((stay.sex for stay in found.placements if stay.sex), None),
    }


def _covering(titles: Iterable[Title], on: date) -> Title | None:
    """The title that was the first to cover this day, if one does."""
    covering = [found for found in titles if found.from_on <= on < found.until_on]
    return min(covering, key=lambda found: (found.from_on, found.until_on, found.machtiging), default=None)


def _care_days(placements: Iterable[Placement]) -> int:
    """Days inside at least one of these ended placements; a gap counts none and an overlap once (D7)."""
    days, reached = 0, date.min
    for stay in sorted(placements, key=lambda stay: stay.started_on):
        start, end = max(stay.started_on, reached), stay.ended_on or stay.started_on
        days += max(0, (end - start).days)
        reached = max(reached, end)
    return days


def _move(person: str, ordinal: int, found: Closure, move: Doorplaatsing) -> Row:
    region = found.placements[0].region
    return {
        "person": person,
        "ordinal": ordinal,
        "closure_number": found.number,
        "region": region,
        "area": AREA_OF[region],
        "moved_on": move.on.isoformat(),
        "days_before": (move.on - found.started_on).days,
        "from_place": move.from_place,
        "from_accommodation": move.from_accommodation,
        "to_accommodation": move.to_accommodation,
        "inferred": move.inferred,
    }


def _title(person: str, ordinal: int, found: Title) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "machtiging": found.machtiging,
        "kind": found.kind,
        "legal_frame": found.legal_frame,
        "from_on": found.from_on.isoformat(),
        "until_on": found.until_on.isoformat(),
        "admitted_on": _text(found.admitted_on),
    }


def _waiting(person: str, ordinal: int, found: Waiting) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "since_on": found.since_on.isoformat(),
        "until_on": _text(found.until_on),
        "referral": found.referral,
        "titles": written(found.titles),
        "region": found.region,
        "birth_month": found.birth_month,
        "sex": found.sex,
        "referrer": found.referrer,
        "urgency": found.urgency,
        "closed_on": _text(found.closed_on),
        "outcome": found.outcome,
        "alternative": found.alternative,
    }


def _order(person: str, ordinal: int, found: Order) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "machtiging": found.machtiging,
        "source": found.source,
        "kind": found.kind,
        "granted_on": found.granted_on.isoformat(),
        "valid_from": found.valid_from.isoformat(),
        "valid_until": found.valid_until.isoformat(),
        "holds_until": found.holds_until.isoformat(),
        "ended_on": _text(found.ended_on),
        "ended_cause": found.ended_cause,
        "lapsed_on": _text(found.lapsed_on),
        "suspensions": written_intervals(found.suspensions),
        "without_hearing": found.without_hearing,
        "court": found.court,
    }


def written_intervals(found: Sequence[Interval]) -> str:
    """Intervals as a row has them: JSON, pairs of dates."""
    return json.dumps([[str(begin), str(end)] for begin, end in found]) if found else "[]"


def _request(person: str, ordinal: int, found: Request) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "request": found.request,
        "source": found.source,
        "kind": found.kind,
        "requested_on": found.requested_on.isoformat(),
        "answered_on": _text(found.answered_on),
        "refused": found.refused,
    }


def _absence(person: str, ordinal: int, found: Absence) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "placement": found.placement,
        "source": found.source,
        "record": found.record,
        "from_at_us": microseconds(found.from_at),
        "until_at_us": None if found.until_at is None else microseconds(found.until_at),
    }


def _flag(person: str, ordinal: int, found: Flag) -> Row:
    return {
        "person": person,
        "ordinal": ordinal,
        "code": found.code,
        "severity": found.severity,
        "about": found.about,
        "since_on": found.since_on.isoformat(),
        "source": found.source,
    }
