"""What the address of the work list chooses, and that the links of the digest choose the alerts that they count."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.alerts.conditions.rules import LEVELS
from services.monitor.alerts.digest import Links
from services.monitor.cockpit.sieve import OWNERS, STATES, Sieve, sieve_of
from shared.facts.regions import AREAS

LEVEL = st.none() | st.sampled_from([str(level) for level in LEVELS])
RULE = st.none() | st.sampled_from(["A01", "A26"])
AREA, OWNER = st.none() | st.sampled_from(AREAS), st.none() | st.sampled_from(OWNERS)


def asked(address: str) -> Sieve:
    return sieve_of(dict(parse_qsl(urlsplit(address).query)))


@given(st.builds(Sieve, st.sampled_from(STATES), LEVEL, RULE, AREA, OWNER, st.integers(1, 9999)))
def test_an_address_that_was_made_is_read_as_what_it_was_made_of(sieve: Sieve) -> None:
    assert asked(f"/werklijst{sieve.query('nl', page=sieve.page)}") == sieve
    assert asked(f"/werklijst{sieve.query('en', page=sieve.page)}") == sieve


@given(LEVEL, RULE, AREA, OWNER)
def test_a_link_of_the_digest_chooses_what_it_counts(
    level: str | None, rule: str | None, area: str | None, owner: str | None
) -> None:
    link = Links("https://monitor.example").to(area=area, owner=owner, level=level or "", rule=rule or "")
    assert link.startswith("https://monitor.example/werklijst")
    assert asked(link) == Sieve(level=level, rule=rule, area=area, owner=owner)


def test_what_is_no_choice_is_left_out() -> None:
    wrong = "?stand=x&niveau=purple&signaal=A1&gebied=west&wie=nobody&bladzijde=0"
    assert asked(wrong) == Sieve()
    assert Sieve().query("nl", page=1) == ""
