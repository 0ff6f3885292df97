"""What truly happened to one young person of the country: a few closures, with all that is said around them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from shared.calendar import AMSTERDAM

Truth = tuple[str, date, dict[str, Any]]
"""The name of a fact, the day on which it is true, and what it says."""

REGIONS = ("JZ24", "JZ29", "JZ41", "JZ13", "JZ01", "JZ02")
SETTINGS = ("gesloten", "besloten", "hybride", "open", "family", "three-milieu", "ggz")
MODES = ("gesloten", "besloten", "hybride", "open")
SITUATIONS = (
    "home", "network", "foster-care", "family-home", "open-residential", "three-milieu", "closed-jw6", "ggz-open",
    "ggz-wvggz", "wzd", "jji", "assisted-living", "independent", "crisis-care", "respite", "abroad", "homeless",
    "runaway", "deceased", "unknown",
)  # fmt: skip
"""Where somebody comes from or goes to."""
FIRST: Final = date(2023, 2, 1)
"""Nothing begins before this day."""


def course(key: str, random: Random) -> Iterator[Truth]:
    """Everything that is true of one, in no order that means anything."""
    day = FIRST + timedelta(days=random.randrange(650))
    for number in range(random.choice((1, 1, 2, 3))):
        yield from _before(f"{key}-{number}", day, random)
        if random.random() < 0.85:
            inside = list(_inside(f"{key}-{number}", day + _days(random, 0, 60), random))
            yield from inside
            day = max(on for _, on, _ in inside)
        day += _days(random, 0, 250)


def _days(random: Random, least: int, most: int) -> timedelta:
    return timedelta(days=random.randint(least, most))


def _maybe(random: Random, share: float, **more: Any) -> dict[str, Any]:
    return more if random.random() < share else {}


def _of_whom(random: Random) -> dict[str, Any]:
    months = _maybe(random, 0.7, birth_month=f"20{random.choice(('06', '08', '10'))}-{random.randint(1, 12):02d}")
    return months | _maybe(random, 0.7, sex=random.choice("mfx"))


def _before(key: str, day: date, random: Random) -> Iterator[Truth]:
    """What is said before somebody comes: referral, lists, expert team, support, and what the court says."""
    for number in range(random.choice((0, 1, 1, 2))):
        on = day + _days(random, 0, 40)
        yield from _referral(f"{key}-{number}", on, random)
    for number in range(random.choice((0, 0, 1, 2))):
        on = day + _days(random, 0, 60)
        what = _maybe(random, 0.4, interim=random.choice(SETTINGS)) | {"for": random.choice(SETTINGS[3:6])}
        yield "waiting-started", on, {"waiting": f"{key}-{number}", "started_on": str(on), **what}
        if random.random() < 0.6:
            off = on + _days(random, -5, 120)
            why = random.choice(("placed", "withdrawn", "lapsed"))
            yield "waiting-ended", off, {"waiting": f"{key}-{number}", "ended_on": str(off), "reason": why}
    for number in range(random.choice((0, 0, 1, 2))):
        yield from _consult(f"{key}-{number}", day + _days(random, 0, 60), random)
    if random.random() < 0.4:
        on = day + _days(random, 0, 60)
        reason = random.choice(("no-place", "complex", "other"))
        yield "support-requested", on, {"support": key, "on": str(on), "reason": reason}
        if random.random() < 0.6:
            off = on + _days(random, -5, 90)
            result = random.choice(("placed", "alternative", "unresolved"))
            yield "support-resolved", off, {"support": key, "on": str(off), "result": result}
    for number in range(random.choice((0, 1, 1, 2, 3))):
        yield from _machtiging(f"{key}-{number}", day + _days(random, -20, 120), random)


def _referral(key: str, on: date, random: Random) -> Iterator[Truth]:
    said = {"referral": key, "referred_on": str(on), "region": random.choice(REGIONS)}
    said |= {"referrer": random.choice(("gi", "municipality")), "urgency": random.choice(("spoed", "regulier"))}
    yield "referral-registered", on, said | {"requested": random.choice(SETTINGS[:4])} | _of_whom(random)
    if random.random() < 0.5:
        off = on + _days(random, -3, 90)
        outcome = random.choice(("placed", "alternative", "withdrawn", "refused", "expired"))
        instead = _maybe(random, 0.5, alternative=random.choice(SETTINGS))
        yield "referral-closed", off, {"referral": key, "closed_on": str(off), "outcome": outcome, **instead}


def _consult(key: str, on: date, random: Random) -> Iterator[Truth]:
    region = random.choice(REGIONS)
    if random.random() < 0.9:
        yield "expert-advice-requested", on, {"consult": key, "team_region": region, "requested_on": str(on)}
    if random.random() < 0.8:
        on += _days(random, -2, 40)
        said = {"team_region": region, "binding": random.random() < 0.7, "advice": random.choice(SETTINGS)}
        yield "expert-advice-issued", on, {"consult": key, "issued_on": str(on), **said}
    for _ in range(random.choice((0, 1, 1, 2))):
        on += _days(random, -2, 50)
        status = random.choice(("accepted", "deviated", "executed", "failed"))
        yield "expert-advice-followed-up", on, {"consult": key, "followed_up_on": str(on), "status": status}


def _machtiging(key: str, on: date, random: Random) -> Iterator[Truth]:
    """A request, its answer, and what became of what was granted."""
    kind = random.choice(("regulier", "regulier", "spoed", "voorwaardelijk"))
    if random.random() < 0.8:
        yield "machtiging-requested", on, {"request": key, "kind": kind, "requester": "gi", "requested_on": str(on)}
    on += _days(random, -1, 30)
    if random.random() < 0.3:
        yield "machtiging-refused", on, {"request": key, "refused_on": str(on)}
        if random.random() < 0.8:
            return
    first = on + _days(random, -2, 20)
    term = {"granted_on": str(on), "valid_from": str(first), "valid_until": str(first + _days(random, 1, 300))}
    said = {"machtiging": key, "kind": kind, "legal_frame": random.choice(("ots", "consent", "voogdij")), **term}
    court = random.choice(("rechtbank-west", "rechtbank-zuid"))
    said |= _maybe(random, 0.8, request=key) | _maybe(random, 0.7, court=court)
    yield "machtiging-granted", on, said
    for name, field in (("suspended", "suspended_on"), ("resumed", "resumed_on"), ("ended", "ended_on")):
        if random.random() < 0.25:
            day = first + _days(random, -5, 150)
            cause = (
                {"cause": random.choice(("revoked", "not-executed", "consent-withdrawn"))} if name == "ended" else {}
            )
            yield f"machtiging-{name}", day, {"machtiging": key, field: str(day), **cause}


def _inside(key: str, day: date, random: Random) -> Iterator[Truth]:
    """A few placements, each linked to the next or not, and what is said of each."""
    house, before = random.choice("aabbcdez"), None
    for number in range(random.choice((1, 1, 2, 3))):
        placement, until = f"{key}-{number}", day + _days(random, 0, 160)
        said = {
            "placement": placement,
            "accommodation": house,
            "started_on": str(day),
            "region": random.choice(REGIONS),
        }
        said |= {"regime": "jw6" if random.random() < 0.93 else random.choice(("jji", "open"))}
        said |= {"closure": random.choice(MODES), "route": random.choice(("crisis", "planned"))} | _of_whom(random)
        said |= _maybe(random, 0.8, origin=random.choice(SITUATIONS)) | _maybe(random, 0.5, machtiging=f"{key}-0")
        yield "placement-started", day, said | (_maybe(random, 0.4, arrives_from=before) if before else {})
        yield from _during(placement, day, until, random)
        match random.random():
            case low if low < 0.45:
                yield "doorplaatsing-recorded", until, {
                    "placement": placement, "departed_on": str(until), "reason": "better-fit",
                }  # fmt: skip
            case low if low < 0.8:
                end = {"destination": random.choice(SITUATIONS), "end_mode": random.choice(
                    ("planned", "early-agreed", "early-youth", "early-provider", "external", "deceased"),
                )}  # fmt: skip
                yield "discharge-recorded", until, {"placement": placement, "discharged_on": str(until), **end}
        day, before = until + timedelta(days=random.choice((-20, -1, 0, 0, 0, 1, 3, 7, 8, 40))), placement
        house = random.choice((house, *"abcdez"))


def _during(placement: str, day: date, until: date, random: Random) -> Iterator[Truth]:
    """What is told of a stay; some of it just outside its days."""

    def some(most: int) -> Iterator[date]:
        for _ in range(random.randint(0, most)):
            yield day + timedelta(days=random.randint(-3, max(1, (until - day).days + 3)))

    of = {"placement": placement}
    for on in some(2):
        yield "closure-mode-changed", on, {**of, "changed_on": str(on), "closure": random.choice(MODES)}
    for on in some(2):
        yield "discharge-ready", on, {**of, "ready_on": str(on), "needed": random.choice(SETTINGS)}
    for on in some(2):
        status = random.choice(("in-school", "inside", "none", "none", "exempt", "work"))
        yield "education-changed", on, {**_maybe(random, 0.7, **of), "changed_on": str(on), "status": status}
    for on in some(2):
        told = {"quarter": f"{on.year}-Q{(on.month + 2) // 3}", "category": random.choice(("holding", "seclusion"))}
        told |= {"count": random.randrange(5), "minutes": random.randrange(200), "emergency": random.random() < 0.4}
        yield "restriction-reported", on, {**of, **told, **_maybe(random, 0.5, on=str(on))}
    for on in some(3):
        at = datetime.combine(on, time(random.choice((0, 1, 12, 22, 23)), random.choice((0, 30))), AMSTERDAM)
        yield "absence-started", on, {**of, "at": at.isoformat()}
        back = at + timedelta(hours=random.choice((1, 5, 24, 30, 72, 100)), minutes=random.choice((0, 20)))
        if random.random() < 0.7:
            yield "absence-ended", back.date(), {**of, "at": back.isoformat()}
