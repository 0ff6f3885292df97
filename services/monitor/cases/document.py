"""A case as a JSON document: the dossier on a day, counted up to that day, with the facts behind it; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from services.monitor.cases.timeline import Entry
from services.monitor.dossier.days import care_days, days, open_on
from services.monitor.dossier.flags import FLAGS
from services.monitor.dossier.state import Closure, Discharged, Dossier, End, Moved, Placement, Superseded, Waiting
from services.monitor.dossier.titles import uncovered
from services.monitor.flags.standing import Standing
from shared.calendar import rfc3339
from shared.facts.regions import AREA_OF


def document(
    dossier: Dossier, entries: Sequence[Entry], flags: Iterable[Standing], *, on: date, known: datetime, final: bool
) -> dict[str, Any]:
    """Everything of one case. What is dated after `on` has not happened: only the timeline has it, marked as ahead.

    A title that begins later is there when it was granted by then; each has the end that is known now.
    """
    granted = {order.machtiging for order in dossier.orders if order.granted_on <= on}
    return {
        "person": dossier.person,
        "also": list(dossier.also),
        "on": on,
        "known": rfc3339(known),
        "final": final,
        "closures": [_closure(one, dossier, on=on) for one in dossier.closures if one.started_on <= on],
        "placements": [_placement(one, on=on) for one in dossier.placements if one.started_on <= on],
        "titles": [
            {
                "machtiging": one.machtiging,
                "kind": one.kind,
                "legalFrame": one.legal_frame,
                "from": one.from_on,
                "until": one.until_on,
                "inForce": one.from_on <= on < one.until_on,
            }
            for one in dossier.titles
            if one.from_on <= on or (one.machtiging in granted and (one.admitted_on or on) <= on)
        ],
        "waiting": [_waiting(one, on=on) for one in dossier.waiting if one.since_on <= on],
        "flags": [_flag(one) for one in flags],
        "timeline": [_entry(one, on=on) for one in entries],
    }


def _closure(closure: Closure, dossier: Dossier, *, on: date) -> dict[str, Any]:
    """A closure up to and with a day: its clock runs over the whole chain (D7)."""
    ended_on = closure.ended_on if closure.ended_on and closure.ended_on <= on else None
    inside = any(open_on(placement, on) for placement in closure.placements)
    tomorrow = on + timedelta(days=1)
    until = ended_on or on
    return {
        "number": closure.number,
        "started": closure.started_on,
        "ended": ended_on,
        "state": "ended" if ended_on else "open" if inside else "between",
        "days": days(closure.started_on, until),
        "careDays": care_days(closure.placements, closure.started_on, until),
        "replacement": closure.number > 1,
        "previousEnded": closure.previous_ended_on,
        "placements": [one.placement for one in closure.placements if one.started_on <= on],
        "doorplaatsingen": [
            {
                "on": move.on,
                "from": move.from_accommodation,
                "to": move.to_accommodation,
                "inferred": move.inferred,
            }
            for move in closure.doorplaatsingen
            if move.on <= on
        ],
        "withoutTitle": [
            {"from": start, "until": None if end == tomorrow else end, "days": days(start, min(end, on))}
            for start, end in uncovered(closure, dossier.titles, until=tomorrow)
        ],
    }


def _placement(placement: Placement, *, on: date) -> dict[str, Any]:
    end = placement.end if placement.end is not None and placement.end.on <= on else None
    return {
        "placement": placement.placement,
        "source": placement.source,
        "accommodation": placement.accommodation,
        "region": placement.region,
        "area": AREA_OF[placement.region],
        "regime": placement.regime,
        "closure": placement.closure_mode,
        "route": placement.route,
        "started": placement.started_on,
        "ended": end.on if end else None,
        "end": _end(end),
        "days": days(placement.started_on, end.on if end else on),
        "arrivesFrom": placement.arrives_from,
        "machtiging": placement.machtiging,
        "origin": placement.origin,
    }


def _end(end: End | None) -> dict[str, Any] | None:
    match end:
        case None:
            return None
        case Discharged():
            said = {"destination": end.destination, "mode": end.end_mode, "followUp": end.follow_up}
            return {"kind": "discharged", **said}
        case Moved():
            return {"kind": "moved", "reason": end.reason, "to": end.to_accommodation}
        case Superseded():
            return {"kind": "inferred"}
        case never:
            assert_never(never)


def _waiting(wait: Waiting, *, on: date) -> dict[str, Any]:
    until_on = wait.until_on if wait.until_on and wait.until_on <= on else None
    begun = [one for one in wait.titles if one.from_on <= on]
    told = begun[-1] if begun else None
    closed = wait.closed_on is not None and wait.closed_on <= on
    return {
        "since": wait.since_on,
        "until": until_on,
        "days": days(wait.since_on, until_on or on),
        "referral": wait.referral,
        "outcome": wait.outcome if closed else None,
        "machtiging": told and told.machtiging,
        "titleFrom": told and told.from_on,
        "titleUntil": told.until_on if told and told.until_on <= on else None,
        "withTitle": until_on is None and told is not None and on < told.until_on,
    }


def _flag(flag: Standing) -> dict[str, Any]:
    kind = FLAGS[flag.code]
    return {
        "code": flag.code,
        "severity": flag.severity,
        "since": flag.since_on,
        "until": flag.until_on,
        "days": flag.days,
        "about": flag.about,
        "source": flag.source,
        "meaning": kind.meaning,
        "clears": kind.clears,
    }


def _entry(entry: Entry, *, on: date) -> dict[str, Any]:
    return {
        "on": entry.on,
        "ahead": entry.on is not None and entry.on > on,
        "known": rfc3339(entry.accepted_at),
        "recorded": rfc3339(entry.time),
        "fact": entry.name,
        "source": entry.source,
        "record": entry.record,
        "revision": entry.revision,
        "precision": entry.precision,
        "state": entry.state,
        "data": entry.data,
    }
