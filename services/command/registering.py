"""`doorstroom publisher`: who may publish and read, alike in the databases of all services.

Who changed that is in the access log, as who changed an account is, before a token is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple

from services.command.accounts import noting
from services.command.failures import Failed, WrongCall
from services.command.migrating import is_there, require_there, told
from services.command.supervision.folder import private
from services.command.supervision.system import SERVICES
from shared.clock import Clock
from shared.databases import open_engine
from shared.publishers.everywhere import (
    add_to_all,
    change_in_all,
    link_in_all,
    require_free,
    revoke_in_all,
    rotate_in_all,
    unlink_in_all,
)
from shared.publishers.registry import (
    Change,
    Client,
    ClientTaken,
    ClientUnknown,
    Publisher,
    PublisherExists,
    PublisherInvalid,
    PublisherUnknown,
    Registry,
)
from shared.settings import Settings

ADDED, CHANGED, ROTATED, REVOKED = "publisher-added", "publisher-changed", "publisher-rotated", "publisher-revoked"
LINKED, UNLINKED = "client-linked", "client-unlinked"


def add(settings: Settings, publisher: Publisher, *, clock: Clock) -> str:
    """Register a publisher everywhere and return its token. Raises WrongCall or Failed."""
    with _registries(settings, clock, making=True) as registries, noting(settings, clock=clock) as note:
        try:
            token = add_to_all(registries, publisher)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except PublisherExists as error:
            raise Failed(str(error)) from error
        note(ADDED, "C", _said(publisher))
        return token


def change(settings: Settings, name: str, change: Change, *, clock: Clock) -> Publisher:
    """Let a publisher do something else from now on, and say who it is then. Raises WrongCall or Failed."""
    with _registries(settings, clock) as registries, noting(settings, clock=clock) as note:
        try:
            changed = change_in_all(registries, name, change)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except PublisherUnknown as error:
            raise Failed(str(error)) from error
        note(CHANGED, "U", _said(changed))
        return changed


def rotate(settings: Settings, name: str, *, clock: Clock) -> str:
    """Give a publisher a next token; the one before stays valid. Raises Failed."""
    with _registries(settings, clock) as registries, noting(settings, clock=clock) as note:
        try:
            token = rotate_in_all(registries, name)
        except PublisherUnknown as error:
            raise Failed(str(error)) from error
        note(ROTATED, "U", f"publisher {name}")
        return token


def revoke(settings: Settings, name: str, *, clock: Clock) -> bool:
    """End every token and link of a publisher; whether there was any. Raises Failed."""
    with _registries(settings, clock) as registries, noting(settings, clock=clock) as note:
        try:
            ended = revoke_in_all(registries, name)
        except PublisherUnknown as error:
            raise Failed(str(error)) from error
        if ended:
            note(REVOKED, "U", f"publisher {name}")
        return ended


def add_client(settings: Settings, publisher: Publisher, client: Client, *, clock: Clock) -> None:
    """Register a publisher everywhere that a client of an issuer is. Raises WrongCall or Failed.

    It has a token of ours as well, which is told to nobody.
    """
    with _registries(settings, clock, making=True) as registries, noting(settings, clock=clock) as note:
        try:
            require_free(registries, publisher.name, client)
            add_to_all(registries, publisher)
            link_in_all(registries, publisher.name, client)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except (PublisherExists, ClientTaken) as error:
            raise Failed(str(error)) from error
        note(ADDED, "C", _said(publisher))
        note(LINKED, "U", f"publisher {publisher.name}; client {client.name} of {client.issuer}")


def link(settings: Settings, name: str, client: Client, *, clock: Clock) -> None:
    """Let a client be this publisher. Raises WrongCall or Failed."""
    with _registries(settings, clock) as registries, noting(settings, clock=clock) as note:
        try:
            link_in_all(registries, name, client)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except (PublisherUnknown, ClientTaken) as error:
            raise Failed(str(error)) from error
        note(LINKED, "U", f"publisher {name}; client {client.name} of {client.issuer}")


def unlink(settings: Settings, client: Client, *, clock: Clock) -> None:
    """Let a client be nobody any more. Raises Failed."""
    with _registries(settings, clock) as registries, noting(settings, clock=clock) as note:
        try:
            unlink_in_all(registries, client)
        except ClientUnknown as error:
            raise Failed(str(error)) from error
        note(UNLINKED, "U", f"client {client.name} of {client.issuer}")


def clients(settings: Settings, *, clock: Clock) -> Mapping[str, Sequence[Client]]:
    """The clients that each publisher is anywhere, by its name."""
    found: dict[str, set[Client]] = {}
    with _registries(settings, clock) as registries:
        for registry in registries:
            for name, those in registry.clients().items():
                found.setdefault(name, set()).update(those)
    return {name: sorted(those, key=astuple) for name, those in found.items()}


def registered(settings: Settings, *, clock: Clock) -> Sequence[Publisher]:
    """Everybody who is registered anywhere, by name."""
    with _registries(settings, clock) as registries:
        everybody = {publisher.name: publisher for registry in registries for publisher in registry.list()}
    return [everybody[name] for name in sorted(everybody)]


def _said(publisher: Publisher) -> str:
    """Who it is and all that it may do."""
    bounds = {bound: ", ".join(sorted(values)) for bound, values in asdict(publisher).items() if bound != "name"}
    said = (f"{bound}: {values or 'none'}" for bound, values in bounds.items())
    return "; ".join([f"publisher {publisher.name}", *said])


@contextmanager
def _registries(settings: Settings, clock: Clock, *, making: bool = False) -> Iterator[Sequence[Registry]]:
    """Those of all services; `making` where the first publisher may make them."""
    if not making and not any(is_there(settings, service) for service in SERVICES):
        require_there(settings, SERVICES[0])
    private(settings.data)
    with ExitStack() as opened:
        opened.enter_context(told("publishers"))
        registries = []
        for service in SERVICES:
            engine = open_engine(settings.owner_url(service))
            opened.callback(engine.dispose)
            registry = Registry(engine, clock)
            registry.create()
            registries.append(registry)
        yield registries
