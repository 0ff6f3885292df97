"""`doorstroom publisher`: who may publish and read, alike in the databases of all services."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple

from services.command.failures import Failed, WrongCall
from services.command.migrating import told
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


def add(settings: Settings, publisher: Publisher, *, clock: Clock) -> str:
    """Register a publisher everywhere and return its token. Raises WrongCall or Failed."""
    with _registries(settings, clock) as registries:
        try:
            return add_to_all(registries, publisher)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except PublisherExists as error:
            raise Failed(str(error)) from error


def change(settings: Settings, name: str, change: Change, *, clock: Clock) -> Publisher:
    """Let a publisher do something else from now on, and say who it is then. Raises WrongCall or Failed."""
    with _registries(settings, clock) as registries:
        try:
            return change_in_all(registries, name, change)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except PublisherUnknown as error:
            raise Failed(str(error)) from error


def rotate(settings: Settings, name: str, *, clock: Clock) -> str:
    """Give a publisher a next token; the one before stays valid. Raises Failed."""
    with _registries(settings, clock) as registries:
        try:
            return rotate_in_all(registries, name)
        except PublisherUnknown as error:
            raise Failed(str(error)) from error


def revoke(settings: Settings, name: str, *, clock: Clock) -> bool:
    """End every token and link of a publisher; whether there was any. Raises Failed."""
    with _registries(settings, clock) as registries:
        try:
            return revoke_in_all(registries, name)
        except PublisherUnknown as error:
            raise Failed(str(error)) from error


def add_client(settings: Settings, publisher: Publisher, client: Client, *, clock: Clock) -> None:
    """Register a publisher everywhere that a client of an issuer is. Raises WrongCall or Failed.

    It has a token of ours as well, which is told to nobody.
    """
    with _registries(settings, clock) as registries:
        try:
            require_free(registries, publisher.name, client)
            add_to_all(registries, publisher)
            link_in_all(registries, publisher.name, client)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except (PublisherExists, ClientTaken) as error:
            raise Failed(str(error)) from error


def link(settings: Settings, name: str, client: Client, *, clock: Clock) -> None:
    """Let a client be this publisher. Raises WrongCall or Failed."""
    with _registries(settings, clock) as registries:
        try:
            link_in_all(registries, name, client)
        except PublisherInvalid as error:
            raise WrongCall(str(error)) from error
        except (PublisherUnknown, ClientTaken) as error:
            raise Failed(str(error)) from error


def unlink(settings: Settings, client: Client, *, clock: Clock) -> None:
    """Let a client be nobody any more. Raises Failed."""
    with _registries(settings, clock) as registries:
        try:
            unlink_in_all(registries, client)
        except ClientUnknown as error:
            raise Failed(str(error)) from error


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


@contextmanager
def _registries(settings: Settings, clock: Clock) -> Iterator[Sequence[Registry]]:
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
