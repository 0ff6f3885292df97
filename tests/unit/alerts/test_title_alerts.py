"""Alerts on titles: what was known of the cover on each day counts, so that a later order leaves the past as it was."""

import pytest

from tests.unit.alerts.judged import span, threshold
from tests.unit.dossier.given import (
    AcceptedEvent,
    discharged,
    ended,
    granted,
    refused,
    requested,
    resumed,
    start,
    suspended,
)

STAY = start("P1", "2024-01-10")
TITLE = granted("M1", "2024-01-10", "2024-07-10")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-05-10", None),
        ("2024-05-11", "60-days"),
        ("2024-05-28", "60-days"),
        ("2024-05-29", "42-days"),
        ("2024-06-18", "42-days"),
        ("2024-06-19", "21-days"),
        ("2024-07-09", "21-days"),
        ("2024-07-10", None),
    ],
)
def test_a_machtiging_that_expires_is_told_sixty_forty_two_and_twenty_one_days_before(
    day: str, expected: str | None
) -> None:
    assert threshold("A02", day, STAY, TITLE) == expected


def test_a_request_ends_it_and_a_refusal_brings_it_back() -> None:
    facts = (STAY, TITLE, requested("V2", "2024-06-03"), refused("V2", "2024-06-20"))
    assert threshold("A02", "2024-06-02", *facts) == "42-days"
    assert threshold("A02", "2024-06-03", *facts) is None
    assert threshold("A02", "2024-06-19", *facts) is None
    assert threshold("A02", "2024-06-20", *facts) == "21-days"


def test_a_request_that_a_grant_of_its_kind_answered_without_naming_it_is_not_one_for_the_next() -> None:
    facts = (STAY, TITLE, requested("V1", "2024-01-05"))
    assert threshold("A02", "2024-05-11", *facts) == "60-days"
    assert threshold("A02", "2024-05-11", *facts, requested("V2", "2024-05-11")) is None


def test_a_regulier_that_is_asked_for_with_a_spoed_is_the_next_one() -> None:
    facts = (STAY, spoed(), requested("V1", "2024-01-09"), requested("V2", "2024-01-09", kind="spoed"))
    assert span("A04", "no-request", *facts) is None
    assert span("A04", "no-request", STAY, spoed(), facts[-1]) == ("2024-01-31", "2024-02-07", "expired")


def test_the_next_machtiging_ends_it_on_the_day_of_its_grant_and_leaves_the_days_before() -> None:
    extension = granted("M2", "2024-07-10", "2025-01-10", granted_on="2024-07-01")
    assert span("A02", "21-days", STAY, TITLE, extension) is not None
    assert threshold("A02", "2024-06-30", STAY, TITLE, extension) == "21-days"
    assert threshold("A02", "2024-07-01", STAY, TITLE, extension) is None


def test_a_machtiging_that_is_revoked_was_not_known_to_expire_before() -> None:
    facts = (STAY, TITLE, ended("M1", "2024-04-01"))
    assert threshold("A02", "2024-03-31", *facts) is None
    assert threshold("A02", "2024-04-01", *facts) is None
    assert threshold("A03", "2024-04-06", *facts) == "no-title"


def test_nobody_inside_nothing_expires() -> None:
    assert threshold("A02", "2024-06-20", STAY, TITLE, discharged("P1", "2024-06-20")) is None
    assert threshold("A02", "2024-06-20", TITLE) is None


def test_without_a_title_the_alert_comes_when_the_first_day_without_is_five_days_old() -> None:
    assert threshold("A03", "2024-07-14", STAY, TITLE) is None
    assert threshold("A03", "2024-07-15", STAY, TITLE) == "no-title"
    assert span("A03", "no-title", STAY, TITLE) == ("2024-07-15", None, None)


def test_a_title_that_begins_ends_it_and_one_granted_for_the_days_before_undoes_it() -> None:
    later = granted("M2", "2024-08-01", "2025-02-01")
    assert span("A03", "no-title", STAY, TITLE, later) == ("2024-07-15", "2024-08-01", "titled")
    assert threshold("A03", "2024-07-20", STAY, TITLE, granted("M2", "2024-07-10", "2025-01-10")) is None
    assert threshold("A03", "2024-07-15", STAY, TITLE, granted("M2", "2024-07-15", "2025-01-10")) is None


def test_nobody_with_any_machtiging_ever_is_without_a_title_from_the_start() -> None:
    assert span("A03", "no-title", STAY) == ("2024-01-15", None, None)


