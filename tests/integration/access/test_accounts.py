"""Accounts and sessions in a real database: passwords, what ends a session, and what of it is stored."""

from collections.abc import Callable
from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import IntegrityError

from services.monitor.access.accounts import AccountExists, AccountUnknown
from services.monitor.access.passwords import PasswordRefused
from services.monitor.access.people import LIFETIME, People
from services.monitor.access.person import Person, PersonInvalid
from services.monitor.access.reader import ALL
from services.monitor.access.tables import account, session
from tests.integration.access.conftest import MONDAY, DrivenClock

PASSWORD, OTHER_PASSWORD = "correct horse battery", "staple staple staple"
JANSEN = Person(
    "jansen",
    ("operations", "analyst"),
    "Gemeente Voorbeeld",
    areas=frozenset({"noord"}),
    regions=frozenset({"JZ24"}),
    accommodations=frozenset({"schakenbosch"}),
)


@pytest.fixture
def jansen(people: People) -> Person:
    people.accounts.add(JANSEN, password=PASSWORD)
    return JANSEN


def test_who_gives_the_name_and_the_password_is_that_person(people: People, jansen: Person) -> None:
    assert people.accounts.check("jansen", PASSWORD) == jansen


@pytest.mark.parametrize(
    ("name", "password"),
    [("jansen", OTHER_PASSWORD), ("jansen", ""), ("pieters", PASSWORD), ("", ""), ("jansen", "x" * 100_000)],
)
def test_anything_else_is_nobody(people: People, jansen: Person, name: str, password: str) -> None:
    assert people.accounts.check(name, password) is None


def test_an_unknown_account_takes_as_long_as_a_wrong_password(people: People, jansen: Person) -> None:
    def quickest(name: str) -> float:
        times = []
        for _ in range(5):
            start = process_time()  # By the clock it would depend on what else the machine does.
            assert people.accounts.check(name, OTHER_PASSWORD) is None
            times.append(process_time() - start)
        return min(times)

    known, unknown = quickest("jansen"), quickest("nobody")
    assert 1 / 3 < unknown / known < 3  # Without the work it would be one in a hundred.


def test_a_national_person_comes_back_national(people: People) -> None:
    people.accounts.add(Person("pieters", ("admin",), areas=ALL, accommodations=ALL), password=PASSWORD)
    [found] = people.accounts.list()
    assert (found.person.areas, found.person.accommodations) == (ALL, ALL)
    assert (found.created_at, found.password_at) == (MONDAY, MONDAY)


