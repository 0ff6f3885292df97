"""Who changed who may publish and read is in the access log, whatever was changed; what was refused is not."""

from pathlib import Path

import pytest

from services.command import registering
from services.command.accounts import lines, verified
from services.command.failures import Failed, WrongCall
from shared.clock import system_clock
from shared.publishers.registry import Change, Client, Publisher
from shared.settings import Settings

NOBODY: frozenset[str] = frozenset()
ISSUER = "https://login.example.org"
NOTHING = "sources: none; facts: none; accommodations: none"


def reader(name: str, *scopes: str) -> Publisher:
    return Publisher(name, NOBODY, NOBODY, NOBODY, frozenset(scopes))


def said(settings: Settings) -> list[tuple[str, str, str]]:
    """Event, action and what of every line."""
    found = lines(settings, person=None, since=None, until=None, clock=system_clock)
    return [(line.event, line.action, line.what) for line in found]


def test_each_change_is_a_line_with_what_may_be_done_from_then_on(tmp_path: Path) -> None:
    settings, client = Settings(data=tmp_path), Client(ISSUER, "client-1")
    token = registering.add(settings, reader("ecd", "facts:read"), clock=system_clock)
    to = Change(accommodations=frozenset({"midgaard"}), scopes=frozenset({"figures:read", "cases:read"}))
    registering.change(settings, "ecd", to, clock=system_clock)
    next_token = registering.rotate(settings, "ecd", clock=system_clock)
    registering.link(settings, "ecd", client, clock=system_clock)
    registering.unlink(settings, client, clock=system_clock)
    assert registering.revoke(settings, "ecd", clock=system_clock)
    registering.add_client(settings, reader("third", "facts:read"), client, clock=system_clock)
    found = said(settings)
    assert found == [
        ("publisher-added", "C", f"publisher ecd; {NOTHING}; scopes: facts:read"),
        (
            "publisher-changed",
            "U",
            "publisher ecd; sources: none; facts: none; accommodations: midgaard; scopes: cases:read, figures:read",
        ),
        ("publisher-rotated", "U", "publisher ecd"),
        ("client-linked", "U", f"publisher ecd; client client-1 of {ISSUER}"),
        ("client-unlinked", "U", f"client client-1 of {ISSUER}"),
        ("publisher-revoked", "U", "publisher ecd"),
        ("publisher-added", "C", f"publisher third; {NOTHING}; scopes: facts:read"),
        ("client-linked", "U", f"publisher third; client client-1 of {ISSUER}"),
    ]
    assert not any(secret in str(found) for secret in (token, next_token))
    (line, *_) = lines(settings, person=None, since=None, until=None, clock=system_clock)
    assert line.user_name.endswith(" (command line)")
    assert verified(settings, noted=None, clock=system_clock).number == len(found)


def test_what_was_refused_or_changed_nothing_is_no_line(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    registering.add(settings, reader("ecd", "facts:read"), clock=system_clock)
    assert registering.revoke(settings, "ecd", clock=system_clock)
    before = said(settings)
    assert not registering.revoke(settings, "ecd", clock=system_clock)
    with pytest.raises(Failed):
        registering.add(settings, reader("ecd", "facts:read"), clock=system_clock)
    with pytest.raises(Failed):
        registering.rotate(settings, "nobody", clock=system_clock)
    with pytest.raises(WrongCall):
        registering.change(settings, "ecd", Change(scopes=frozenset({"nonsense"})), clock=system_clock)
    with pytest.raises(Failed):
        registering.unlink(settings, Client(ISSUER, "nobody"), clock=system_clock)
    assert said(settings) == before


def test_where_the_access_log_cannot_be_opened_nothing_is_changed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    registering.add(settings, reader("ecd", "facts:read"), clock=system_clock)
    away = settings.model_copy(update={"access_database_url": f"sqlite:///{tmp_path}/no-such-folder/access.sqlite"})
    with pytest.raises(Failed, match="does not answer"):
        registering.change(away, "ecd", Change(scopes=frozenset({"admin"})), clock=system_clock)
    (known,) = registering.registered(settings, clock=system_clock)
    assert known == reader("ecd", "facts:read")
