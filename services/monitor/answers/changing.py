"""What changed between two moments, over HTTP: how it is asked for, a page at a time, and how the answer reads."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from services.monitor.answers.asking import Wrong, asked, moment
from services.monitor.answers.changes import Changes, Wanted
from services.monitor.answers.comparing import ChangedValue, Compared
from services.monitor.answers.documents import DATE, MOMENT, query_key
from services.monitor.answers.movers import Moved, Place, Turn
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.rendering import cell_as_json
from shared.api_rules import BASE
from shared.calendar import rfc3339

PAGE_MAX = 1_000
PAGE_DEFAULT = 100
_TIMES = ("on", "known")
_KEYS = (*_TIMES, "since", "after", "limit")
_POSITIONS = r"(intake|placement)-([0-9]{1,18})"


def changes_keys() -> list[dict[str, Any]]:
    """The keys of the address, in the words of OpenAPI."""
    return [
        query_key("on", DATE, "The date of the figures; that of `known` unless given."),
        query_key("known", MOMENT, "As known at this moment; now unless given."),
        query_key("since", MOMENT, "The earlier moment to compare with.", required=True),
        query_key(
            "after",
            {"type": "string", "pattern": f"^{_POSITIONS}$"},
            "The fact with which the page before ended, as its Link says. Nothing to those outside, who get no facts.",
        ),
        query_key(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE_DEFAULT},
            "How many facts a page looks at.",
        ),
    ]


def wanted_changes(query: Sequence[tuple[str, str]]) -> Wanted:
    """Read the query of an address. Raises the problem 400 with all that is wrong, and what is allowed."""
    wrong = Wrong()
    given: dict[str, str] = {}
    for key, value in query:
        if key not in _KEYS:
            wrong.about(key[:60], f"This address knows the keys {', '.join(_KEYS)}.")
        elif key in given:
            wrong.about(key, f"{key} is given more than once.")
        given[key] = value
    since = wrong.value("since", given.get("since"), moment, "a moment such as 2025-01-31T12:00:00Z, or a date")
    if "since" not in given:
        wrong.about("since", "since is the earlier moment to compare with.")
    after = wrong.value("after", given.get("after"), _place, "what the Link of the page before says")
    limit = wrong.value("limit", given.get("limit"), _limit, f"a whole number from 1 to {PAGE_MAX}")
    wrong.refuse()
    assert since is not None
    found = asked(FIGURES["stock"], [(key, given[key]) for key in _TIMES if key in given])
    if found.known is not None and found.known < since:
        wrong.about("known", "known is not before since.")
        wrong.refuse()
    return Wanted(found, since, Turn(after, limit or PAGE_DEFAULT))


def next_page(wanted: Wanted, found: Changes) -> str | None:
    """The address of the next page, of the same date and moments; None when there is none."""
    if found.page is None or found.page.following is None:
        return None
    service, position = found.page.following
    moments = {"on": found.on.isoformat(), "since": rfc3339(found.since), "known": rfc3339(found.known)}
    return f"{BASE}/figures/changes?" + urlencode(
        moments | {"after": f"{service}-{position}", "limit": wanted.turn.limit}
    )


def changes_as_json(wanted: Wanted, found: Changes) -> dict[str, Any]:
    """A page, as documents.FigureChanges describes it."""
    page = found.page
    return {
        "on": found.on.isoformat(),
        "since": rfc3339(found.since),
        "known": rfc3339(found.known),
        "final": found.final,
        "audience": found.audience,
        "persons": found.persons,
        "accepted": None if page is None else page.total,
        "more": page is not None and page.following is not None,
        "changes": [
            _change(
                one, None if page is None else page.facts[one.figure.name], first=page is None or not wanted.turn.after
            )
            for one in found.changes
        ],
    }


def _change(one: Compared, facts: Sequence[Moved] | None, *, first: bool) -> dict[str, Any]:
    return {
        "figure": one.figure.name,
        "title": one.figure.title,
        "before": cell_as_json(one.before),
        "after": cell_as_json(one.after),
        "values": [_value(value) for value in one.values] if first else None,
        "further": [{"table": table, "cells": cells} for table, cells in one.further.items()],
        "facts": None
        if facts is None
        else [
            {"id": fact.id, "source": fact.source, "name": fact.name, "acceptedAt": rfc3339(fact.accepted_at)}
            for fact in facts
        ],
    }


def _value(value: ChangedValue) -> dict[str, Any]:
    return {
        "table": value.table,
        "key": value.key,
        "at": value.at if value.at is None or isinstance(value.at, int) else str(value.at),
        "measure": value.measure,
        "before": cell_as_json(value.before) if value.before else None,
        "after": cell_as_json(value.after) if value.after else None,
    }


def _place(text: str) -> Place:
    found = re.fullmatch(_POSITIONS, text)
    if found is None:
        raise ValueError(text)
    return Place(found[1], int(found[2]))


def _limit(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text) or int(text) > PAGE_MAX:
        raise ValueError(text)
    return int(text)