def test_two_gaps_in_one_closure_are_two_cases() -> None:
    facts = (STAY, granted("M1", "2024-01-10", "2024-03-01"), granted("M2", "2024-04-01", "2024-05-01"))
    assert threshold("A03", "2024-03-10", *facts) == "no-title"
    assert threshold("A03", "2024-04-10", *facts) is None
    assert threshold("A03", "2024-05-10", *facts) == "no-title"


def test_a_suspension_inside_counts_as_no_title_until_it_is_resumed() -> None:
    facts = (STAY, TITLE, suspended("M1", "2024-03-01"), resumed("M1", "2024-03-10"))
    assert span("A03", "no-title", *facts) == ("2024-03-06", "2024-03-10", "titled")
    assert threshold("A02", "2024-02-28", *facts) is None


def spoed(*, until: str = "2024-02-07") -> AcceptedEvent:
    return granted("S1", "2024-01-10", until, kind="spoed")


def test_a_spoedmachtiging_without_a_request_to_follow_it_is_amber_on_day_twenty_one() -> None:
    assert threshold("A04", "2024-01-30", STAY, spoed()) is None
    assert threshold("A04", "2024-01-31", STAY, spoed()) == "no-request"
    assert threshold("A04", "2024-01-31", STAY, spoed(), requested("V2", "2024-01-31")) is None
    assert threshold("A02", "2024-01-31", STAY, spoed()) is None


def test_after_a_spoedmachtiging_without_a_title_it_is_red_at_once_until_no_title_takes_over() -> None:
    assert threshold("A04", "2024-02-06", STAY, spoed()) == "no-request"
    assert threshold("A04", "2024-02-07", STAY, spoed()) == "no-title"
    assert threshold("A03", "2024-02-11", STAY, spoed()) is None
    assert threshold("A04", "2024-02-12", STAY, spoed()) is None
    assert threshold("A03", "2024-02-12", STAY, spoed()) == "no-title"


def test_who_leaves_after_a_spoedmachtiging_was_not_titled() -> None:
    left = discharged("P1", "2024-02-09")
    assert span("A04", "no-title", STAY, spoed(), left) == ("2024-02-07", "2024-02-09", "discharged")


def test_a_machtiging_that_follows_a_spoedmachtiging_at_once_leaves_nothing() -> None:
    facts = (STAY, spoed(), granted("M2", "2024-02-07", "2024-08-07", granted_on="2024-01-24"))
    assert span("A04", "no-request", *facts) is None
    assert span("A04", "no-title", *facts) is None


def test_an_admission_is_red_in_its_sixth_month_unless_a_title_was_asked_for() -> None:
    facts = (
        start("P1", "2024-01-10", machtiging="V1"),
        granted("V1", "2024-01-01", "2025-01-01", kind="voorwaardelijk"),
    )
    assert threshold("A06", "2024-06-09", *facts) is None
    assert threshold("A06", "2024-06-10", *facts) == "month-5"
    assert threshold("A06", "2024-06-10", *facts, requested("V2", "2024-06-01")) is None
    assert threshold("A06", "2024-07-10", *facts) is None
    assert threshold("A02", "2024-06-10", *facts) is None


def test_an_admission_is_red_thirty_days_before_its_machtiging_ends_where_that_is_before_the_six_months() -> None:
    stay = start("P1", "2027-01-10", machtiging="V1")
    short = granted("V1", "2027-01-01", "2027-04-01", kind="voorwaardelijk")
    assert span("A06", "last-30-days", stay, short) == ("2027-03-02", "2027-04-01", "expired")
    assert span("A06", "month-5", stay, short) is None
    asked = requested("V2", "2027-03-10")
    assert span("A06", "last-30-days", stay, short, asked) == ("2027-03-02", "2027-03-10", "requested")
    whole = granted("V1", "2027-01-01", "2027-07-10", kind="voorwaardelijk")
    assert span("A06", "last-30-days", stay, whole) is None, "its six months end first"
    assert span("A06", "month-5", stay, whole) == ("2027-06-10", "2027-07-10", "expired")


ADMITTED = granted("V1", "2024-01-01", "2025-01-01", kind="voorwaardelijk")


def test_a_suspension_of_an_admission_does_not_restart_its_six_months() -> None:
    stay = start("P1", "2024-01-10", machtiging="V1")
    facts = (stay, ADMITTED, suspended("V1", "2024-03-01"), resumed("V1", "2024-03-10"))
    assert span("A06", "month-5", *facts) == ("2024-06-10", "2024-07-10", "expired")


