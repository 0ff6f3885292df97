"""A country as it is known: dossiers of the simulated country since 2009, as many times over as asked."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from services.monitor.accommodations import Accommodation, Capacity, Register
from services.monitor.dossier.closures import closures as linked
from services.monitor.dossier.state import Discharged, Dossier, Moved, Placement, Title, Waiting
from services.monitor.history.known import Known
from services.simulator import flow
from services.simulator.country import ACCOMMODATIONS
from services.simulator.parameters import Parameters
from services.simulator.titles import titles

UNTIL = date(2026, 1, 1)
KNOWN = datetime(2026, 1, 1, 12, tzinfo=UTC)
SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"


def nation(times: int) -> Known:
    """About 25,000 placements, `times` over: each copy is of other persons, with objects of its own.

    They are made in the order of persons, in which the history reads them: so they lie in memory as there.
    """
    one = sorted(_dossiers(), key=lambda dossier: dossier.person)
    people = [_copied(dossier, copy) for dossier in one for copy in range(times)]
    people.sort(key=lambda dossier: dossier.person)
    return Known(people, _register(), {}, KNOWN, final=True)


def _copied(one: Dossier, copy: int) -> Dossier:
    """The same course of another person; dates and words are shared, as the history shares them."""
    placements = tuple(replace(stay, placement=f"{stay.placement}-{copy}") for stay in one.placements)
    return replace(
        one,
        person=f"{one.person}-{copy}",
        placements=placements,
        closures=linked(placements, link_days=7),
        titles=tuple(replace(title, machtiging=f"{title.machtiging}-{copy}") for title in one.titles),
        waiting=tuple(replace(wait, referral=f"{wait.referral}-{copy}") for wait in one.waiting),
    )


def _dossiers() -> list[Dossier]:
    parameters = Parameters()
    random = Random("bench")
    of_person: dict[str, list[flow.Closure]] = defaultdict(list)
    for closure in flow.closures(1, UNTIL, parameters.flow):
        of_person[closure.person.pseudonym].append(closure)
    found = []
    for person, simulated in of_person.items():
        placements = tuple(stay for closure in simulated for stay in _placements(closure))
        held = [title for closure in simulated for title in titles(closure, random, parameters.legal)]
        found.append(
            Dossier(
                person,
                placements,
                linked(placements, link_days=7),
                tuple(
                    Title(one.machtiging, one.kind, one.frame, one.valid_from, one.valid_until)
                    for one in sorted(held, key=lambda one: (one.valid_from, one.valid_until, one.machtiging))
                ),
                tuple(_waiting(closure, random) for closure in simulated),
                (),
            )
        )
    return found


def _placements(closure: flow.Closure) -> list[Placement]:
    person = closure.person
    found = []
    for stay in closure.stays:
        moved = stay.moved_because
        end = Moved(stay.ended_on, moved, None) if moved else Discharged(stay.ended_on, "home", "planned")
        found.append(
            Placement(stay.id, SOURCE, stay.accommodation, person.region, "jw6", "gesloten", "crisis", stay.started_on,
                      end, None, None, None, person.birth_month, person.sex)
        )  # fmt: skip
    return found


def _waiting(closure: flow.Closure, random: Random) -> Waiting:
    since = closure.started_on - timedelta(days=random.randrange(60))
    person = closure.person
    known = person.region, person.birth_month, person.sex
    asked = "gi", random.choice(("spoed", "regulier")), closure.started_on, "placed"
    return Waiting(since, closure.started_on, f"R-{closure.stays[0].id}", (), *known, *asked)


def _register() -> Register:
    known = tuple(
        Accommodation(
            one.id, one.provider, one.name, one.municipality, one.region, one.area, one.opened_on, one.closed_on
        )
        for one in ACCOMMODATIONS.values()
    )
    places = tuple(
        Capacity(one.id, "", since, int(size), None, "gesloten", "lta")
        for one in ACCOMMODATIONS.values()
        for since, size in one.sizes
    )
    return Register(known, places)
