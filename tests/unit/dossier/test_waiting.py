"""Waiting: from a referral or a machtiging until the first closed placement."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from services.monitor.dossier.state import Unexecuted, Waiting
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import (
    codes,
    d,
    discharged,
    ended,
    folded,
    granted,
    moved,
    referral_closed,
    referred,
    start,
    withdrawn,
)

REFERRED = referred("R1", "2024-01-02")
ASKED: dict[str, Any] = {"referrer": "gi", "urgency": "regulier"}


def wait(
    since: str,
    until: str | None,
    *,
    referral: str | None = None,
    machtiging: str | None = None,
    title: tuple[str, str] | None = None,
    region: str | None = None,
    closed: tuple[str, str] | None = None,
) -> Waiting:
    """Of a referral all is as `referred` says it, unless it is said; `closed` is when and with what outcome."""
    titles = (Unexecuted(machtiging, d(title[0]), d(title[1])),) if machtiging and title else ()
    where = region or ("JZ24" if referral else None)
    found = Waiting(d(since), d(until) if until else None, referral, titles, where)
    closed_on, outcome = (d(closed[0]), closed[1]) if closed else (None, None)
    return replace(found, closed_on=closed_on, outcome=outcome, **(ASKED if referral else {}))


def test_a_referral_waits_until_someone_answers() -> None:
    assert folded(REFERRED).waiting == (wait("2024-01-02", None, referral="R1"),)


def test_a_referral_waits_until_the_first_closed_placement() -> None:
    facts = REFERRED, start("P1", "2024-01-12"), discharged("P1", "2024-02-12"), start("P2", "2024-03-12", at="B")
    for order in permutations(facts):
        assert folded(*order).waiting == (wait("2024-01-02", "2024-01-12", referral="R1"),)


def test_a_referral_waits_0_days_when_the_placement_starts_on_its_day() -> None:
    assert folded(REFERRED, start("P1", "2024-01-02")).waiting == (wait("2024-01-02", "2024-01-02", referral="R1"),)


def test_a_placement_before_the_referral_or_under_another_regime_does_not_end_it() -> None:
    facts = start("P1", "2023-12-01"), discharged("P1", "2023-12-20"), start("P2", "2024-01-05", at="B", regime="jji")
    assert folded(REFERRED, *facts).waiting == (wait("2024-01-02", None, referral="R1"),)


def test_a_referral_that_is_closed_does_not_wait_any_more() -> None:
    assert folded(REFERRED, referral_closed("R1", "2024-01-20")).waiting == (
        wait("2024-01-02", "2024-01-20", referral="R1", closed=("2024-01-20", "withdrawn")),
    )


def test_it_says_what_a_referral_was_closed_with_also_when_a_placement_came_first() -> None:
    found = referral_closed("R1", "2024-01-20", outcome="alternative", alternative="family")
    (averted,) = folded(referred("R1", "2024-01-02", urgency="spoed", referrer="judiciary"), found).waiting
    assert (averted.referrer, averted.urgency) == ("judiciary", "spoed")
    assert (averted.outcome, averted.alternative, averted.closed_on) == ("alternative", "family", d("2024-01-20"))
    (placed,) = folded(
        REFERRED, start("P1", "2024-01-12"), referral_closed("R1", "2024-01-20", outcome="placed")
    ).waiting
    assert (placed.until_on, placed.closed_on, placed.outcome) == (d("2024-01-12"), d("2024-01-20"), "placed")


def test_a_closing_that_is_withdrawn_or_not_believed_says_nothing() -> None:
    early = referral_closed("R1", "2024-01-01", outcome="refused")
    (not_believed,) = folded(REFERRED, early).waiting
    closed = referral_closed("R1", "2024-01-20")
    (reopened,) = folded(REFERRED, closed, withdrawn(closed)).waiting
    for wait_on in (not_believed, reopened):
        assert (wait_on.until_on, wait_on.closed_on, wait_on.outcome) == (None, None, None)


@pytest.mark.parametrize(("requested", "waits"), [("besloten", 1), ("hybride", 1), ("open", 0), ("ambulant", 0)])
def test_only_a_referral_for_closed_care_waits_for_a_closed_place(requested: str, waits: int) -> None:
    assert len(folded(referred("R1", "2024-01-02", requested=requested)).waiting) == waits


def test_a_referral_waits_with_a_title_from_the_day_on_which_a_granted_machtiging_holds() -> None:
    facts = REFERRED, granted("M1", "2024-01-10", "2024-07-10", granted_on="2024-01-08"), start("P1", "2024-01-15")
    for order in permutations(facts):
        assert folded(*order).waiting == (
            wait("2024-01-02", "2024-01-15", referral="R1", machtiging="M1", title=("2024-01-10", "2024-01-15")),
        )


def test_a_machtiging_granted_on_the_day_of_the_placement_waits_0_days() -> None:
    facts = REFERRED, granted("M1", "2024-01-15", "2024-02-12", kind="spoed"), start("P1", "2024-01-15")
    assert folded(*facts).waiting == (
        wait("2024-01-02", "2024-01-15", referral="R1", machtiging="M1", title=("2024-01-15", "2024-01-15")),
    )


def test_a_machtiging_granted_before_the_referral_is_the_title_of_its_wait() -> None:
    facts = REFERRED, granted("M1", "2023-12-20", "2024-12-20")
    assert folded(*facts).waiting == (
        wait("2024-01-02", None, referral="R1", machtiging="M1", title=("2023-12-20", "2024-03-20")),
    )


def test_a_machtiging_that_ran_out_before_the_referral_is_not_the_title_of_its_wait() -> None:
    dossier = folded(REFERRED, granted("M1", "2023-12-01", "2023-12-29", kind="spoed"))
    assert dossier.waiting == (
        wait("2023-12-01", "2023-12-29", machtiging="M1", title=("2023-12-01", "2023-12-29")),
        wait("2024-01-02", None, referral="R1"),
    )


def test_a_machtiging_without_a_referral_is_a_wait_of_its_own() -> None:
    facts = granted("M1", "2024-01-10", "2024-07-10"), start("P1", "2024-01-15")
    assert folded(*facts).waiting == (
        wait("2024-01-10", "2024-01-15", machtiging="M1", title=("2024-01-10", "2024-01-15")),
    )


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ([granted("M1", "2024-01-10", "2024-07-10")], "2024-04-10"),
        ([granted("M1", "2024-01-10", "2024-02-07", kind="spoed")], "2024-02-07"),
        ([granted("M1", "2024-01-10", "2024-07-10"), ended("M1", "2024-02-01")], "2024-02-01"),
        (
            [granted("M1", "2024-01-10", "2024-07-10"), ended("M1", "2024-02-01", cause="consent-withdrawn")],
            "2024-02-01",
        ),
    ],
    ids=["lapse", "term", "end", "consent"],
)
def test_that_wait_ends_with_its_title(facts: list[AcceptedEvent], until: str) -> None:
    (waiting,) = folded(*facts).waiting
    assert (waiting.until_on, waiting.titles[-1].until_on) == (d(until), d(until))


def test_a_short_title_inside_a_long_one_does_not_end_the_wait() -> None:
    facts = granted("M1", "2024-01-10", "2024-03-10"), granted("M2", "2024-02-05", "2024-03-04", kind="spoed")
    assert folded(*facts).waiting == (
        wait("2024-01-10", "2024-03-10", machtiging="M1", title=("2024-01-10", "2024-03-10")),
    )


@pytest.mark.parametrize("next_from", ["2024-02-05", "2024-02-07"])
def test_a_title_that_follows_another_goes_on_with_its_wait(next_from: str) -> None:
    facts = granted("M1", "2024-01-10", "2024-02-07", kind="spoed"), granted("M2", next_from, "2024-08-05")
    assert folded(*facts, start("P1", "2024-02-20")).waiting == (
        wait("2024-01-10", "2024-02-20", machtiging="M2", title=("2024-01-10", "2024-02-20")),
    )


@pytest.mark.parametrize(
    "machtiging",
    [
        granted("M2", "2024-02-05", "2024-08-05", extends="M1"),
        granted("M2", "2024-02-05", "2024-08-05", granted_on="2024-01-20"),
        granted("M2", "2024-01-10", "2024-02-07", granted_on="2024-01-12"),
        granted("M2", "2024-01-20", "2024-06-20", granted_on="2024-02-03"),
        granted("M2", "2024-02-05", "2024-08-05", kind="voorwaardelijk"),
    ],
    ids=["extends", "granted-inside", "during", "executed-before-granted", "voorwaardelijk"],
)
def test_nobody_waits_on_this_machtiging(machtiging: AcceptedEvent) -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-02-01")
    assert folded(*facts, machtiging).waiting == ()


SPOED = granted("M1", "2024-01-10", "2024-02-07", kind="spoed")


def test_a_referral_waits_with_each_title_that_comes_and_without_one_between_them() -> None:
    later = granted("M2", "2024-03-01", "2024-05-01", granted_on="2024-01-20")
    (waiting,) = folded(REFERRED, SPOED, later).waiting
    first, second = (
        Unexecuted("M1", d("2024-01-10"), d("2024-02-07")),
        Unexecuted("M2", d("2024-03-01"), d("2024-05-01")),
    )
    assert waiting.titles == (first, second)
    days = "2024-01-09", "2024-01-10", "2024-02-06", "2024-02-07", "2024-02-29", "2024-03-01", "2024-05-01"
    assert [waiting.title_on(d(day)) for day in days] == [None, first, first, None, None, second, None]


def test_the_wait_on_a_title_goes_on_with_one_that_extends_it_while_nobody_is_placed() -> None:
    extends = (
        granted("M2", "2024-02-07", "2024-05-01", extends="M1"),
        granted("M3", "2024-05-01", "2024-07-01", extends="M2"),
    )
    for order in permutations((SPOED, *extends)):
        assert folded(*order).waiting == (
            wait("2024-01-10", "2024-07-01", machtiging="M3", title=("2024-01-10", "2024-07-01")),
        )


def test_nobody_waits_on_what_extends_a_title_on_which_somebody_was_placed() -> None:
    stay = start("P1", "2024-01-15"), discharged("P1", "2024-01-20")
    (waiting,) = folded(SPOED, *stay, granted("M2", "2024-02-07", "2024-05-01", extends="M1")).waiting
    assert (waiting.until_on, [title.machtiging for title in waiting.titles]) == (d("2024-01-15"), ["M1"])


def test_machtigingen_that_extend_each_other_wait_for_nobody() -> None:
    found = (
        granted("M1", "2024-01-10", "2024-02-07", extends="M2"),
        granted("M2", "2024-02-07", "2024-05-01", extends="M1"),
    )
    assert folded(*found).waiting == ()


def test_nobody_waits_between_two_placements_of_one_closure() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10"), start("P2", "2024-02-14", at="B")
    assert folded(*facts, granted("M2", "2024-02-12", "2024-08-05")).waiting == ()


def test_who_was_discharged_and_gets_a_new_machtiging_waits_again() -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), granted("M2", "2024-03-01", "2024-05-01")
    assert folded(*facts).waiting == (
        wait("2024-03-01", "2024-05-01", machtiging="M2", title=("2024-03-01", "2024-05-01"), region="JZ24"),
    )


def test_a_referral_closed_before_it_began_waits_on_with_f5_until_it_is_corrected() -> None:
    early = referral_closed("R1", "2024-01-01")
    dossier = folded(REFERRED, early)
    assert (dossier.waiting, codes(dossier)) == ((wait("2024-01-02", None, referral="R1"),), ["F5"])
    assert codes(folded(REFERRED, early, referral_closed("R1", "2024-01-03", revision=2))) == []


def test_of_two_answers_to_a_referral_the_earliest_counts_with_f23_until_one_is_withdrawn() -> None:
    one, other = referral_closed("R1", "2024-01-20", record="a"), referral_closed("R1", "2024-01-25", record="b")
    for order in permutations([REFERRED, one, other]):
        dossier = folded(*order)
        assert (dossier.waiting[0].until_on, codes(dossier)) == (d("2024-01-20"), ["F23"])
    assert codes(folded(REFERRED, one, other, withdrawn(one))) == []


def test_of_two_records_of_one_referral_the_one_recorded_last_counts_with_f24() -> None:
    facts = referred("R1", "2024-01-02", record="a", time=1), referred("R1", "2024-01-05", record="b", time=2)
    for order in permutations(facts):
        dossier = folded(*order)
        assert (dossier.waiting, codes(dossier)) == ((wait("2024-01-05", None, referral="R1"),), ["F24"])


def test_the_region_is_that_of_the_latest_referral_as_it_was_recorded_last() -> None:
    wrong = referred("R1", "2024-03-05", region="JZ01", record="a", time=1)
    right = referred("R1", "2024-01-05", region="JZ07", record="b", time=2)
    assert folded(wrong, right).region == "JZ07"
    assert folded(wrong, right, referred("R2", "2024-02-01", region="JZ41")).region == "JZ41"
    for order in permutations([right, referred("R2", "2024-01-05", region="JZ13", time=3)]):
        assert folded(*order).region == "JZ13"
    untold = referred("R3", "2024-06-01", region="JZ41")
    assert whose(wrong, right, untold) == [("JZ07", None, None), ("JZ41", None, None)]


def test_an_answer_to_a_referral_that_nobody_registered_is_f26_until_it_is() -> None:
    assert codes(folded(referral_closed("R1", "2024-01-20"))) == ["F26"]
    assert codes(folded(referral_closed("R1", "2024-01-20"), REFERRED)) == []


def whose(*facts: AcceptedEvent) -> list[tuple[str | None, str | None, str | None]]:
    """Region, month of birth and sex of each wait."""
    return [(one.region, one.birth_month, one.sex) for one in folded(*facts).waiting]


def test_a_wait_is_of_whom_its_referral_says() -> None:
    said = referred("R1", "2024-01-02", region="JZ07", birth_month="2009-05", sex="f")
    other = start("P1", "2024-01-12", region="JZ41", birth_month="2010-01", sex="m")
    for order in permutations([said, other, discharged("P1", "2024-02-01")]):
        assert whose(*order) == [("JZ07", "2009-05", "f")]


def test_what_the_referral_leaves_out_is_as_it_was_last_said_before() -> None:
    first = referred("R1", "2023-01-02", region="JZ07", birth_month="2009-05", sex="f")
    stay = start("P1", "2023-02-01", region="JZ13", birth_month="2009-06"), discharged("P1", "2023-03-01")
    for order in permutations([first, *stay, referred("R2", "2024-01-02", region="JZ41")]):
        assert whose(*order) == [("JZ07", "2009-05", "f"), ("JZ41", "2009-06", "f")]


def test_a_machtiging_without_a_referral_is_of_whom_was_last_said_before_it() -> None:
    stay = start("P1", "2023-02-01", region="JZ13", sex="m"), discharged("P1", "2023-03-01")
    later = referred("R1", "2024-06-01", region="JZ07", requested="open")
    for order in permutations([*stay, granted("M1", "2024-01-10", "2024-03-10"), later]):
        assert whose(*order) == [("JZ13", None, "m")]


@pytest.mark.parametrize("placed", ["2024-01-10", "2024-01-15"])
def test_the_placement_that_ends_a_wait_does_not_say_who_waited(placed: str) -> None:
    """Else those who are placed would be known, and those who still wait not."""
    executed = start("P1", placed, region="JZ13", birth_month="2009-05", sex="m")
    assert whose(granted("M1", "2024-01-10", "2024-07-10"), executed) == [(None, None, None)]