def test_the_six_months_of_a_stay_that_began_before_its_machtiging_are_those_of_the_stay() -> None:
    stay = start("P1", "2024-01-10", machtiging="V1")
    later = granted("V1", "2024-02-01", "2025-02-01", kind="voorwaardelijk")
    assert span("A06", "month-5", stay, later) == ("2024-06-10", "2024-07-10", "expired")


def test_the_six_months_count_from_a_restart_that_names_the_machtiging_before_its_term() -> None:
    restarted = start("P0", "2024-01-02"), discharged("P0", "2024-01-10"), start("P1", "2024-01-10", machtiging="M1")
    term = granted("M1", "2024-02-01", "2025-01-10", kind="voorwaardelijk", granted_on="2024-01-08")
    assert span("A06", "month-5", *restarted, term) == ("2024-06-10", "2024-07-10", "expired")


def test_the_six_months_of_one_closure_do_not_begin_anew_in_the_next_that_does_not_name_the_machtiging() -> None:
    first = start("P1", "2024-01-10", machtiging="M1"), discharged("P1", "2024-01-20")
    term = granted("M1", "2024-02-01", "2025-01-10", kind="voorwaardelijk", granted_on="2024-01-08")
    assert span("A06", "month-5", *first, start("P2", "2024-01-30"), term) == ("2024-06-10", "2024-07-10", "expired")


def test_an_admission_that_ends_early_was_not_known_to_end_before() -> None:
    stay = start("P1", "2024-01-10", machtiging="V1")
    title = granted("M1", "2024-01-10", "2024-04-01")
    facts = (stay, ADMITTED, title, ended("V1", "2024-03-20"))
    assert threshold("A02", "2024-03-19", *facts) is None
    assert threshold("A02", "2024-03-20", *facts) == "21-days"


def test_while_a_machtiging_is_suspended_nobody_knows_that_it_will_be_resumed() -> None:
    facts = (
        STAY,
        granted("M1", "2024-01-10", "2024-04-01"),
        granted("M2", "2024-01-10", "2025-01-01"),
        suspended("M2", "2024-03-01"),
        resumed("M2", "2024-03-25"),
    )
    assert span("A02", "21-days", *facts) == ("2024-03-11", "2024-03-25", "titled")


CONSENT = (STAY, granted("M1", "2024-01-10", "2025-01-10", legal_frame="consent"))


def test_withdrawn_consent_is_amber_after_ten_days_and_red_after_fourteen_until_no_title_takes_over() -> None:
    facts = (*CONSENT, ended("M1", "2024-03-01", cause="consent-withdrawn"))
    assert threshold("A08", "2024-03-10", *facts) is None
    assert threshold("A08", "2024-03-11", *facts) == "10-days"
    assert threshold("A08", "2024-03-14", *facts) == "10-days"
    assert threshold("A08", "2024-03-15", *facts) == "14-days"
    assert threshold("A08", "2024-03-20", *facts) is None
    assert threshold("A03", "2024-03-20", *facts) == "no-title"
    assert threshold("A02", "2024-03-05", *facts) is None


def test_withdrawn_consent_is_settled_by_leaving_or_by_another_machtiging() -> None:
    facts = (*CONSENT, ended("M1", "2024-03-01", cause="consent-withdrawn"))
    assert span("A08", "10-days", *facts, discharged("P1", "2024-03-11")) is None
    other = granted("M2", "2024-03-12", "2024-09-12", legal_frame="ots")
    assert span("A08", "10-days", *facts, other) == ("2024-03-11", "2024-03-12", "titled")


@pytest.mark.parametrize(
    "other",
    [
        (granted("V2", "2024-02-01", "2025-01-01", kind="voorwaardelijk"),),
        (granted("M2", "2024-02-01", "2025-01-01"), suspended("M2", "2024-02-20")),
    ],
    ids=("voorwaardelijk, and no stay names it", "suspended"),
)
def test_a_machtiging_that_allows_nothing_on_the_fourteenth_day_settles_nothing(other: tuple[AcceptedEvent]) -> None:
    facts = (*CONSENT, ended("M1", "2024-03-01", cause="consent-withdrawn"), *other)
    assert threshold("A08", "2024-03-15", *facts) == "14-days"


def test_another_end_of_a_machtiging_is_no_withdrawn_consent() -> None:
    assert threshold("A08", "2024-03-11", *CONSENT, ended("M1", "2024-03-01", cause="revoked")) is None
