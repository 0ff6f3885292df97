"""What those outside see of rates, limits, quantiles and curves: nothing of few, and of rounded counts."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from services.monitor.accommodations import Capacity, Register
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.entry import TAU
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import TOO_SMALL, WITHHELD, Cell, Shown
from services.monitor.statistics.greenwood import limits, limits_of_share
from services.monitor.statistics.rates import clopper_pearson, rate
from services.monitor.statistics.survival import Observation, kaplan_meier
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import REGISTER, known

YEAR, ON = Window(date(2023, 1, 1), date(2024, 1, 1)), date(2026, 6, 1)
DAY = timedelta(days=1)


def _stay(
    number: int,
    *,
    days: int,
    at: str = "A",
    to: str | None = None,
    back_after: int | None = None,
    begun: date = date(2023, 6, 1),
) -> Dossier:
    """Who came on a day and left after so many days: elsewhere, or home and perhaps back again."""
    key = f"P{number}"
    left = begun + days * DAY
    facts = [start(key, str(begun), at=at, person=key)]
    if to:
        facts.append(moved(key, str(left), to=to, person=key))
        facts.append(start(f"{key}-next", str(left), at=to, arrives_from=key, person=key))
    else:
        facts.append(discharged(key, str(left), person=key))
        if back_after is not None:
            facts.append(start(f"{key}-again", str(left + back_after * DAY), at=at, person=key))
    return folded(*facts, person=key)


MONTHS = [date(year, month, 5) for year in range(2021, 2026) for month in range(1, 13)]
OTHERS = [
    _stay(1_000 + 15 * place + one, at="A" if one < 5 else "C", days=200, begun=month)
    for place, month in enumerate(MONTHS)
    for one in range(15)
]
"""Fifteen a month for years, so that nothing of a window is withheld: in the year 180 came and 180 left."""


def _outside(name: str, people: list[Dossier], *, among: list[Dossier] = OTHERS, **parameters: str) -> Shown:
    people = [*people, *among]
    question = Question(on=ON, window=YEAR, parameters=parameters)
    return published(FIGURES[name], known(*people), question, to=Audience.OUTSIDE)


def test_a_provider_with_few_doorplaatsingen_has_no_rate() -> None:
    for moves, status in ((3, "too-small"), (30, "rounded")):
        people = [_stay(number, at="C", days=60, to="A" if number < moves else None) for number in range(100)]
        found = _outside("funnel", people).table("funnel")
        assert (found.cell("n", provider="south").status, found.cell("value", provider="south").status) == (
            "rounded",
            status,
        )
        assert found.cell("expected", provider="south").status == status


def test_what_a_rate_counts_is_rounded_first() -> None:
    people = [_stay(number, days=50, to="C" if number < 13 else None) for number in range(40)]
    found = _outside("doorplaatsing", people).table("rate")
    care = found.cell("careDays").value
    assert isinstance(care, int)
    told = rate(15, care_days=care, per=1_000)
    assert found.cell("per1000Days").value == round(told.value, 2)  # type: ignore[union-attr]
    share = _outside("doorplaatsing", people).table("share")
    assert share.cell("share").value == Fraction(round(100 * Fraction(15, 220)), 100)
    lower, upper = clopper_pearson(15, 220)  # type: ignore[misc]
    assert [share.cell(name).value for name in ("lower", "upper")] == [Fraction(f"{one:.2f}") for one in (lower, upper)]


def test_places_are_not_rounded_under_an_occupancy() -> None:
    """38 in 37 places are shown as 40 in 35; of these it would be 114 percent, of 40 in 37 it is 108."""
    inside = [folded(start(f"P{one}", "2024-05-01", at="A", person=f"p{one}"), person=f"p{one}") for one in range(38)]
    places = (Capacity("A", "", date(2020, 1, 1), 37, None, "gesloten", "lta"),)
    seen = known(*inside, register=Register(REGISTER.accommodations[:1], places))
    question = Question(on=date(2025, 1, 31), window=Window(date(2025, 1, 1), date(2025, 1, 31)))
    found = published(FIGURES["occupancy"], seen, question, to=Audience.OUTSIDE).table("occupancy")
    assert [found.cell(name).value for name in ("places", "occupied", "occupancy")] == [35, 40, Fraction(108, 100)]


def test_a_share_that_is_withheld_is_nowhere_else() -> None:
    """Three came back within 30 days, and 18 within 180."""
    back = [20] * 3 + [100] * 15 + [None] * 22
    people = [_stay(number, days=60, back_after=after) for number, after in enumerate(back)]
    again = _outside("replacement", people)
    assert [table.name for table in again.tables] == ["full-follow-up", "repeated-use"]
    for shown, name in ((again, "full-follow-up"), (_outside("replacement-incidence", people), "incidence-at")):
        at = shown.table(name)
        assert at.cell("replaced", at=30) == WITHHELD
        assert at.cell("replaced", at=180) == Cell("rounded", Fraction(9, 100))
        assert at.cell("replaced", at=365) == WITHHELD


def test_ten_or_more_lie_on_each_side_of_a_quantile() -> None:
    people = [_stay(number, days=10 + number) for number in range(50)]
    days = _outside("exits", people, among=[]).table("days")
    assert (days.cell("median").status, days.cell("p90")) == ("rounded", TOO_SMALL)
    quantiles = _outside("entry-duration", people, among=[]).table("quantiles")
    assert [quantiles.cell("days", at=p).status for p in ("0.25", "0.5", "0.75", "0.9")] == [
        *["rounded"] * 3,
        "too-small",
    ]
    assert quantiles.cell("lower", at="0.5").status == "rounded"
    assert quantiles.cell("lower", at="0.25") == TOO_SMALL


def test_a_mean_until_a_day_that_not_all_were_followed_to_is_withheld() -> None:
    people = [_stay(number, days=10 + number) for number in range(50)]
    question = Question(on=date(2024, 6, 1), window=YEAR)
    summary = published(FIGURES["entry-duration"], known(*people), question, to=Audience.OUTSIDE).table("summary")
    assert (summary.cell("n").status, summary.cell("restrictedMean")) == ("rounded", WITHHELD)
    assert _outside("entry-duration", people, among=[]).table("summary").cell("restrictedMean").status == "rounded"


@pytest.mark.parametrize(("asked", "told"), [(1, 365), (365, 365), (500, 365), (800, 730)])
def test_the_bound_of_a_mean_is_whole_years_outside(asked: int, told: int) -> None:
    assert TAU.outside(asked) == told


@pytest.mark.parametrize(("left", "number"), [(10, 30), (1, 2), (295, 300)])
def test_limits_of_a_share_are_those_of_a_curve_on_which_all_were_followed(left: int, number: int) -> None:
    seen = [Observation(None, 5, True)] * (number - left) + [Observation(None, 9, False)] * left
    assert limits_of_share(left, number) == pytest.approx(limits(kaplan_meier(seen))[0])


def test_a_curve_that_nobody_left_has_no_limits() -> None:
    assert limits_of_share(0, 10) is None
    assert limits_of_share(10, 10) is None
