"""An alert as it stood at an earlier moment, from what had happened to it by then: what came later changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.monitor.alerts.conditions.alert import Because
from services.monitor.alerts.conditions.rules import Level, Rulebook
from services.monitor.alerts.life import Kept
from services.monitor.alerts.listing import Acknowledgement, Entry, Happened, rule_of
from shared.calendar import calendar_date


def as_it_stood(
    entry: Entry, happened: Sequence[Happened], at: datetime, *, missing: Collection[str], rules: Rulebook
) -> Entry | None:
    """The alert at this moment, on whose date its days are counted; None where it had not been opened yet.

    `happened` is its whole history. `missing` is what was missing for the person on that day, for an open alert: what
    was missing at an earlier close is not on record, unless nothing has happened since.
    """
    by_then = [one for one in happened if one.at <= at]
    if not by_then:
        return None
    kept, acknowledgement, closed_at = entry.kept, None, None
    for one in by_then:
        kept = _after(kept, one)
        match one.kind:
            case "acknowledged":
                assert one.by is not None
                until = date.fromisoformat(one.detail["until"])
                acknowledgement = Acknowledgement(one.by, one.at, one.detail["note"], until)
            case "reopened":
                acknowledgement = closed_at = None
            case "closed" | "missed":
                closed_at = one.at
    if kept.state != "closed":
        kept = replace(kept, missing=tuple(missing))
    elif len(by_then) < len(happened):
        kept = replace(kept, missing=())
    return Entry(
        replace(kept, version=len(by_then)),
        rule_of(kept, rules),
        acknowledgement,
        closed_at,
        entry.area,
        calendar_date(at),
    )


def _after(kept: Kept, one: Happened) -> Kept:
    match one.kind:
        case "opened":
            return replace(_told(kept, one.detail), state="open", closed_on=None, closed_reason=None)
        case "moved":
            return _told(kept, one.detail["now"])
        case "escalated":
            return replace(kept, state="escalated")
        case "leading" | "reopened":
            return replace(kept, state="open", closed_on=None, closed_reason=None)
        case "missed":
            return _closed(_told(kept, one.detail), one, one.detail["ended"] or "ended", one.detail)
        case "closed":
            return _closed(kept, one, one.detail["reason"], one.detail["now"])
    return kept


def _closed(kept: Kept, one: Happened, reason: str, last: Mapping[str, Any] | None) -> Kept:
    """By the world on the day on which it ended; by what came to be known on the day of that."""
    ended = last is not None and last["until"] and reason == (last["ended"] or "ended")
    closed_on = date.fromisoformat(last["until"]) if last is not None and ended else calendar_date(one.at)
    return replace(kept, state="closed", closed_on=closed_on, closed_reason=reason)


def _told(kept: Kept, said: Mapping[str, Any]) -> Kept:
    """With what was told of it. Of before it was told from which day it is counted that day is the one known now."""
    alert = replace(
        kept.alert,
        level=Level(said["level"]),
        since=date.fromisoformat(said["since"]),
        counted_from=date.fromisoformat(said["countedFrom"]) if "countedFrom" in said else kept.alert.counted_from,
        because=tuple(Because(one["what"], date.fromisoformat(one["on"]), one["about"]) for one in said["because"]),
    )
    return replace(kept, alert=alert)
