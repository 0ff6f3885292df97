"""Who stands on a waiting list on a date, gross and net, and what of that those outside see."""

from datetime import date
from typing import get_args

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import WITHHELD, Cell, Shown
from services.monitor.figures.waiting_list import SETTINGS
from shared.facts.envelope import AcceptedEvent
from shared.facts.lists import Setting
from tests.unit.dossier.given import discharged, folded, granted, listed, referred, start, unlisted
from tests.unit.figures.asked import asked, counts, known

ON = "2024-03-31"


def somebody(number: int, *facts: AcceptedEvent) -> Dossier:
    """These facts, of one young person."""
    person = f"young-person-{number:04d}"
    return folded(*(fact.model_copy(update={"subject": person}) for fact in facts), person=person)


FOUR = [
    somebody(1, listed("W1", "2024-03-01"), listed("W2", "2024-03-20")),
    somebody(2, listed("W3", "2024-01-10", **{"for": "three-milieu"}, interim="ambulant")),
    somebody(3, listed("W4", "2024-03-25", **{"for": "three-milieu"})),
    somebody(4, listed("W5", "2024-03-01"), unlisted("W5", "2024-03-31"), listed("W6", "2024-04-01")),
]


def test_the_settings_are_those_of_the_facts() -> None:
    assert get_args(Setting) == SETTINGS


def test_who_stands_on_a_list_counts_once_for_what_they_wait_for() -> None:
    """The first is on two lists for open care; the last left one on the day, and is put on another the day after."""
    found = asked("waiting-list", FOUR, on=ON)
    on_it = counts(found, "list")
    assert (found.n, on_it["open", "without"]) == (3, 1)
    assert (on_it["three-milieu", "with"], on_it["three-milieu", "without"]) == (1, 1)
    assert (on_it["total", "without"], on_it["total", "with"]) == (2, 1)
    assert [(case.key, str(case.started_on), case.ended_on) for case in found.cases] == [
        ("W1", "2024-03-01", None),
        ("W3", "2024-01-10", None),
        ("W4", "2024-03-25", None),
    ]


def test_days_so_far_are_those_since_the_first_of_the_lists() -> None:
    lasted = counts(asked("waiting-list", FOUR, on=ON), "days")
    assert {key: count for key, count in lasted.items() if key[0] != "total"} == {
        ("without", "29-63"): 1,
        ("with", "64+"): 1,
        ("without", "0-7"): 1,
    }


def test_who_waits_for_two_things_counts_in_each_and_help_on_one_list_is_help() -> None:
    one = somebody(1, listed("W1", "2024-01-01"), listed("W2", "2024-02-01", interim="ambulant"),
                   listed("W3", "2024-02-01", **{"for": "family"}))  # fmt: skip
    on_it = counts(asked("waiting-list", [one], on=ON), "list")
    assert (on_it["open", "with"], on_it["family", "without"]) == (1, 1)


def test_an_end_after_the_date_has_not_happened() -> None:
    one = somebody(1, listed("W1", "2024-03-01"), unlisted("W1", "2024-04-02"))
    found = asked("waiting-list", [one], on=ON)
    assert (found.n, found.cases[0].ended_on) == (1, None)
    assert [asked("waiting-list", [one], on=day).n for day in ("2024-02-29", "2024-03-01", "2024-04-02")] == [0, 1, 0]


def test_they_are_of_the_region_of_their_referral_or_else_of_their_last_placement() -> None:
    on_list = listed("W1", "2024-03-01")
    people = [
        somebody(1, on_list, referred("R1", "2023-01-01", region="JZ01", sex="m"), start("P1", "2023-02-01")),
        somebody(2, on_list, start("P1", "2023-01-01", region="JZ07", sex="f"), discharged("P1", "2023-05-01")),
        somebody(3, on_list, start("P1", "2024-04-01", region="JZ07", sex="f")),
    ]
    by_region = counts(asked("waiting-list", people, on=ON, split="region"), "list")
    assert [by_region[region, "open", "without"] for region in ("JZ01", "JZ07", "unknown-region")] == [1, 1, 1]
    by_sex = counts(asked("waiting-list", people, on=ON, split="sex"), "list")
    assert [by_sex[sex, "open", "without"] for sex in ("m", "f", "unknown")] == [1, 1, 1]
    assert asked("waiting-list", people, on=ON, where={"region": "JZ07"}).n == 1


def test_title_and_age_are_those_of_the_date() -> None:
    one = somebody(1, listed("W1", "2024-01-01"), granted("M1", "2024-03-10", "2024-09-10"),
                   referred("R1", "2023-12-01", birth_month="2010-03"))  # fmt: skip
    found = counts(asked("waiting-list", [one], on=ON, split=("title", "age")), "list")
    assert found["regulier", "14-15", "open", "without"] == 1


def crowd(**numbers: int) -> list[Dossier]:
    """So many who wait for each setting, half of them with help; one of each ten waits long."""
    settings = [setting.replace("_", "-") for setting, count in numbers.items() for _ in range(count)]
    return [
        somebody(
            number,
            listed(
                f"W{number}",
                "2023-01-01" if number % 10 == 0 else "2024-03-20",
                **{"for": setting},
                interim="ambulant" if number % 2 else None,
            ),
        )
        for number, setting in enumerate(settings)
    ]


def outside(people: list[Dossier], **more: object) -> Shown:
    window = Window(date(2024, 1, 1), date(2024, 4, 1))
    question = Question(**{"on": date.fromisoformat(ON), "window": window, **more})  # type: ignore[arg-type]
    return published(FIGURES["waiting-list"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_it_is_rounded_gross_and_net_and_how_long_is_withheld() -> None:
    found = outside(crowd(open=44, three_milieu=48))
    on_it, lasted = found.table("list"), found.table("days")
    assert (found.n, on_it.cell("count")) == (Cell("rounded", 90), Cell("rounded", 90))
    assert on_it.cell("count", interim="without") == lasted.cell("count", interim="without") == Cell("rounded", 45)
    assert on_it.cell("count", setting="three-milieu", interim="with") == Cell("rounded", 25)
    assert on_it.cell("count", setting="open") == WITHHELD, "or it would follow that nobody waits for anything else"
    assert {lasted.cell("count", days=days) for days in ("0-7", "8-28", "29-63", "64+")} == {WITHHELD}


def test_outside_few_are_not_told_by_those_beside_them() -> None:
    on_it = outside(crowd(open=44, three_milieu=4)).table("list")
    assert on_it.cell("count") == Cell("rounded", 50)
    assert {on_it.cell("count", setting=setting).status for setting in ("open", "three-milieu")} <= {
        "withheld",
        "too-small",
    }


def test_outside_on_nobody_nothing_is_said() -> None:
    cells = {cell.status for table in outside([]).tables for row in table.rows for cell in row.cells}
    assert cells <= {"too-small", "withheld"}
