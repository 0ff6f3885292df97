"""Absences, counted by hand to the moment, and what of them those outside see."""

from datetime import date, timedelta
from fractions import Fraction

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import absent, d, discharged, folded, moved, returned, start, withdrawn
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

JANUARY = ("2024-01-01", "2024-02-01")
STAY = start("P1", "2023-11-01")


def away(at: str, back: str | None = None, *, placement: str = "P1", **more: str) -> list[AcceptedEvent]:
    """An absence between these moments."""
    found = [absent(placement, at, **more)]
    return [*found, returned(placement, back, **more)] if back else found


THREE_TIMES = folded(
    STAY,
    *away("2024-01-03T20:00:00+01:00", "2024-01-05T02:00:00+01:00"),
    *away("2024-01-10T12:00:00+01:00", "2024-01-10T18:00:00+01:00"),
    *away("2024-01-30T09:00:00+01:00"),
)
NEVER = folded(start("P2", "2023-12-01", person="young-person-0002"), person="young-person-0002")
"""Both together the worked example of the definition."""


def row(people: list[Dossier], *, on: str, window: tuple[str, str] = JANUARY, **more: object) -> dict[str, object]:
    return measures(asked("absences", people, on=on, window=window, **more), "absences")[None]


def test_three_absences_of_one_of_two_in_sixty_two_care_days() -> None:
    found = asked("absences", [THREE_TIMES, NEVER], on="2024-02-01", window=JANUARY)
    assert counts(found, "closures") == {"some": 1, "none": 1}
    assert measures(found, "absences")[None] == {
        "n": 2,
        "number": 3,
        "per1000Days": Fraction(3000, 62),
        "careDays": 62,
        "medianHours": 18,
        "p90Hours": 30,
        "lasting": 1,
        "over24Hours": 2,
        "over72Hours": 0,
    }
    assert [case.person for case in found.cases] == [THREE_TIMES.person]


def test_a_return_after_the_date_is_not_seen() -> None:
    back = folded(STAY, *away("2024-01-03T20:00:00+01:00", "2024-01-05T02:00:00+01:00"))
    on_the_day_before, on_the_day = row([back], on="2024-01-04"), row([back], on="2024-01-05")
    assert (on_the_day_before["lasting"], on_the_day_before["medianHours"]) == (1, NOT_ESTIMABLE)
    assert (on_the_day["lasting"], on_the_day["medianHours"]) == (0, 30)


def test_what_is_not_over_lasts_up_to_the_first_moment_of_the_date() -> None:
    lasting = folded(STAY, *away("2024-01-03T20:00:00+01:00"))
    on = {day: row([lasting], on=day) for day in ("2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08")}
    assert [one["over24Hours"] for one in on.values()] == [0, 1, 1, 1, 1]
    assert [one["over72Hours"] for one in on.values()] == [0, 0, 0, 1, 1]


def test_hours_are_counted_over_a_clock_change_and_a_bound_itself_is_not_longer() -> None:
    for back, over in (("2024-03-31T21:00:00+02:00", 0), ("2024-03-31T21:00:01+02:00", 1)):
        night = folded(STAY, *away("2024-03-30T20:00:00+01:00", back))
        found = row([night], on="2024-04-02", window=("2024-03-01", "2024-04-01"))
        assert (found["over24Hours"], found["number"]) == (over, 1)
    assert found["medianHours"] == 24 + Fraction(1, 3600)


def test_the_date_of_an_absence_is_that_in_amsterdam() -> None:
    late = folded(STAY, *away("2024-01-31T23:30:00+00:00"))
    assert counts(asked("absences", [late], on="2024-03-01", window=JANUARY), "closures") == {"none": 1}
    assert row([late], on="2024-03-01", window=("2024-02-01", "2024-03-01"))["number"] == 1


def test_the_end_of_the_closure_ends_an_absence_and_a_doorplaatsing_does_not() -> None:
    gone = folded(STAY, *away("2024-01-10T12:00:00+01:00"), discharged("P1", "2024-01-12"))
    found = row([gone], on="2024-02-01")
    assert (found["medianHours"], found["lasting"], found["careDays"]) == (36, 0, 11)
    assert row([gone], on="2024-01-11")["lasting"] == 1
    on_the_move = folded(
        *(STAY, *away("2024-01-10T12:00:00+01:00"), moved("P1", "2024-01-12", to="B")),
        start("P2", "2024-01-12", at="B"),
    )
    assert row([on_the_move], on="2024-02-01")["lasting"] == 1


def test_another_absence_from_that_placement_ends_the_one_before() -> None:
    found = row([folded(STAY, *away("2024-01-10T12:00:00+01:00"), *away("2024-01-11T12:00:00+01:00"))], on="2024-02-01")
    assert (found["number"], found["medianHours"], found["lasting"]) == (2, 24, 1)


def test_each_closure_has_the_absences_that_began_while_it_lasted() -> None:
    twice = folded(
        *(start("P1", "2024-01-01"), discharged("P1", "2024-01-11"), start("P2", "2024-01-21")),
        *away("2024-01-05T12:00:00+01:00", "2024-01-05T15:00:00+01:00"),
        *away("2024-01-11T12:00:00+01:00"),
        *away("2024-01-25T12:00:00+01:00", placement="P2"),
    )
    found = asked("absences", [twice], on="2024-02-01", window=JANUARY)
    assert counts(found, "closures") == {"some": 2}
    assert measures(found, "absences")[None]["number"] == 2


