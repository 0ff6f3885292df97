"""Waiting lists: who stands on one on a date, by what they wait for and how long so far, with and without help."""

from datetime import date
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.course import Listed
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Cases, CountTable, Findings, tallied
from services.monitor.figures.figure import Figure
from services.monitor.figures.population import Population, seen
from services.monitor.figures.splits import SPLITS_OF_ANYBODY, Subject
from services.monitor.figures.waiting import LENGTHS, length_of
from services.monitor.figures.whose import asked_for, case_of, known_on, of_anybody

SETTINGS = (
    "gesloten",
    "besloten",
    "hybride",
    "open",
    "family",
    "ambulant",
    "ggz",
    "wvggz",
    "wzd",
    "jji",
    "three-milieu",
)
WITHOUT, WITH = "without", "with"
"""Help in the meantime: those without any are the net list (netto), all together the gross one (bruto)."""


class Place(NamedTuple):
    """Somebody who stands on one or more lists for a setting."""

    dossier: Dossier
    listed: Listed
    """Of these the one they stand on longest."""
    bridged: bool
    """Whether any of these says that there is help in the meantime."""


def on_lists(population: Population) -> list[Place]:
    """Everybody who stands on a waiting list on the date (D3), once for each setting that they wait for."""
    on, found = population.question.on, []
    for dossier in population.dossiers:
        lists: dict[str, list[Listed]] = {}
        for one in dossier.course.listed:
            if one.since_on <= on and seen(one.until_on, on) is None:
                lists.setdefault(one.setting, []).append(one)
        found += [Place(dossier, same[0], any(one.interim for one in same)) for same in lists.values()]
    return found


def _compute(population: Population) -> Findings:
    on = population.question.on

    def subject(place: Place) -> Subject:
        return known_on(place.dossier, on, place.listed.since_on, None)

    groups = asked_for(population, on_lists(population), subject)
    found = groups.spells
    interim = Dimension("interim", (WITHOUT, WITH))
    return Findings(
        n=len(found),
        inferred=0,
        tables=(
            CountTable(
                "list",
                "On a waiting list on the date, by what they wait for; without help in the meantime is net",
                "persons",
                (*groups.dimensions, Dimension("setting", SETTINGS), interim),
                tallied((*key, place.listed.setting, _interim(place)) for key, place in groups.inner),
                of_date=True,
            ),
            CountTable(
                "days",
                "On a waiting list on the date, by days so far; without help in the meantime is net",
                "persons",
                (*groups.dimensions, interim, Dimension("days", LENGTHS)),
                tallied((*key, _interim(place), _so_far(place, on)) for key, place in groups.inner),
                of_date=True,
                totals_only=True,
            ),
        ),
        cases=Cases(
            len(found), lambda: (case_of(subject(place), "waiting-list", place.listed.waiting, on) for place in found)
        ),
    )


def _interim(place: Place) -> str:
    return WITH if place.bridged else WITHOUT


def _so_far(place: Place, on: date) -> str:
    return length_of(days(place.listed.since_on, on))


WAITING_LIST = Figure(
    name="waiting-list",
    title="On a waiting list",
    title_dutch="Op een wachtlijst",
    view="stock",
    period="date",
    counts=(
        "Young people who stand on a waiting list on the date, by the setting that they wait for and by days so far: "
        "all of them (gross, bruto), and those without help in the meantime (net, netto). It follows from what lists "
        "say (`waiting-started` and `waiting-ended`), for any setting. `waiting` follows from referrals and "
        "machtigingen, for a closed place only; somebody may be in either without being in the other."
    ),
    formula=(
        "On a list on D: started_on <= D and (no end, or ended_on > D). Whoever stands on several lists for one "
        "setting counts once there, since the first of these, and has help in the meantime if one of them says so. Who "
        "waits for several settings counts once in each. Days so far = D - started_on: up to one week, four weeks, "
        "nine weeks, and longer. The region is that of the latest referral that is known, whatever its date (of two of "
        "one day the one recorded last), or else of the last placement that had begun by D; age, sex and title are "
        "those of D."
    ),
    rules=("D1", "D2", "D3"),
    splits=tuple(SPLITS_OF_ANYBODY),
    split_kinds=of_anybody,
    number_in=("list", "count"),
    compute=_compute,
    example=(
        "On 31 March: since 1 March on a list for open care, and since 20 March on another; since 10 January for "
        "three-milieu, with ambulant help; since 25 March for three-milieu. On a list are 3: one for open care (30 "
        "days), two for three-milieu (81 and 6 days). Net are 2."
    ),
)
