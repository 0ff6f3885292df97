"""Alerts on regions (A25: no consultation, no plan) and on what their plans aim at together (A19)."""

from datetime import date

import pytest

from services.monitor.accommodations import Plan, Register
from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.units import Landscape, unit_spells
from services.monitor.alerts.rulebook import rulebook
from services.monitor.consulting import NOTHING_PLANNED, Adopted, Consultation, Consulting
from shared.facts.regions import AREAS, REGIONS
from tests.unit.dossier.given import d

ON = d("2026-03-02")
LATER = d("2027-03-02")
"""When plans are held against the path, which they are from 29 November 2026 on."""
NOTHING = Register((), ())

Spans = list[tuple[str, str | None, str | None]]


def every(
    threshold: str, *, consulting: Consulting = NOTHING_PLANNED, register: Register = NOTHING, on: date = ON
) -> list[Alert]:
    """The spells of a threshold of A25 or A19, in order."""
    found = unit_spells(Landscape([], register, {}, consulting), on=on, rules=rulebook())
    return [one for one in found if one.threshold == threshold]


def spans(alerts: list[Alert], region: str) -> Spans:
    """Since, until and why it ended, of those about a region."""
    return [
        (str(one.since), str(one.until) if one.until else None, one.ended)
        for one in alerts
        if (one.case.about, one.case.region, one.case.person) == (region, region, "")
    ]


def held(*meetings: tuple[str, str]) -> Consulting:
    return Consulting(consultations=tuple(Consultation(d(on), tuple(regions.split())) for on, regions in meetings))


def adopted(*plans: tuple[str, str, str | None]) -> Consulting:
    return Consulting(
        tuple(Adopted(d(on), scope, f"{scope}-{on}", d(until) if until else None) for scope, on, until in plans)
    )


def test_where_nobody_publishes_consultations_or_plans_none_is_missing() -> None:
    assert every("183-days") == every("no-plan") == []
    assert every("no-plan", consulting=held(("2025-01-01", "JZ01"))) == []
    assert every("183-days", consulting=adopted(("country", "2025-01-01", None))) == []


def test_a_region_that_was_in_no_consultation_for_half_a_year_is_told_until_the_next() -> None:
    found = every(
        "183-days", consulting=held(("2025-01-01", "JZ01 JZ02"), ("2025-07-03", "JZ01"), ("2025-08-01", "JZ02"))
    )
    assert spans(found, "JZ01") == [("2026-01-02", None, None)]
    assert spans(found, "JZ02") == [("2025-07-03", "2025-08-01", "consulted"), ("2026-01-31", None, None)]


def test_one_that_never_was_in_any_counts_from_the_first_of_all() -> None:
    found = every("183-days", consulting=held(("2025-01-01", "JZ01"), ("2025-02-01", "JZ42")))
    assert spans(found, "JZ43") == [("2025-07-03", None, None)]
    assert spans(found, "JZ42") == [("2025-08-03", None, None)]
    assert {one.case.about for one in found} == set(REGIONS)
    [never] = [one for one in found if one.case.about == "JZ43"]
    assert (never.counted_from, [(one.what, one.about) for one in never.because]) == (
        d("2025-01-01"),
        [("consultation-held", "nl")],
    )


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        ([("JZ01", "2025-01-01", None)], []),
        ([("noord", "2025-01-01", None)], []),
        ([("country", "2025-01-01", None)], []),
        ([("zuid", "2025-01-01", None)], [("2025-01-01", None, None)]),
        ([("JZ02", "2025-01-01", None)], [("2025-01-01", None, None)]),
        (
            [("zuid", "2025-01-01", None), ("JZ01", "2025-03-01", None)],
            [("2025-01-01", "2025-03-01", "plan-adopted")],
        ),
        (
            [("JZ01", "2025-01-01", "2025-06-01"), ("noord", "2025-09-01", "2026-01-01")],
            [("2025-06-01", "2025-09-01", "plan-adopted"), ("2026-01-01", None, None)],
        ),
    ],
    ids=("own", "area", "country", "another area", "another region", "later", "ended"),
)
def test_a_region_has_a_plan_of_its_own_or_of_what_it_lies_in(
    plans: list[tuple[str, str, str | None]], expected: Spans
) -> None:
    assert spans(every("no-plan", consulting=adopted(*plans)), "JZ01") == expected


def test_it_says_which_plan_ended() -> None:
    [found] = [
        one
        for one in every("no-plan", consulting=adopted(("JZ01", "2025-01-01", "2025-06-01")))
        if one.case.about == "JZ01"
    ]
    assert [(one.what, one.on, one.about) for one in found.because] == [
        ("plan-ended", d("2025-06-01"), "JZ01-2025-01-01")
    ]
    assert found.level == "info"


def targets(scopes: list[str], value: int, *, first: str = "2025-01-01", extra: int = 0) -> Register:
    """Each of these aims at as much from a day on, the first of them at something more."""
    return Register(
        (),
        (),
        tuple(
            Plan(scope, "placements", ((d(first), value + (extra if number == 0 else 0)),))
            for number, scope in enumerate(scopes)
        ),
    )


def test_plans_that_together_aim_above_the_path_are_told_from_the_first_quarter_of_that() -> None:
    """On 1 January 2027 the path is at 494.5, and on 1 October 2026 at 525.6."""
    above = every("plan-sum", register=targets(list(REGIONS), 12), on=LATER)
    assert [(one.case.about, str(one.since), one.until) for one in above] == [("nl", "2027-01-01", None)]
    assert [one.what for one in above[0].because] == ["504-planned-against-494-on-the-path"]
    assert every("plan-sum", register=targets(list(REGIONS), 11), on=LATER) == []


@pytest.mark.parametrize(("extra", "told"), [(5, False), (6, True)])
def test_the_path_is_rounded_up(extra: int, told: bool) -> None:
    """Five areas of 98 and these are 495 or 496, and the path is at 494.5."""
    found = every("plan-sum", register=targets(list(AREAS), 98, extra=extra), on=LATER)
    assert bool(found) is told


@pytest.mark.parametrize(
    "register",
    [
        targets(list(REGIONS)[1:], 900),
        targets(list(AREAS)[1:], 900),
        targets(list(REGIONS), 900, first=str(date(2027, 2, 1))),
        NOTHING,
    ],
    ids=("a region without", "an area without", "later", "none"),
)
def test_nothing_is_told_of_plans_that_are_not_all_there(register: Register) -> None:
    assert every("plan-sum", register=register, on=LATER) == []


def test_plans_that_come_down_to_the_path_end_it() -> None:
    plans = tuple(Plan(scope, "placements", ((d("2027-01-01"), 120), (d("2027-03-01"), 80))) for scope in AREAS)
    found = every("plan-sum", register=Register((), (), plans), on=d("2027-05-02"))
    assert [(str(one.since), str(one.until), one.ended) for one in found] == [
        ("2027-01-01", "2027-04-01", "plans-on-the-path")
    ]


def test_what_held_before_the_rule_knew_of_plans_is_not_told() -> None:
    assert every("plan-sum", register=targets(list(REGIONS), 900), on=d("2026-11-28"))[0].since == d("2026-11-29")
