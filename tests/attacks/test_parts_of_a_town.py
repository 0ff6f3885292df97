"""Asked for any part of any split, every figure outside shows that part's own numbers, or nothing."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from operator import ge, le
from random import Random

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES, answer, default_window
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import disclosed, published
from services.monitor.figures.question import Question
from services.monitor.figures.shown import Cell, Shown, ShownColumn, ShownRow, ShownTable
from services.monitor.figures.stock import BANDS
from services.monitor.history.known import Known
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import (
    absent,
    advised,
    asked,
    discharged,
    folded,
    followed_up,
    granted,
    listed,
    mode_changed,
    moved,
    ready,
    referral_closed,
    referred,
    refused,
    requested,
    restricted,
    start,
    support_asked,
    support_resolved,
    taught,
    unlisted,
)
from tests.unit.figures.asked import known

ON, LAST_YEAR = date(2025, 1, 1), date(2024, 1, 1)
"""The date, and when the window ended: so long ago that everybody was followed."""
PEOPLE = 1_200
REGIONS = ("JZ01", "JZ07", "JZ07", "JZ24", "JZ24", "JZ24", "JZ41", "JZ41", "JZ41", "JZ41")
HOUSES = ("A", "B", "C", "C", "C", "C")
SEXES = ("m", "f", "f", None)
KINDS = (("regulier", "ots"), ("regulier", "voogdij"), ("spoed", "vots"), ("voorwaardelijk", "consent"))
OUTCOMES = ("withdrawn", "alternative", "alternative", "refused", "expired", "placed")
WENT = ("home", "home", "home", "foster-care", "open-residential", "jji", "abroad", "unknown")
CAME = ("home", "home", "network", "crisis-care", "jji", None)
TOLERANCES = {
    "days": Fraction(2),
    "atLeast": Fraction(2 * len(BANDS)),
}
"""How far what is shown may be from what is, by column or unit: half a step of rounding, of sums of each of them."""
ROUNDED = 2 * Fraction(5, 2)
"""How far off two counts are that were rounded; limits move as much as the share does, or less than twice that."""
TOLD = {("incidence-at", "n"): ge, ("curve-at", "n"): le}
"""Not who is at risk, but of how many in all; and who is still there when those have left who leave on the day."""
TINY = Fraction(1, 10**9)
"""So that a half percent goes up."""


@cache
def everyone() -> Known:
    """Parts of many sizes, in each of which everything happens that any figure counts."""
    random = Random(1)
    return known(*(_course(number, random) for number in range(PEOPLE)))


def _course(number: int, random: Random) -> Dossier:
    person = f"young-person-{number:04d}"
    wanted = date(2022, 7, 1) + timedelta(days=random.randrange(900))
    region, house, (kind, frame) = random.choice(REGIONS), random.choice(HOUSES), random.choice(KINDS)
    whose = {"sex": random.choice(SEXES), "birth_month": f"{random.randrange(2006, 2013)}-05", "person": person}
    by = {"urgency": ("spoed", "regulier")[number % 2], "referrer": ("gi", "judiciary", "municipality")[number % 3]}
    facts = [referred(f"R{number}", str(wanted), region=region, **by, **whose), *_beside(number, wanted, person)]
    if random.random() < 0.2:
        if random.random() < 0.5:
            end = {"outcome": OUTCOMES[number % len(OUTCOMES)], "person": person}
            facts.append(referral_closed(f"R{number}", str(wanted + timedelta(days=20)), **end))
        return folded(*facts, person=person)
    day = wanted + timedelta(days=random.randrange(60))
    order = {"kind": kind, "legal_frame": frame, "court": f"rechtbank-{number % 4}", "person": person}
    order |= {"request": f"V{number}"} if number % 5 else {}
    facts.append(granted(f"M{number}", str(wanted), str(day + timedelta(days=400)), **order))
    for stay in range(3):
        key = f"P{number}-{stay}"
        came = {"origin": CAME[number % len(CAME)], "route": ("crisis", "planned")[number % 2]}
        facts.append(start(key, str(day), at=house, region=region, **came, **whose))
        began, day = day, day + timedelta(days=random.randrange(20, 250))
        facts += _told(key, number, began, person)
        if random.random() < 0.4:
            facts.append(moved(key, str(day), person=person))
            house = random.choice(HOUSES)
        elif random.random() < 0.8:
            went = {"destination": WENT[(number + stay) % len(WENT)], "end_mode": ("planned", "external")[number % 2]}
            facts.append(discharged(key, str(day), person=person, **went))
            day += timedelta(days=random.randrange(20, 200))
        else:
            break
    return folded(*facts, person=person)


def _told(key: str, number: int, began: date, person: str) -> list[AcceptedEvent]:
    """What is said of a stay besides."""
    statuses = ("in-school", "inside", "inside", "none", "none", None)
    status = statuses[(number + began.day) % len(statuses)]
    said = [taught(str(began + timedelta(days=10)), status, person=person)] if status else []
    if number % 3 == 0:
        said.append(mode_changed(key, str(began + timedelta(days=15)), "hybride", person=person))
    if number % 4 == 0:
        quarter = f"{began.year}-Q{(began.month - 1) // 3 + 1}"
        said.append(restricted(key, quarter, count=1 + number % 3, person=person))
        said.append(absent(key, f"{began + timedelta(days=12)}T21:00:00+01:00", person=person))
    if number % 5 < 2:
        needed = ("family", "open", "ambulant")[number % 3]
        said.append(ready(key, str(began + timedelta(days=18)), needed=needed, person=person))
    return said


def _beside(number: int, wanted: date, person: str) -> list[AcceptedEvent]:
    """What is told beside referrals, titles and stays: lists, expert teams and national support."""
    random = Random(number)
    on_list = {"for": random.choice(("open", "open", "family", "ggz")), "interim": random.choice((None, "ambulant"))}
    facts = [listed(f"W{number}", str(wanted), person=person, **on_list)]
    if random.random() < 0.6:
        facts.append(unlisted(f"W{number}", str(wanted + timedelta(days=random.randrange(200))), person=person))
    team = {"team_region": random.choice(REGIONS), "person": person}
    facts.append(asked(f"C{number}", str(wanted), **team))
    if random.random() < 0.9:
        issued = wanted + timedelta(days=random.randrange(40))
        facts.append(advised(f"C{number}", str(issued), binding=random.random() < 0.7, **team))
        done = issued + timedelta(days=random.randrange(80))
        facts.append(followed_up(f"C{number}", str(done), random.choice(("executed", "deviated")), person=person))
    facts.append(requested(f"V{number}", str(wanted - timedelta(days=random.randrange(30))), person=person))
    if number % 5 == 0:
        facts.append(refused(f"V{number}", str(wanted + timedelta(days=10)), person=person))
    if random.random() < 0.7:
        reason = random.choice(("no-place", "no-place", "complex"))
        facts.append(support_asked(f"S{number}", str(wanted), reason=reason, person=person))
        resolved = wanted + timedelta(days=random.randrange(90))
        facts.append(support_resolved(f"S{number}", str(resolved), person=person))
    return facts


def _question(figure: Figure, **more: object) -> Question:
    window = default_window(figure, ON if figure.period == "date" else LAST_YEAR)
    return Question(on=ON, window=window, **more)  # type: ignore[arg-type]


def _parts(figure: Figure) -> list[tuple[str, str]]:
    """Every category of every split that the figure has; of the regions in which nobody lives, one."""
    kinds = figure.split_kinds({})
    window = _question(figure).window
    return [
        (name, category)
        for name in figure.splits
        for category in kinds[name].of(everyone().register, window).dimension.categories
        if name != "region" or category in (*REGIONS, "JZ42")
    ]


@cache
def _exactly(name: str, split: str) -> Shown:
    figure = FIGURES[name]
    return disclosed(answer(figure, everyone(), _question(figure, split=(split,))), everyone(), to=Audience.INSIDE)


@cache
def _inside(name: str, split: str, category: str) -> Shown:
    figure = FIGURES[name]
    found = answer(figure, everyone(), _question(figure, where={split: category}))
    return disclosed(found, everyone(), to=Audience.INSIDE)


def _of_split(table: ShownTable, split: str, category: str) -> dict[object, ShownRow]:
    """The rows of a category of a split, by what else they are of."""
    return {
        (tuple((name, one) for name, one in row.key.items() if name != split), row.at): row
        for row in table.rows
        if row.key[split] == category
    }


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.splits])
def test_inside_a_part_is_what_the_split_says_of_it(name: str) -> None:
    for split, category in _parts(FIGURES[name]):
        for table in _inside(name, split, category).tables:
            whole = _exactly(name, split).table(table.name)
            if split in whole.dimensions:
                own = _of_split(whole, split, category)
                rows = {(tuple(row.key.items()), row.at): row.cells for row in table.rows}
                assert rows == {key: row.cells for key, row in own.items()}, (split, category, table.name)


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.splits])
def test_a_part_is_shown_with_its_own_numbers_or_not_at_all(name: str) -> None:
    figure, seen = FIGURES[name], 0
    for split, category in _parts(figure):
        asked = _question(figure, where={split: category})
        part = published(figure, everyone(), asked, to=Audience.OUTSIDE)
        assert _may_be(part.n, _inside(name, split, category).answer.n), (split, category)
        for table in part.tables:
            seen += _check(table, _exactly(name, split).table(table.name), split, category)
        seen += part.n.status == "rounded"
    assert seen > 15, "nothing was shown, so that nothing was tried"


def _check(part: ShownTable, exactly: ShownTable, split: str, category: str) -> int:
    """How many cells are shown; each is that of this part."""
    assert split not in part.dimensions
    own, shown = _of_split(exactly, split, category), 0
    for row in part.rows:
        exact = own[tuple(row.key.items()), row.at]
        for column, cell, really in zip(part.columns, row.cells, exact.cells, strict=True):
            if cell.status == "rounded" and (part.name, column.name) in TOLD:
                assert TOLD[part.name, column.name](cell.value, _to_5(really.value)), (part.name, split, category)  # type: ignore[arg-type]
            else:
                assert _is_of(cell, really, column, exact.cells[0].value), (part.name, split, category, row, exact)
            shown += cell.status == "rounded"
    return shown


def _is_of(cell: Cell, really: Cell, column: ShownColumn, number: object) -> bool:
    """Whether a cell may be shown of what is really so."""
    if cell.status != "rounded":
        return cell.value is None or (cell.status == "given" and cell == really)
    if column.unit == "word":
        return cell.value == really.value
    if really.whole is not None and really.part is not None:
        return cell.value == Fraction(round(Fraction(100 * _to_5(really.part), _to_5(really.whole)) + TINY), 100)
    tolerance = TOLERANCES.get(column.name) or TOLERANCES.get(column.unit, Fraction(5, 2))
    if column.unit in ("share", "rate") and isinstance(number, int):
        size = max(1, Fraction(really.value)) if column.unit == "rate" else 1  # type: ignore[arg-type]
        tolerance = 2 * size * ROUNDED / number + (Fraction(1, 200) if column.unit == "share" else Fraction(1, 2))
    return abs(Fraction(cell.value) - Fraction(really.value)) <= tolerance  # type: ignore[arg-type]


def _to_5(count: int) -> int:
    return 5 * round(count / 5)


def _may_be(cell: Cell, number: int) -> bool:
    match cell.status:
        case "rounded":
            return cell.value == _to_5(number) and number >= 10
        case "too-small":
            return number < 10
        case _:
            return cell.status == "withheld"
