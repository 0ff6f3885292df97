"""A dossier as rows: every column that a figure needs, so that figures are one query and no fold."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import assert_never

from sqlalchemy import Table

from services.monitor.dossier.state import (
    Absence,
    Closure,
    Discharged,
    Doorplaatsing,
    Dossier,
    End,
    Flag,
    Moved,
    Order,
    Placement,
    Request,
    Superseded,
    Title,
    Waiting,
)
from services.monitor.projector.bulk import Row
from services.monitor.tables import (
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
from shared.calendar import microseconds
from shared.facts.regions import AREA_OF


def rows_of(dossier: Dossier) -> Mapping[Table, Sequence[Row]]:
    """One row for each thing that the dossier says, in its own order."""
    person = dossier.person
    numbers = {stay: found.number for found in dossier.closures for stay in found.placements}
    moves = [(found, move) for found in dossier.closures for move in found.doorplaatsingen]
    return {
        placement: [
            {"person": person, "ordinal": n, **_placement(stay), "closure_number": numbers.get(stay)}
            for n, stay in enumerate(dossier.placements)
        ],
        closure: [{"person": person, **_closure(found, dossier.titles)} for found in dossier.closures],
        doorplaatsing: [
            {"person": person, "ordinal": n, **_move(found, move)} for n, (found, move) in enumerate(moves)
        ],
        title: [{"person": person, "ordinal": n, **_title(found)} for n, found in enumerate(dossier.titles)],
        waiting: [{"person": person, "ordinal": n, **_waiting(found)} for n, found in enumerate(dossier.waiting)],
        machtiging: [{"person": person, "ordinal": n, **_order(found)} for n, found in enumerate(dossier.orders)],
        request: [{"person": person, "ordinal": n, **_request(found)} for n, found in enumerate(dossier.requests)],
        absence: [{"person": person, "ordinal": n, **_absence(found)} for n, found in enumerate(dossier.absences)],
        flag: [{"person": person, "ordinal": n, **_flag(found)} for n, found in enumerate(dossier.flags)],
        **({pseudonym: _pseudonyms(dossier)} if dossier.also else {}),
    }


def _pseudonyms(dossier: Dossier) -> Sequence[Row]:
    return [{"person": dossier.person, "ordinal": n, "pseudonym": one} for n, one in enumerate(dossier.also)]


def _placement(stay: Placement) -> Row:
    return {
        "placement": stay.placement,
        "source": stay.source,
        "accommodation": stay.accommodation,
        "region": stay.region,
        "area": AREA_OF[stay.region],
        "regime": stay.regime,
        "closure_mode": stay.closure_mode,
        "route": stay.route,
        "started_on": stay.started_on,
        "ended_on": stay.ended_on,
        "days": (stay.ended_on - stay.started_on).days if stay.ended_on else None,
        **_end(stay.end),
        "arrives_from": stay.arrives_from,
        "machtiging": stay.machtiging,
        "origin": stay.origin,
        "birth_month": stay.birth_month,
        "sex": stay.sex,
    }


def _end(end: End | None) -> Row:
    row: Row = dict.fromkeys(("end_kind", "destination", "end_mode", "reason", "to_accommodation"))
    match end:
        case None:
            pass
        case Discharged():
            row |= {"end_kind": "discharged", "destination": end.destination, "end_mode": end.end_mode}
        case Moved():
            row |= {"end_kind": "moved", "reason": end.reason, "to_accommodation": end.to_accommodation}
        case Superseded():
            row["end_kind"] = "superseded"
        case _:
            assert_never(end)
    return row


def _closure(found: Closure, titles: Iterable[Title]) -> Row:
    first, last = found.placements[0], found.placements[-1]
    began = _covering(titles, found.started_on)
    final = max(found.placements, key=lambda stay: (stay.ended_on or date.max, stay.started_on)).end
    end = _end(final if found.ended_on else None)
    ended, previous = found.ended_on, found.previous_ended_on
    return {
        "number": found.number,
        "region": first.region,
        "area": AREA_OF[first.region],
        "started_on": found.started_on,
        "ended_on": ended,
        "days": (ended - found.started_on).days if ended else None,
        "care_days": _care_days(found.placements) if ended else None,
        "previous_ended_on": previous,
        "gap_days": (found.started_on - previous).days if previous else None,
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


def _move(found: Closure, move: Doorplaatsing) -> Row:
    region = found.placements[0].region
    return {
        "closure_number": found.number,
        "region": region,
        "area": AREA_OF[region],
        "moved_on": move.on,
        "days_before": (move.on - found.started_on).days,
        "from_accommodation": move.from_accommodation,
        "to_accommodation": move.to_accommodation,
        "inferred": move.inferred,
    }


def _title(found: Title) -> Row:
    return {
        "machtiging": found.machtiging,
        "kind": found.kind,
        "legal_frame": found.legal_frame,
        "from_on": found.from_on,
        "until_on": found.until_on,
    }


def _waiting(found: Waiting) -> Row:
    return {
        "since_on": found.since_on,
        "until_on": found.until_on,
        "referral": found.referral,
        "machtiging": found.machtiging,
        "title_from_on": found.title_from_on,
        "title_until_on": found.title_until_on,
    }


def _order(found: Order) -> Row:
    return {
        "machtiging": found.machtiging,
        "source": found.source,
        "kind": found.kind,
        "granted_on": found.granted_on,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "holds_until": found.holds_until,
        "ended_on": found.ended_on,
        "ended_cause": found.ended_cause,
        "lapsed_on": found.lapsed_on,
        "suspensions": json.dumps([[str(begin), str(end)] for begin, end in found.suspensions]),
        "without_hearing": found.without_hearing,
    }


def _request(found: Request) -> Row:
    return {
        "request": found.request,
        "source": found.source,
        "kind": found.kind,
        "requested_on": found.requested_on,
        "answered_on": found.answered_on,
    }


def _absence(found: Absence) -> Row:
    return {
        "placement": found.placement,
        "source": found.source,
        "record": found.record,
        "from_at_us": microseconds(found.from_at),
        "until_at_us": None if found.until_at is None else microseconds(found.until_at),
    }


def _flag(found: Flag) -> Row:
    return {
        "code": found.code,
        "severity": found.severity,
        "about": found.about,
        "since_on": found.since_on,
        "source": found.source,
    }