def test_an_absence_from_a_placement_under_another_regime_is_not_counted() -> None:
    facts = (STAY, start("P2", "2023-12-01", at="C", regime="wvggz"))
    elsewhere = folded(*facts, *away("2024-01-05T12:00:00+01:00", placement="P2"))
    assert counts(asked("absences", [elsewhere], on="2024-02-01", window=JANUARY), "closures") == {"none": 1}


def test_a_correction_and_a_withdrawal_count_as_if_nothing_else_was_said() -> None:
    said = absent("P1", "2024-01-05T12:00:00+01:00")
    corrected = absent("P1", "2024-02-05T12:00:00+01:00", record=said.record_key, revision=2)
    for facts, number in (([said], 1), ([said, corrected], 0), ([said, withdrawn(said)], 0)):
        found = asked("absences", [folded(STAY, *facts)], on="2024-03-01", window=JANUARY)
        assert counts(found, "closures").get("some", 0) == number


def test_in_and_out_on_one_day_has_no_care_day_and_so_no_absence() -> None:
    facts = (start("P1", "2024-01-05"), discharged("P1", "2024-01-05"), *away("2024-01-05T12:00:00+01:00"))
    assert asked("absences", [folded(*facts)], on="2024-02-01", window=JANUARY).n == 0


def test_the_parts_of_a_split_add_up_to_the_whole() -> None:
    people = [THREE_TIMES, NEVER]
    split = asked("absences", people, on="2024-02-01", window=JANUARY, split="provider")
    parts = [measures(split, "absences", key=(name,))[None] for name in ("north", "south", "unknown")]
    for name in ("number", "careDays", "lasting", "n"):
        assert sum(one[name] for one in parts) == row(people, on="2024-02-01")[name]


MONTHS = [date(year, month, 5) for year in range(2021, 2026) for month in range(1, 13)]


def country(of_each: list[int]) -> list[Dossier]:
    """Fifteen a month for years; of some who came in January 2023 so many absences each were told."""
    found = []
    for place, begun in enumerate(MONTHS):
        for one in range(15):
            person = f"young-person-{100 * place + one:05d}"
            facts = [start(person, str(begun), person=person)]
            facts.append(discharged(person, str(begun + timedelta(days=200)), person=person))
            for number in range(of_each[one] if begun == date(2023, 1, 5) and one < len(of_each) else 0):
                day = begun + timedelta(days=1 + number)
                facts += away(f"{day}T12:00:00+01:00", f"{day}T15:00:00+01:00", placement=person, person=person)
            found.append(folded(*facts, person=person))
    return found


def outside(people: list[Dossier], **more: object) -> Shown:
    window = Window(date(2023, 1, 1), date(2024, 1, 1))
    question = Question(on=d("2026-06-01"), window=window, **more)  # type: ignore[arg-type]
    return published(FIGURES["absences"], known(*people), question, to=Audience.OUTSIDE)


def shown_of(shown: Shown) -> dict[str, object]:
    table = shown.table("absences")
    names = [column.name for column in table.columns]
    cells = [table.cell(name) for name in names]
    return {
        name: cell.value if cell.status == "rounded" else cell.status for name, cell in zip(names, cells, strict=True)
    }


def test_outside_the_absences_of_ten_or_more_are_shown_rounded_and_no_hours() -> None:
    found = shown_of(outside(country([3] * 12)))
    assert found["number"] == 35
    assert found["careDays"] % 5 == 0  # type: ignore[operator]
    hours = ("medianHours", "p90Hours", "lasting", "over24Hours", "over72Hours")
    assert {found[name] for name in hours} == {"withheld"}


def test_outside_absences_that_are_nearly_all_of_one_are_not_shown() -> None:
    found = shown_of(outside(country([1] * 11 + [40])))
    assert (found["number"], found["per1000Days"]) == ("too-small", "too-small")


def test_outside_nothing_is_shown_of_the_absences_of_fewer_than_ten() -> None:
    found = shown_of(outside(country([3] * 9)))
    assert (found["number"], found["per1000Days"]) == ("too-small", "too-small")


def test_outside_nothing_is_shown_of_kinds_and_of_a_part_only_how_many_there_are() -> None:
    people = country([3] * 12)
    for shown in (outside(people), outside(people, split=("area",)), outside(people, where={"area": "zuid-west"})):
        kinds = [one for one in shown.table("closures").rows if one.key["absences"] != "total"]
        assert {cell.status for one in kinds for cell in one.cells} == {"withheld"}
    for shown in (outside(people, split=("area",)), outside(people, where={"area": "zuid-west"})):
        assert {cell.status for one in shown.table("absences").rows for cell in one.cells} == {"withheld"}
    assert outside(people, split=("area",)).table("closures").cell("count").status == "rounded"


def test_of_a_year_without_any_there_is_nothing_to_tell() -> None:
    found = asked("absences", [NEVER], on="2025-01-31", window=YEAR_2024)
    assert (counts(found, "closures"), len(found.cases)) == ({"none": 1}, 0)
    assert measures(found, "absences")[None]["medianHours"] is NOT_ESTIMABLE
