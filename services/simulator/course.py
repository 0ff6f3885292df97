"""What the publishers have to say about one closure if nothing goes wrong: from referral to discharge, day by day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from services.simulator.country import ACCOMMODATIONS
from services.simulator.flow import Closure, Stay
from services.simulator.parameters import AwayParameters, LegalParameters
from services.simulator.people import Person
from services.simulator.publishers import COURT, desk_of, gi_of
from services.simulator.statement import Statement, morning_of
from services.simulator.titles import Title
from shared.facts.regions import AREA_OF

ORIGINS = {
    "home": 0.42,
    "network": 0.05,
    "foster-care": 0.06,
    "family-home": 0.08,
    "open-residential": 0.22,
    "three-milieu": 0.05,
    "crisis-care": 0.08,
    "jji": 0.02,
    "runaway": 0.02,
}
DESTINATIONS = {
    "home": 0.37,
    "network": 0.05,
    "foster-care": 0.04,
    "family-home": 0.09,
    "open-residential": 0.2,
    "three-milieu": 0.08,
    "ggz-open": 0.02,
    "ggz-wvggz": 0.02,
    "jji": 0.02,
    "assisted-living": 0.06,
    "runaway": 0.02,
    "unknown": 0.03,
}
FOLLOW_UPS = {"ambulant": 0.45, "open": 0.25, "family": 0.12, "ggz": 0.06, "three-milieu": 0.06, "none": 0.06}
EARLY_ENDS = {"early-agreed": 0.4, "early-youth": 0.2, "early-provider": 0.2, "external": 0.2}
"""All of these shares are unverified; the published categories were not found."""

HYBRID_FROM = date(2023, 1, 1)
HYBRID_SHARE = 0.2
"""Stays in a hybrid place since then: unverified, between the 16 and 24 % of the places."""


class Course:
    """Says what happens, drawing from one generator; call it for closures in order of start."""

    def __init__(self, rng: Random, *, legal: LegalParameters, away: AwayParameters, planned_share: float) -> None:
        self._rng = rng
        self._legal = legal
        self._away = away
        self._planned_share = planned_share

    def of(self, closure: Closure, titles: tuple[Title, ...]) -> list[Statement]:
        """Everything about one closure, each with the earliest time at which it could be recorded."""
        return [
            *self.referral(closure, titles[0]),
            *self.orders(closure, titles),
            *(said for stay in closure.stays for said in self.stay(closure, stay, titles)),
        ]

    def referral(self, closure: Closure, first: Title) -> Iterator[Statement]:
        person, rng = closure.person, self._rng
        earlier = rng.randint(0, 1) if closure.spoed else rng.randint(3, 30)
        on = first.requested_on - timedelta(days=earlier)
        key = closure.stays[0].id.replace("P-", "R-")
        registered = referral_data(person, key=key, on=on, spoed=closure.spoed, origin=self._one(ORIGINS))
        yield say(desk_of(AREA_OF[person.region]), "referral-registered", key, person, on=on, data=registered)
        closed: dict[str, object] = {"referral": key, "closed_on": closure.started_on.isoformat(), "outcome": "placed"}
        yield say(desk_of(AREA_OF[person.region]), "referral-closed", key, person, on=closure.started_on, data=closed)

    def orders(self, closure: Closure, titles: tuple[Title, ...]) -> Iterator[Statement]:
        person = closure.person
        gi = gi_of(AREA_OF[person.region])
        for title in titles:
            yield from order(person, title)
        last, end = titles[-1], closure.ended_on
        left = (last.valid_until - end).days
        if left > 14 and last.frame != "consent" and self._rng.random() < self._legal.ended_early_share:
            on = end + timedelta(days=self._rng.randint(0, 7))
            ended: dict[str, object] = {
                "machtiging": last.machtiging,
                "ended_on": on.isoformat(),
                "cause": "gi-decision",
            }
            yield say(gi, "machtiging-ended", last.machtiging, person, on=on, data=ended)
        if (end - last.valid_from).days > 45 and self._rng.random() < self._legal.suspension_share:
            on = last.valid_from + timedelta(days=self._rng.randint(15, 25))
            back = on + timedelta(days=self._rng.randint(3, 14))
            suspended: dict[str, object] = {"machtiging": last.machtiging, "suspended_on": on.isoformat()}
            yield say(gi, "machtiging-suspended", last.machtiging, person, on=on, data=suspended)
            resumed: dict[str, object] = {"machtiging": last.machtiging, "resumed_on": back.isoformat()}
            yield say(gi, "machtiging-resumed", last.machtiging, person, on=back, data=resumed)

    def stay(self, closure: Closure, stay: Stay, titles: tuple[Title, ...]) -> Iterator[Statement]:
        position = closure.stays.index(stay)
        before = closure.stays[position - 1] if position else None
        yield self.start(closure, stay, before=before, title=title_on(titles, stay.started_on))
        yield from self.away(closure.person, stay)
        following = closure.stays[position + 1] if stay.moved_because else None
        yield self.end(closure.person, stay, following=following)

    def start(self, closure: Closure, stay: Stay, *, before: Stay | None, title: Title) -> Statement:
        person, rng = closure.person, self._rng
        hybrid = stay.started_on >= HYBRID_FROM and rng.random() < HYBRID_SHARE
        mode = "hybride" if hybrid else "gesloten"
        data: dict[str, object] = {
            "placement": stay.id,
            "accommodation": stay.accommodation,
            "group": f"{stay.accommodation}-{mode}",
            "started_on": stay.started_on.isoformat(),
            "regime": "jw6",
            "closure": mode,
            "route": "crisis" if closure.spoed and before is None else "planned",
            "region": person.region,
            "machtiging": title.machtiging,
            "origin": "closed-jw6" if before else self._one(ORIGINS),
            "birth_month": person.birth_month,
            "sex": person.sex,
        }
        if before is not None:
            data["arrives_from"] = before.id
        return say(provider_of(stay), "placement-started", stay.id, person, on=stay.started_on, data=data)

    def end(self, person: Person, stay: Stay, *, following: Stay | None) -> Statement:
        on = stay.ended_on
        if following is not None:
            moved: dict[str, object] = {
                "placement": stay.id,
                "departed_on": on.isoformat(),
                "to_accommodation": following.accommodation,
                "reason": stay.moved_because,
                "planned": self._rng.random() < 0.7,
            }
            return say(provider_of(stay), "doorplaatsing-recorded", stay.id, person, on=on, data=moved)
        planned = self._rng.random() < self._planned_share
        discharged: dict[str, object] = {
            "placement": stay.id,
            "discharged_on": on.isoformat(),
            "destination": self._one(DESTINATIONS),
            "end_mode": "planned" if planned else self._one(EARLY_ENDS),
            "follow_up": self._one(FOLLOW_UPS),
        }
        return say(provider_of(stay), "discharge-recorded", stay.id, person, on=on, data=discharged)

    def away(self, person: Person, stay: Stay) -> Iterator[Statement]:
        """Leave and absence, one after the other, all inside the stay."""
        rng, parameters = self._rng, self._away
        first = stay.started_on + timedelta(days=parameters.first_leave_days)
        last = stay.ended_on - timedelta(days=4)
        for name, interval in (
            ("leave", parameters.leave_interval_mean),
            ("absence", parameters.absence_interval_mean),
        ):
            day = first + timedelta(days=int(rng.expovariate(1 / interval)))
            count = 0
            while day < last:
                count += 1
                yield from self._absence(person, stay, name=name, day=day, key=f"{stay.id}-{count}")
                day += timedelta(days=4 + int(rng.expovariate(1 / interval)))

    def _absence(self, person: Person, stay: Stay, *, name: str, day: date, key: str) -> Iterator[Statement]:
        rng, publisher = self._rng, provider_of(stay)
        out = datetime(day.year, day.month, day.day, 14, rng.randrange(60), tzinfo=UTC)
        back = out + timedelta(hours=rng.randint(20, 60))
        kinds = ("weekend", "on-time") if name == "leave" else ("from-premises", "police")
        for fact, at, kind in zip((f"{name}-started", f"{name}-ended"), (out, back), kinds, strict=True):
            data = {"placement": stay.id, "at": at.isoformat(), "kind": kind}
            yield Statement(publisher, fact, key, person.pseudonym, data, at.date(), at + timedelta(hours=1))

    def _one(self, shares: dict[str, float]) -> str:
        return drawn(self._rng, shares)


def say(publisher: str, name: str, record: str, person: Person, *, on: date, data: dict[str, object]) -> Statement:
    """A statement about a person, recorded in the morning of the day on which it is true."""
    return Statement(publisher, name, record, person.pseudonym, data, on, morning_of(on))


def drawn(rng: Random, shares: Mapping[str, float]) -> str:
    """One of these, each as often as its share says."""
    return rng.choices(tuple(shares), tuple(shares.values()))[0]


def provider_of(stay: Stay) -> str:
    """The publisher that reports a stay."""
    return ACCOMMODATIONS[stay.accommodation].provider


def title_on(titles: tuple[Title, ...], day: date) -> Title:
    """The last machtiging that was in force by a day."""
    return next((title for title in reversed(titles) if title.valid_from <= day), titles[0])


def referral_data(person: Person, *, key: str, on: date, spoed: bool, origin: str) -> dict[str, object]:
    """The data of a referral for closed care."""
    return {
        "referral": key,
        "referred_on": on.isoformat(),
        "region": person.region,
        "referrer": "gi" if spoed else "municipality",
        "urgency": "spoed" if spoed else "regulier",
        "requested": "gesloten",
        "origin": origin,
        "birth_month": person.birth_month,
        "sex": person.sex,
    }


def order(person: Person, title: Title) -> Iterator[Statement]:
    """The request for a machtiging and the grant of it."""
    requested: dict[str, object] = {
        "request": title.request,
        "kind": title.kind,
        "requester": title.requester,
        "requested_on": title.requested_on.isoformat(),
    }
    granted: dict[str, object] = {
        "machtiging": title.machtiging,
        "request": title.request,
        "kind": title.kind,
        "granted_on": title.granted_on.isoformat(),
        "valid_from": title.valid_from.isoformat(),
        "valid_until": title.valid_until.isoformat(),
        "legal_frame": title.frame,
        "court": title.court,
    }
    if title.kind == "spoed":
        granted["without_hearing"] = title.without_hearing
    if title.extends is not None:
        requested["extends"] = granted["extends"] = title.extends
    gi = gi_of(AREA_OF[person.region])
    yield say(gi, "machtiging-requested", title.request, person, on=title.requested_on, data=requested)
    yield say(COURT, "machtiging-granted", title.machtiging, person, on=title.granted_on, data=granted)
