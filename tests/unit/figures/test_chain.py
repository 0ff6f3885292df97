"""What became of those who were referred, how far and how soon they came, and what of that those outside see."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import get_args

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.chain import OUTCOMES, PLACED, REFERRERS, REPORTED_PLACED, STILL, URGENCY
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from shared.facts.envelope import AcceptedEvent
from shared.facts.referral import Outcome, ReferralRegistered, Referrer
from tests.unit.dossier.given import advised, folded, granted, referral_closed, referred, start, withdrawn
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

ON = "2024-04-30"
REST = ("withdrawn", "refused", "expired")


def whose(number: int) -> dict[str, str]:
    return {"person": f"young-person-{number:04d}"}


def of(number: int, *facts: AcceptedEvent) -> Dossier:
    return folded(*facts, **whose(number))


FIVE = [
    of(
        1,
        referred("R1", "2024-03-01", urgency="spoed", **whose(1)),
        advised("C1", "2024-03-11", **whose(1)),
        granted("M1", "2024-03-21", "2024-09-21", **whose(1)),
        start("P1", "2024-03-31", **whose(1)),
    ),
    of(2, referred("R2", "2024-03-05", urgency="spoed", **whose(2)), start("P2", "2024-03-15", **whose(2))),
    of(
        3,
        referred("R3", "2024-03-10", referrer="judiciary", **whose(3)),
        referral_closed("R3", "2024-03-30", outcome="alternative", alternative="family", **whose(3)),
    ),
    of(4, referred("R4", "2024-03-20", **whose(4)), referral_closed("R4", "2024-03-25", **whose(4))),
    of(5, referred("R5", "2024-04-01", **whose(5))),
]
"""The worked example of the definition."""


def test_the_example_by_hand() -> None:
    found = asked("chain", FIVE, on=ON, window=YEAR_2024)
    assert (found.n, [case.key for case in found.cases]) == (5, ["R1", "R2", "R3", "R4", "R5"])
    assert counts(found, "outcomes") == {"placed": 2, "alternative": 1, "withdrawn": 1, "waiting": 1}
    whole = {"placed": (2, 5), "waiting": (1, 5), "averted": (1, 4), "placedAfter": (0, 1), "median": 20}
    assert measures(found, "all")[None] == {"n": 5} | whole
    assert measures(found, "steps") == {
        "advice": {"n": 1, "share": (1, 5), "median": 10, "p90": 10},
        "machtiging": {"n": 1, "share": (1, 5), "median": 20, "p90": 20},
        "placed": {"n": 2, "share": (2, 5), "median": 20, "p90": 30},
    }
    assert measures(found, "alternatives") == {"family": {"n": 1, "share": (1, 1)}}


def test_by_urgency_and_by_who_referred() -> None:
    found = asked("chain", FIVE, on=ON, window=YEAR_2024)
    spoed, regulier = (measures(found, "urgency", key=(one,))[None] for one in ("spoed", "regulier"))
    assert (spoed["n"], spoed["placed"], spoed["median"]) == (2, (2, 2), 20)
    assert (regulier["n"], regulier["averted"], regulier["median"]) == (3, (1, 2), NOT_ESTIMABLE)
    judiciary, gi = (measures(found, "referrer", key=(one,))[None] for one in ("judiciary", "gi"))
    assert (judiciary["n"], judiciary["averted"], gi["n"], gi["averted"]) == (1, (1, 1), 4, (0, 3))


def test_every_outcome_urgency_and_referrer_that_may_be_told_is_counted() -> None:
    assert {*get_args(Outcome), REPORTED_PLACED, STILL, "unknown"} == set(OUTCOMES)
    assert get_args(Referrer) == REFERRERS
    urgencies = get_args(ReferralRegistered.model_fields["urgency"].annotation)
    assert (*urgencies, "unknown") == URGENCY.categories


@pytest.mark.parametrize("outcome", REST)
def test_a_referral_may_be_closed_in_several_ways(outcome: str) -> None:
    one = folded(referred("R1", "2024-03-01"), referral_closed("R1", "2024-03-11", outcome=outcome))
    assert counts(asked("chain", [one], on=ON, window=YEAR_2024), "outcomes") == {outcome: 1}
    assert counts(asked("chain", [one], on="2024-03-10", window=YEAR_2024), "outcomes") == {STILL: 1}


@pytest.mark.parametrize(
    ("placed", "outcome"), [("2024-03-10", PLACED), ("2024-03-11", PLACED), ("2024-03-12", REPORTED_PLACED)]
)
def test_who_is_closed_as_placed_counts_so_when_a_placement_began_by_then(placed: str, outcome: str) -> None:
    one = folded(
        referred("R1", "2024-03-01"), start("P1", placed), referral_closed("R1", "2024-03-11", outcome="placed")
    )
    assert counts(asked("chain", [one], on=ON, window=YEAR_2024), "outcomes") == {outcome: 1}


def test_a_placement_before_the_referral_is_closed_is_what_came_of_it() -> None:
    one = folded(
        referred("R1", "2024-03-01"),
        start("P1", "2024-03-11"),
        referral_closed("R1", "2024-03-12", outcome="alternative", alternative="family"),
    )
    found = asked("chain", [one], on=ON, window=YEAR_2024)
    assert (counts(found, "outcomes"), measures(found, "alternatives")) == ({PLACED: 1}, {})


def test_an_alternative_may_be_followed_by_a_closed_placement_after_all() -> None:
    one = folded(
        referred("R1", "2024-03-01"),
        referral_closed("R1", "2024-03-11", outcome="alternative"),
        start("P1", "2024-04-20"),
    )
    before, after = (asked("chain", [one], on=on, window=YEAR_2024) for on in ("2024-04-19", "2024-04-20"))
    assert [measures(found, "all")[None]["placedAfter"] for found in (before, after)] == [(0, 1), (1, 1)]
    assert list(measures(after, "alternatives")) == ["unknown"]
    assert counts(after, "outcomes") == {"alternative": 1}


def test_a_closing_that_is_taken_back_leaves_a_wait() -> None:
    closing = referral_closed("R1", "2024-03-11", outcome="refused")
    one = folded(referred("R1", "2024-03-01"), closing, withdrawn(closing))
    assert counts(asked("chain", [one], on=ON, window=YEAR_2024), "outcomes") == {STILL: 1}


def test_placed_on_the_day_of_the_referral_took_no_days() -> None:
    found = asked("chain", [folded(referred("R1", "2024-03-01"), start("P1", "2024-03-01"))], on=ON, window=YEAR_2024)
    assert measures(found, "steps")["placed"]["median"] == 0


@pytest.mark.parametrize(
    ("advice", "took"),
    [("2024-02-29", None), ("2024-03-01", 0), ("2024-03-31", 30), ("2024-04-01", None)],
)
def test_advice_counts_while_they_wait(advice: str, took: int | None) -> None:
    one = folded(referred("R1", "2024-03-01"), advised("C1", advice), start("P1", "2024-03-31"))
    steps = measures(asked("chain", [one], on=ON, window=YEAR_2024), "steps")
    assert steps["advice"]["median"] == (NOT_ESTIMABLE if took is None else took)


def test_the_first_advice_counts_and_none_after_the_date() -> None:
    one = folded(referred("R1", "2024-03-01"), advised("C1", "2024-03-20"), advised("C2", "2024-03-06"))
    assert measures(asked("chain", [one], on=ON, window=YEAR_2024), "steps")["advice"]["median"] == 5
    assert measures(asked("chain", [one], on="2024-03-05", window=YEAR_2024), "steps")["advice"]["n"] == 0


@pytest.mark.parametrize(("valid_from", "took"), [("2024-02-20", 0), ("2024-03-01", 0), ("2024-03-16", 15)])
def test_a_machtiging_that_waits_already_took_no_days(valid_from: str, took: int) -> None:
    one = folded(referred("R1", "2024-03-01"), granted("M1", valid_from, "2024-09-01"))
    steps = measures(asked("chain", [one], on=ON, window=YEAR_2024), "steps")
    assert (steps["machtiging"]["median"], steps["placed"]["n"]) == (took, 0)
    early = measures(asked("chain", [one], on="2024-03-01", window=YEAR_2024), "steps")
    assert early["machtiging"]["n"] == (took == 0)


def test_only_referrals_for_a_closed_place_in_the_window_count() -> None:
    people = [folded(referred("R1", "2024-03-01", requested="open")), folded(granted("M1", "2024-03-01", "2024-09-01"))]
    assert asked("chain", people, on=ON, window=YEAR_2024).n == 0
    one = folded(referred("R1", "2024-03-01"))
    for window, n in ((("2024-03-01", "2024-03-02"), 1), (("2024-02-01", "2024-03-01"), 0)):
        assert asked("chain", [one], on=ON, window=window).n == n
    assert asked("chain", [one], on="2024-02-29", window=YEAR_2024).n == 0


def test_groups_add_up_and_a_part_is_its_group() -> None:
    north = of(6, referred("R6", "2024-03-01", region="JZ01", **whose(6)))
    found = asked("chain", [*FIVE, north], on=ON, window=YEAR_2024, split="area")
    outcomes = counts(found, "outcomes")
    assert (outcomes["noord", STILL], outcomes["zuid-west", STILL], outcomes["total", STILL]) == (1, 1, 2)
    assert measures(found, "urgency", key=("noord", "regulier"))[None]["n"] == 1
    assert asked("chain", [*FIVE, north], on=ON, window=YEAR_2024, where={"area": "noord"}).n == 1


def test_it_counts_those_whom_waiting_counts() -> None:
    chain, waiting = (asked(name, FIVE, on=ON, window=YEAR_2024, split="area") for name in ("chain", "waiting"))
    assert chain.n == waiting.n
    assert counts(chain, "outcomes")["zuid-west", PLACED] == counts(waiting, "ends")["zuid-west", PLACED]


def crowd() -> list[Dossier]:
    """Forty who were placed, and thirty of whom an alternative was found."""
    found = []
    for number in range(70):
        own, key = whose(number), f"R{number}"
        facts = [referred(key, "2024-05-01", **own)]
        if number < 40:
            facts.append(start(f"P{number}", "2024-05-20", **own))
        else:
            facts.append(referral_closed(key, "2024-05-20", outcome="alternative", alternative="family", **own))
        found.append(folded(*facts, **own))
    return found


def outside(name: str, **more: object) -> Shown:
    year = Window(date(2024, 1, 1), date(2025, 1, 1))
    question = Question(on=date(2025, 6, 1), window=year, **more)  # type: ignore[arg-type]
    return published(FIGURES[name], known(*crowd()), question, to=Audience.OUTSIDE)


@pytest.mark.parametrize("split", [(), ("area",), ("region", "sex")])
def test_outside_only_the_number_of_referrals_is_told_as_waiting_tells_it(split: tuple[str, ...]) -> None:
    found = outside("chain", split=split)
    (outcomes,) = found.tables
    assert found.n == outcomes.cell("count") == Cell("rounded", 70)
    ends = outside("waiting", split=split).table("ends")
    for row in outcomes.rows:
        if row.key["outcome"] == "total":
            assert row.cells[0] == ends.cell("count", **{name: row.key[name] for name in split})
        else:
            assert {cell.status for cell in row.cells} == {"withheld"}


def test_inside_the_shares_are_exact() -> None:
    found = asked("chain", crowd(), on="2025-06-01", window=YEAR_2024)
    whole = measures(found, "all")[None]
    assert (Fraction(*whole["averted"]), whole["median"]) == (Fraction(3, 7), 19)


def test_whoever_could_not_be_folded_since_these_words_are_kept_is_unknown() -> None:
    """A quarantined person keeps the rows of before."""
    old = [
        replace(
            one,
            waiting=tuple(replace(wait, referrer=None, urgency=None, outcome=None) for wait in one.waiting),
        )
        for one in FIVE
    ]
    found = asked("chain", old, on=ON, window=YEAR_2024)
    assert counts(found, "outcomes") == {"placed": 2, "unknown": 2, "waiting": 1}
    assert measures(found, "urgency", key=("unknown",))[None]["n"] == 5
