"""The same step in the database of every service, so that all know the same publishers."""

from collections.abc import Sequence

from shared.publishers.registry import (
    CLIENT_LENGTH_MAX,
    ISSUER_LENGTH_MAX,
    Change,
    Client,
    ClientTaken,
    ClientUnknown,
    Publisher,
    PublisherExists,
    PublisherInvalid,
    PublisherUnknown,
    Registry,
    check,
)
from shared.publishers.tokens import new_token


def add_to_all(registries: Sequence[Registry], new: Publisher) -> str:
    """Register a publisher in the database of every service under one token, and return that token.

    Raises PublisherInvalid, or PublisherExists where any of them knows the name.
    """
    check(new)
    for registry in registries:
        if any(known.name == new.name for known in registry.list()):
            raise PublisherExists(f"{new.name} is registered already; rotate gives it a next token")
    token = new_token()
    for registry in registries:
        registry.add(new, token=token)
    return token


def rotate_in_all(registries: Sequence[Registry], name: str) -> str:
    """Give a publisher a next token in the database of every service, and return it. Raises PublisherUnknown.

    The databases become alike here as well: where an interrupted `add_to_all` left the publisher out, it is registered.
    """
    known = _found(registries, name)
    complete = next((one for one in known if one is not None), None)
    if complete is None:
        raise PublisherUnknown(f"{name} is not registered")
    token = new_token()
    for registry, present in zip(registries, known, strict=True):
        if present is None:
            registry.add(complete, token=token)
        else:
            registry.rotate(name, token=token)
    return token


def revoke_in_all(registries: Sequence[Registry], name: str) -> bool:
    """Let no token and no client be this publisher any more in the database of every service; whether any was.

    Raises PublisherUnknown where none of them knows the name. Interrupted, it is completed by doing it again.
    """
    if not any(_found(registries, name)):
        raise PublisherUnknown(f"{name} is not registered")
    ended = [registry.revoke(name) for registry in registries]
    return any(ended)


def change_in_all(registries: Sequence[Registry], name: str, change: Change) -> Publisher:
    """Let a publisher do something else from now on in the database of every service; who it is then.

    Interrupted, it is completed by doing it again. Raises PublisherUnknown or PublisherInvalid; nothing changes then.
    """
    changed = change.of(_everywhere(registries, name)[0])
    check(changed)
    for registry in registries:
        registry.change(changed)
    return changed


def require_free(registries: Sequence[Registry], name: str, one: Client) -> None:
    """Raises PublisherInvalid for what can be no client, ClientTaken where it is another publisher than this one."""
    if not 0 < len(one.issuer) <= ISSUER_LENGTH_MAX or not 0 < len(one.name) <= CLIENT_LENGTH_MAX:
        raise PublisherInvalid("A client is an issuer and whom its tokens are about (sub); neither is empty or long")
    if not (one.issuer + one.name).isprintable():
        raise PublisherInvalid("A client has no invisible characters")
    for registry in registries:
        if (owner := registry.of_client(one)) is not None and owner.name != name:
            raise ClientTaken(f"this client is {owner.name} already; unlink it first")


def link_in_all(registries: Sequence[Registry], name: str, one: Client) -> None:
    """Let a client be this publisher in the database of every service; interrupted, it is completed by doing it again.

    Raises PublisherUnknown, PublisherInvalid, or ClientTaken where it is another publisher in any of them.
    """
    require_free(registries, name, one)
    _everywhere(registries, name)
    for registry in registries:
        registry.link(name, one)


def unlink_in_all(registries: Sequence[Registry], one: Client) -> None:
    """Let a client be nobody any more in the database of every service. Raises ClientUnknown."""
    gone = [registry.unlink(one) for registry in registries]
    if not any(gone):
        raise ClientUnknown("this client is no publisher here")


def _everywhere(registries: Sequence[Registry], name: str) -> Sequence[Publisher]:
    """This publisher as the database of each service knows it. Raises PublisherUnknown where one does not."""
    known = [one for one in _found(registries, name) if one is not None]
    if not known:
        raise PublisherUnknown(f"{name} is not registered")
    if len(known) < len(registries):
        raise PublisherUnknown(f"{name} is not registered everywhere; rotate mends that")
    return known


def _found(registries: Sequence[Registry], name: str) -> Sequence[Publisher | None]:
    return [next((one for one in registry.list() if one.name == name), None) for registry in registries]
