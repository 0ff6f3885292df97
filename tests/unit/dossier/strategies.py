"""Sets of facts as the field sends them: orderly stays, and everything that contradicts everything else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.facts.envelope import AcceptedEvent
from shared.facts.record import RecordWithdrawn
from tests.unit.dossier.given import (
    OTHER,
    OTHER_SOURCE,
    PERSON,
    SOURCE,
    absent,
    advised,
    asked,
    discharged,
    ended,
    evaluated,
    event,
    followed_up,
    granted,
    listed,
    mode_changed,
    moved,
    ready,
    referral_closed,
    referred,
    restricted,
    resumed,
    returned,
    reviewed,
    start,
    support_asked,
    support_resolved,
    suspended,
    taught,
    unlisted,
)

FIRST = date(2024, 1, 20)
Envelope = dict[str, Any]
Make = Callable[[Envelope], AcceptedEvent]

day_numbers = st.integers(0, 12) | st.integers(0, 400)
placements = st.sampled_from(["P1", "P2", "P3", "P4"])
machtigingen = st.sampled_from(["M1", "M2"])
referrals = st.sampled_from(["R1", "R2"])
accommodations = st.sampled_from(["A", "B", "C"])
regimes = st.sampled_from(["jw6"] * 6 + ["wvggz", "open"])
causes = st.sampled_from(["revoked", "gi-decision", "consent-withdrawn"])


def on(number: int) -> str:
    """The date so many days after the first, over a leap day, clock changes and a turn of the year."""
    return str(FIRST + timedelta(number))


days = day_numbers.map(on)
moments = st.builds(lambda day, hour: f"{day}T{hour:02d}:30:00+01:00", days, st.integers(0, 23))
optional = st.none() | placements

stays = st.one_of(
    st.builds(
        lambda key, day, at, regime, origin, title: (
            lambda e: start(key, day, at=at, regime=regime, arrives_from=origin, machtiging=title, **e)
        ),
        placements,
        days,
        accommodations,
        regimes,
        optional,
        st.none() | machtigingen,
    ),
    st.builds(lambda key, day: lambda e: discharged(key, day, **e), placements, days),
    st.builds(lambda key, day: lambda e: moved(key, day, **e), placements, days),
    st.builds(lambda key, day: lambda e: ready(key, day, **e), placements, days),
    st.builds(lambda key, day: lambda e: referred(key, day, **e), referrals, days),
    st.builds(lambda key, day: lambda e: referral_closed(key, day, **e), referrals, days),
)
orders = st.one_of(
    st.builds(
        lambda key, day, term, kind, extends: (
            lambda e: granted(key, on(day), on(day + term), kind=kind, extends=extends, **e)
        ),
        machtigingen,
        day_numbers,
        st.integers(1, 400),
        st.sampled_from(["regulier", "spoed", "voorwaardelijk"]),
        st.none() | machtigingen,
    ),
    st.builds(lambda key, day, cause: lambda e: ended(key, day, cause=cause, **e), machtigingen, days, causes),
    st.builds(lambda key, day: lambda e: suspended(key, day, **e), machtigingen, days),
    st.builds(lambda key, day: lambda e: resumed(key, day, **e), machtigingen, days),
)
consults = st.sampled_from(["C1", "C2"])
experts = st.one_of(
    st.builds(lambda key, day: lambda e: asked(key, day, **e), consults, days),
    st.builds(lambda key, day, binds: lambda e: advised(key, day, binding=binds, **e), consults, days, st.booleans()),
    st.builds(
        lambda key, day, status, reason: lambda e: followed_up(key, day, status, reason=reason, **e),
        consults,
        days,
        st.sampled_from(["accepted", "deviated", "executed", "failed"]),
        st.sampled_from([None, "no-place"]),
    ),
)
keys = st.sampled_from(["K1", "K2"])
told = st.one_of(
    st.builds(
        lambda day, status, key: lambda e: taught(day, status, placement=key, **e),
        days,
        st.sampled_from(["inside", "none", "in-school"]),
        optional,
    ),
    st.builds(
        lambda key, day, mode: lambda e: mode_changed(key, day, mode, **e),
        placements,
        days,
        st.sampled_from(["besloten", "hybride", "open"]),
    ),
    st.builds(lambda day: lambda e: evaluated(day, **e), days),
    st.builds(
        lambda day, lessons: lambda e: reviewed(day, *lessons, **e),
        days,
        st.lists(st.sampled_from(["school", "family"]), max_size=2),
    ),
    st.builds(
        lambda key, minutes: lambda e: restricted(key, "2024-Q3", minutes=minutes, **e),
        placements,
        st.integers(0, 5000),
    ),
    st.builds(lambda key, at: lambda e: absent(key, at, **e), placements, moments),
    st.builds(lambda key, at: lambda e: returned(key, at, **e), placements, moments),
    st.builds(lambda key, day: lambda e: support_asked(key, day, **e), keys, days),
    st.builds(lambda key, day: lambda e: support_resolved(key, day, **e), keys, days),
    st.builds(
        lambda key, day, setting: lambda e: listed(key, day, **{"for": setting}, **e),
        keys,
        days,
        st.sampled_from(["open", "gesloten"]),
    ),
    st.builds(
        lambda key, day, reason: lambda e: unlisted(key, day, reason=reason, **e),
        keys,
        days,
        st.sampled_from(["placed", "lapsed"]),
    ),
)
withdrawals = st.builds(
    lambda name, record: (
        lambda e: event(RecordWithdrawn(of=name, record=record, reason="duplicate"), **{**e, "record": f"W-{e['id']}"})
    ),
    st.sampled_from(["placement-started", "discharge-recorded", "doorplaatsing-recorded", "machtiging-granted"]),
    st.sampled_from(["P1", "P2", "M1", "record-1"]),
)


@st.composite
def _envelopes(draw: st.DrawFn) -> Envelope:
    envelope: Envelope = {
        "person": draw(st.sampled_from([PERSON] * 4 + [OTHER])),
        "source": draw(st.sampled_from([SOURCE] * 3 + [OTHER_SOURCE])),
        "revision": draw(st.sampled_from([1, 1, 1, 2, 3])),
        "time": draw(st.integers(0, 3)),
        "precision": draw(st.sampled_from([None, None, None, "day", "month", "year"])),
    }
    if draw(st.integers(0, 4)) == 0:
        envelope["record"] = draw(st.sampled_from(["record-1", "record-2"]))
    return envelope


@st.composite
def _events(draw: st.DrawFn, kinds: st.SearchStrategy[Make]) -> list[AcceptedEvent]:
    """Facts with ids of their own, as a ledger guarantees."""
    drawn = draw(st.lists(st.tuples(kinds, _envelopes()), max_size=14))
    letters = draw(st.permutations("abcdefghijklmnop"))
    return [make({**envelope, "id": letters[n]}) for n, (make, envelope) in enumerate(drawn)]


any_facts: st.SearchStrategy[list[AcceptedEvent]] = _events(
    st.one_of(stays, stays, stays, orders, orders, experts, told, withdrawals)
)
"""Revisions, withdrawals, records that move to another person, overlaps, missing and reversed ends, same-day stays."""

facts_without_titles: st.SearchStrategy[list[AcceptedEvent]] = _events(st.one_of(stays, stays, withdrawals))
"""The same without machtigingen, whose terms in calendar months do not shift by days."""
