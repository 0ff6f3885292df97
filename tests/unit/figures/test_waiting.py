"""Who waits, split by what was known of them when the wait began, and what of that those outside see."""

from datetime import date
from fractions import Fraction

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import WITHHELD, Cell, Shown
from shared.facts.regions import AREA_OF, AREAS
from tests.unit.dossier.given import folded, granted, referral_closed, referred, start
from tests.unit.figures.asked import asked, counts, known, measures

MARCH = ("2024-03-01", "2024-04-01")
IN_2024 = Window(date(2024, 1, 1), date(2025, 1, 1))
ON = date(2025, 1, 1)


def waiting(number: int, on: str, *, placed: str | None = None, closed: str | None = None, **whose: str) -> Dossier:
    """Somebody who was referred, and what became of it."""
    person = f"young-person-{number:04d}"
    facts = [referred(f"R{number}", on, person=person, **whose)]
    if placed:
        facts.append(start(f"P{number}", placed, person=person, region="JZ41", sex="x"))
    if closed:
        facts.append(referral_closed(f"R{number}", closed, person=person))
    return folded(*facts, person=person)


FOUR = [
    waiting(1, "2024-03-01", placed="2024-03-05", region="JZ01", sex="m", birth_month="2009-05"),
    waiting(2, "2024-03-05", closed="2024-03-15", region="JZ01", sex="f", birth_month="2006-04"),
    waiting(3, "2024-03-10", region="JZ07", sex="m"),
    waiting(4, "2023-12-10", region="JZ07", sex="m"),
]


def test_by_region_each_wait_is_where_its_referral_says() -> None:
    found = asked("waiting", FOUR, on="2024-03-31", window=MARCH, split="region")
    ends = counts(found, "ends")
    assert {key: n for key, n in ends.items() if key[0].startswith("JZ") and key[1] != "total"} == {
        ("JZ01", "placed"): 1,
        ("JZ01", "withdrawn"): 1,
        ("JZ07", "waiting"): 1,
    }
    now = counts(found, "waiting")
    assert (now["JZ07", "8-28"], now["JZ07", "64+"]) == (1, 1)
    first = measures(found, "incidence-at", key=("JZ01",))
    assert (first[7]["placed"], first[14]["withdrawn"]) == (Fraction(1, 2), Fraction(1, 2))
    assert measures(found, "incidence-at", key=("JZ07",))[14]["remaining"] == 1
    assert measures(found, "placed", key=("JZ01",))[None]["median"] == 4


def test_by_sex_and_age_what_the_placement_says_does_not_count() -> None:
    by_sex = counts(asked("waiting", FOUR, on="2024-03-31", window=MARCH, split="sex"), "ends")
    assert (by_sex["m", "placed"], by_sex["f", "withdrawn"], by_sex["m", "waiting"]) == (1, 1, 1)
    by_age = counts(asked("waiting", FOUR, on="2024-03-31", window=MARCH, split="age"), "ends")
    assert (by_age["14-15", "placed"], by_age["16-17", "withdrawn"], by_age["unknown", "waiting"]) == (1, 1, 1)


def test_a_part_of_the_country_is_what_the_split_says_of_it() -> None:
    part = asked("waiting", FOUR, on="2024-03-31", window=MARCH, where={"region": "JZ07"})
    assert (part.n, counts(part, "waiting")) == (1, {"8-28": 1, "64+": 1})


def test_of_a_machtiging_alone_the_region_may_be_unknown() -> None:
    one = folded(granted("M1", "2024-03-10", "2024-09-10"), start("P1", "2024-03-13"))
    found = asked("waiting", [one], on="2024-03-31", window=MARCH, since="machtiging", split="region")
    assert counts(found, "ends")["unknown-region", "placed"] == 1
    found = asked("waiting", [one], on="2024-03-31", window=MARCH, since="machtiging", split=("area", "title"))
    assert counts(found, "ends")["unknown", "regulier", "placed"] == 1


def test_a_year_is_that_in_which_the_wait_began_and_who_waits_now_has_none() -> None:
    found = asked("waiting", FOUR, on="2024-03-31", window=("2023-01-01", "2024-04-01"), split="year")
    ends = counts(found, "ends")
    assert (ends["2023", "waiting"], ends["2024", "waiting"], ends["2024", "placed"]) == (1, 1, 1)
    assert counts(found, "waiting") == {"8-28": 1, "64+": 1}


def crowd(*, still: int, before: int, region: str = "JZ01", first: int = 0) -> list[Dossier]:
    """In a region 40 who were placed, 20 who withdrew, so many who still wait, and so many who do since before 2024."""
    numbers = iter(range(first, 10_000))
    return [
        *(waiting(next(numbers), "2024-05-01", closed="2024-06-01", region=region) for _ in range(20)),
        *(waiting(next(numbers), "2024-05-01", placed="2024-05-20", region=region) for _ in range(40)),
        *(waiting(next(numbers), "2024-11-01", region=region) for _ in range(still)),
        *(waiting(next(numbers), "2023-11-01", region=region) for _ in range(before)),
    ]


def outside(people: list[Dossier], **asked: object) -> Shown:
    question = Question(**{"on": ON, "window": IN_2024, **asked})  # type: ignore[arg-type]
    return published(FIGURES["waiting"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_how_waits_stand_and_lasted_is_withheld_and_how_many_there_are_is_not() -> None:
    found = outside(crowd(still=25, before=12))
    assert (found.n, found.table("waiting").cell("count")) == (Cell("rounded", 85), Cell("rounded", 35))
    assert {found.table("ends").cell("count", end=end) for end in ("placed", "withdrawn", "waiting")} == {WITHHELD}
    assert {found.table("waiting").cell("count", days=days) for days in ("8-28", "64+")} == {WITHHELD}
    assert {found.table("placed").cell(name) for name in ("n", "mean", "median", "p90")} == {WITHHELD}


def test_outside_a_share_is_of_all_who_began_to_wait_when_all_were_followed_so_long() -> None:
    within = outside(crowd(still=25, before=12), on=date(2025, 2, 1)).table("incidence-at")
    assert within.cell("n", at=28) == Cell("rounded", 85)
    assert within.cell("placed", at=28) == Cell("rounded", Fraction(47, 100))
    assert {within.cell(name, at=28) for name in ("withdrawn", "remaining")} == {WITHHELD}
    assert within.cell("placed", at=63) == WITHHELD


HOMES = {area: min(region for region, its in AREA_OF.items() if its == area) for area in AREAS}
"""A region in each area."""


def test_outside_a_part_is_picked_from_the_whole() -> None:
    people = [
        one
        for place, region in enumerate(HOMES.values())
        for one in crowd(still=25, before=12, region=region, first=200 * place)
    ]
    whole, part = outside(people, split=("area",)), outside(people, where={"area": "noord"})
    for name in ("ends", "waiting"):
        own = [row.cells for row in whole.table(name).rows if row.key["area"] == "noord"]
        assert [row.cells for row in part.table(name).rows] == own
    assert part.table("waiting").cell("count") == Cell("rounded", 35)
    assert part.n == Cell("rounded", 85)