def test_no_password_is_in_the_database(people: People, jansen: Person, engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM account")).all()
    assert PASSWORD not in str(rows)
    assert "$argon2id$" in str(rows)


@pytest.mark.parametrize(
    "person",
    [
        Person("jansen", ()),
        Person("jansen", ("king",)),
        Person("jansen", ("board",), areas=frozenset({"mars"})),
        Person("jansen", ("board",), regions=frozenset({"JZ40"})),
        Person("Jansen de Vries", ("board",)),
        Person("", ("board",)),
    ],
)
def test_what_does_not_exist_cannot_be_given(people: People, person: Person) -> None:
    with pytest.raises(PersonInvalid):
        people.accounts.add(person, password=PASSWORD)
    assert people.accounts.list() == []


@pytest.mark.parametrize("password", ["", "short", "jansen-2026!", "x" * 257])
def test_a_password_that_is_too_short_too_long_or_the_name_is_refused(
    people: People, jansen: Person, password: str
) -> None:
    with pytest.raises(PasswordRefused):
        people.accounts.set_password("jansen", password=password)
    assert people.accounts.check("jansen", PASSWORD) == jansen


def test_a_name_is_given_once(people: People, jansen: Person) -> None:
    with pytest.raises(AccountExists):
        people.accounts.add(jansen, password=OTHER_PASSWORD)
    assert people.accounts.check("jansen", PASSWORD) == jansen


def test_an_unknown_account_can_be_neither_changed_nor_removed(people: People) -> None:
    with pytest.raises(AccountUnknown):
        people.accounts.set_password("jansen", password=PASSWORD)
    with pytest.raises(AccountUnknown):
        people.accounts.remove("jansen")


def test_a_password_hashed_with_older_parameters_is_hashed_anew(people: People, jansen: Person, engine: Engine) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with engine.begin() as connection:
        connection.execute(update(account).values(password_hash=weak))
    assert people.accounts.check("jansen", OTHER_PASSWORD) is None
    assert people.accounts.check("jansen", PASSWORD) == jansen
    with engine.connect() as connection:
        assert "m=19456,t=2" in str(connection.scalar(account.select().with_only_columns(account.c.password_hash)))
    assert people.accounts.check("jansen", PASSWORD) == jansen


def test_a_session_is_of_the_person_who_signed_in(people: People, jansen: Person) -> None:
    one, other = (people.sessions.start(jansen, of_account=True) for _ in range(2))
    assert one != other
    assert people.sessions.find(one) == people.sessions.find(other) == jansen
    for unknown in ("", "x" * 43, "x" * 10_000, "\ud800"):
        assert people.sessions.find(unknown.encode(errors="replace").decode()) is None


def test_the_id_of_a_session_is_not_in_the_database(people: People, jansen: Person, engine: Engine) -> None:
    made = people.sessions.start(jansen, of_account=True)
    with engine.connect() as connection:
        [row] = connection.execute(session.select()).all()
    assert made.encode() not in bytes(row.id_hash)
    assert made not in str(row)


def test_a_new_session_ends_the_one_the_browser_had_and_no_other(people: People, jansen: Person) -> None:
    first, elsewhere = (people.sessions.start(jansen, of_account=True) for _ in range(2))
    people.sessions.start(jansen, of_account=True, instead_of=first)
    assert people.sessions.find(first) is None
    assert people.sessions.find(elsewhere) == jansen


def test_a_session_that_is_not_used_ends(people: People, jansen: Person, clock: DrivenClock) -> None:
    made = people.sessions.start(jansen, of_account=True)
    clock.forward(LIFETIME.idle - timedelta(seconds=1))
    assert people.sessions.find(made) == jansen
    clock.forward(LIFETIME.idle - timedelta(seconds=1))
    assert people.sessions.find(made) == jansen
    clock.forward(LIFETIME.idle)
    assert people.sessions.find(made) is None


def test_a_session_ends_after_a_working_day_however_busy(people: People, jansen: Person, clock: DrivenClock) -> None:
    made = people.sessions.start(jansen, of_account=True)
    quarter = timedelta(minutes=15)
    for _ in range(LIFETIME.whole // quarter - 1):
        clock.forward(quarter)
        assert people.sessions.find(made) == jansen
    clock.forward(quarter)
    assert people.sessions.find(made) is None


def test_expired_sessions_are_removed(people: People, jansen: Person, clock: DrivenClock, engine: Engine) -> None:
    people.sessions.start(jansen, of_account=True)
    clock.forward(LIFETIME.whole)
    people.sessions.start(jansen, of_account=True)
    with engine.connect() as connection:
        assert len(connection.execute(session.select()).all()) == 1


@pytest.mark.parametrize(
    "lose",
    [
        lambda people, made: people.sessions.end(made),
        lambda people, made: people.accounts.remove("jansen"),
        lambda people, made: people.accounts.set_password("jansen", password=OTHER_PASSWORD),
    ],
    ids=["sign-out", "the account is removed", "another password"],
)
def test_what_ends_a_session(people: People, jansen: Person, lose: Callable[[People, str], None]) -> None:
    made = people.sessions.start(jansen, of_account=True)
    lose(people, made)
    assert people.sessions.find(made) is None


def test_an_account_that_is_removed_meanwhile_gets_no_session(people: People, jansen: Person) -> None:
    people.accounts.remove("jansen")
    with pytest.raises(IntegrityError):
        people.sessions.start(jansen, of_account=True)


def test_a_departure_comes_back_once_with_the_browser_it_left_with(people: People, clock: DrivenClock) -> None:
    left = people.departures.leave(browser="one", to="/werklijst")
    assert people.departures.back(browser="another", state=left.state) is None
    assert people.departures.back(browser="one", state="another") is None
    assert people.departures.back(browser="one", state=left.state) == left
    assert people.departures.back(browser="one", state=left.state) is None


def test_a_departure_that_took_too_long_is_forgotten(people: People, clock: DrivenClock) -> None:
    left = people.departures.leave(browser="one", to="/")
    clock.forward(timedelta(minutes=10))
    assert people.departures.back(browser="one", state=left.state) is None
