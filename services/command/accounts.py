"""`doorstroom account` and `doorstroom access-log`: who may sign in, who saw whom, and who changed who may."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from services.command.caller import caller
from services.command.erasure_key import erasure_key_of
from services.command.failures import Failed, WrongCall
from services.command.migrating import require_there, told
from services.command.supervision.folder import private
from services.monitor.access.accounts import Account, AccountExists, AccountUnknown
from services.monitor.access.chain import EMPTY, Action, ChainBroken, Head, Line
from services.monitor.access.log import Deed, Origin, new_trace
from services.monitor.access.passwords import PasswordRefused
from services.monitor.access.people import People
from services.monitor.access.person import Person, PersonInvalid
from shared.clock import Clock
from shared.databases import open_engine
from shared.erasure import seal_of
from shared.settings import Settings


def add(settings: Settings, person: Person, *, password: str, clock: Clock) -> None:
    """Make an account; it counts at once. Raises WrongCall or Failed."""
    with _people(settings, clock) as people, _told():
        people.accounts.add(person, password=password)
        _note(people, "account-added", "C", f"account {person.name}")


def set_password(settings: Settings, name: str, *, password: str, clock: Clock) -> None:
    """Give an account another password; whoever used it is signed out. Raises WrongCall or Failed."""
    require_there(settings, "access")
    with _people(settings, clock) as people, _told():
        people.accounts.set_password(name, password=password)
        _note(people, "password-set", "U", f"account {name}")


def remove(settings: Settings, name: str, *, clock: Clock) -> None:
    """Take an account away; whoever used it is signed out. Raises Failed."""
    require_there(settings, "access")
    with _people(settings, clock) as people, _told():
        people.accounts.remove(name)
        _note(people, "account-removed", "D", f"account {name}")


def listed(settings: Settings, *, clock: Clock) -> Sequence[Account]:
    """All accounts by name. Raises Failed."""
    require_there(settings, "access")
    with _people(settings, clock) as people:
        return people.accounts.list()


def lines(
    settings: Settings, *, person: str | None, since: datetime | None, until: datetime | None, clock: Clock
) -> Iterator[Line]:
    """The lines of the access log, of one person or all. Raises Failed."""
    require_there(settings, "access")
    with _people(settings, clock) as people:
        yield from people.log.lines(person=person, since=since, until=until)


def verified(settings: Settings, *, noted: str | None, clock: Clock) -> Head:
    """The end of the access log, when its whole chain holds. Raises WrongCall, or Failed when it does not."""
    head = EMPTY if noted is None else _head(noted)
    require_there(settings, "access")
    with _people(settings, clock) as people:
        try:
            return people.log.verify(noted=head)
        except ChainBroken as error:
            raise Failed(f"the access log does not hold: {error}") from error


def _head(noted: str) -> Head:
    number, _, digest = noted.partition(":")
    try:
        return Head(int(number), bytes.fromhex(digest))
    except ValueError as error:
        raise WrongCall("the end of a log is written as its number, a colon and its hash") from error


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (PersonInvalid, PasswordRefused) as error:
        raise WrongCall(str(error)) from error
    except (AccountExists, AccountUnknown) as error:
        raise Failed(str(error)) from error


def note(settings: Settings, event: str, what: str, *, clock: Clock) -> None:
    """Say in the access log what somebody reads by a command, before they do."""
    with noting(settings, clock=clock) as say:
        say(event, "R", what)


@contextmanager
def noting(settings: Settings, *, clock: Clock) -> Iterator[Callable[[str, Action, str], None]]:
    """Opens the access log before something is done by a command, and says in it what was: event, action, to what."""
    with _people(settings, clock) as people:
        yield partial(_note, people)


def _note(people: People, event: str, action: Action, what: str) -> None:
    people.log.note(caller(), Deed(event, action, None), Origin(what, None, *new_trace()), persons=[None])


@contextmanager
def _people(settings: Settings, clock: Clock) -> Iterator[People]:
    private(settings.data)
    seal = seal_of(erasure_key_of(settings))
    people = People(open_engine(settings.owner_url("access")), clock, seal=seal)
    try:
        with told("access"):
            people.create()
            yield people
    finally:
        people.close()
