"""The registry of publishers, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from shared.databases import open_engine, sqlite_url
from shared.migrations import upgrade
from shared.publishers.everywhere import (
    add_to_all,
    change_in_all,
    link_in_all,
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
from shared.publishers.tables import metadata
from shared.publishers.tokens import PREFIX, new_token

SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"


def clock() -> datetime:
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_publisher(name: str = "ecd", **changes: Any) -> Publisher:
    bounds: dict[str, Any] = {
        "sources": [SOURCE],
        "facts": ["placement-started", "discharge-recorded"],
        "accommodations": ["schakenbosch"],
        "scopes": ["facts:write"],
        **changes,
    }
    return Publisher(name, **{bound: frozenset(values) for bound, values in bounds.items()})


@pytest.fixture
def registry(engine: Engine) -> Registry:
    made = Registry(engine, clock)
    made.create()
    return made


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Registry]:
    """The registry of another service."""
    engine = open_engine(sqlite_url(tmp_path / "another.sqlite"))
    made = Registry(engine, clock)
    made.create()
    yield made
    engine.dispose()


def test_the_migrated_schema_is_the_declared_one(engine: Engine) -> None:
    upgrade(engine, chain="publishers")

    def of_the_registry(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and name == "publishers_version")

    with engine.connect() as connection:
        options = {"include_object": of_the_registry, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_a_token_leads_to_its_publisher_with_all_its_bounds(registry: Registry) -> None:
    token = add_to_all([registry], a_publisher())

    assert token.startswith(PREFIX)
    assert registry.authenticate(token) == a_publisher()
    assert registry.list() == [a_publisher()]


@pytest.mark.parametrize(
    "token",
    ["", "dst_", pytest.param(new_token(), id="another"), "x" * 10_000, "dst_' OR 1=1 --", "dst_\x00"],
)
def test_any_other_token_leads_nowhere(registry: Registry, token: str) -> None:
    add_to_all([registry], a_publisher())

    assert registry.authenticate(token) is None


def test_no_part_of_a_token_is_stored(registry: Registry, engine: Engine) -> None:
    token = add_to_all([registry], a_publisher())

    with engine.connect() as connection:
        stored = [bytes(row[0]) for row in connection.execute(text("SELECT token_hash FROM credential"))]
    assert len(stored) == 1
    assert token.removeprefix(PREFIX).encode() not in stored[0]


def test_two_tokens_are_valid_at_once(registry: Registry) -> None:
    first = add_to_all([registry], a_publisher())
    second = rotate_in_all([registry], "ecd")
    assert registry.authenticate(first) == registry.authenticate(second) == a_publisher()

    third = rotate_in_all([registry], "ecd")
    assert registry.authenticate(first) is None
    assert registry.authenticate(second) == registry.authenticate(third) == a_publisher()


def test_the_tokens_of_others_stay_when_one_rotates(registry: Registry) -> None:
    add_to_all([registry], a_publisher())
    others = add_to_all([registry], a_publisher("other"))

    for _ in range(3):
        rotate_in_all([registry], "ecd")

    assert registry.authenticate(others) == a_publisher("other")


def test_a_name_is_given_once(registry: Registry, another: Registry) -> None:
    add_to_all([another], a_publisher())

    with pytest.raises(PublisherExists):
        add_to_all([registry, another], a_publisher())
    assert registry.list() == []


def test_a_rotation_completes_an_interrupted_registration(registry: Registry, another: Registry) -> None:
    add_to_all([registry], a_publisher())

    token = rotate_in_all([another, registry], "ecd")

    assert another.authenticate(token) == registry.authenticate(token) == a_publisher()


def test_a_publisher_keeps_its_token_when_it_may_do_something_else(registry: Registry, another: Registry) -> None:
    token = add_to_all([registry, another], a_publisher())
    others = add_to_all([registry, another], a_publisher("other"))

    change = Change(facts=frozenset({"occupancy-counted"}), accommodations=frozenset({"harreveld", "schakenbosch"}))
    changed = change_in_all([registry, another], "ecd", change)

    assert changed == a_publisher(facts=["occupancy-counted"], accommodations=["schakenbosch", "harreveld"])
    assert registry.authenticate(token) == another.authenticate(token) == changed
    assert registry.authenticate(others) == a_publisher("other")


@pytest.mark.parametrize(
    "change",
    [
        Change(facts=frozenset({"placement-ended"})),
        Change(sources=frozenset()),
        Change(scopes=frozenset({"nonsense"})),
        Change(accommodations=frozenset({"123456782"})),
    ],
)
def test_nothing_changes_of_who_would_break_a_rule(registry: Registry, change: Change) -> None:
    add_to_all([registry], a_publisher())

    with pytest.raises(PublisherInvalid):
        change_in_all([registry], "ecd", change)
    assert registry.list() == [a_publisher()]


def test_nobody_is_changed_who_is_not_registered_everywhere(registry: Registry, another: Registry) -> None:
    with pytest.raises(PublisherUnknown, match=r"is not registered$"):
        change_in_all([registry], "ecd", Change(scopes=frozenset({"facts:read"})))
    add_to_all([registry], a_publisher())

    with pytest.raises(PublisherUnknown, match="rotate mends that"):
        change_in_all([registry, another], "ecd", Change(scopes=frozenset({"facts:read"})))
    assert registry.list() == [a_publisher()]


def test_nobody_is_rotated_who_is_not_registered(registry: Registry) -> None:
    with pytest.raises(PublisherUnknown):
        rotate_in_all([registry], "ecd")


def test_a_client_leads_to_the_publisher_it_is_linked_to_until_it_is_unlinked(
    registry: Registry, another: Registry
) -> None:
    client = Client("https://login.example.org", "ecd-client")
    add_to_all([registry, another], a_publisher())
    assert registry.of_client(client) is None

    for _ in range(2):
        link_in_all([registry, another], "ecd", client)

    assert registry.of_client(client) == another.of_client(client) == a_publisher()
    assert registry.of_client(Client("https://other.example.org", "ecd-client")) is None
    assert registry.of_client(Client(client.issuer, "ECD-client")) is None
    unlink_in_all([registry, another], client)
    assert registry.of_client(client) is another.of_client(client) is None
    with pytest.raises(ClientUnknown):
        unlink_in_all([registry, another], client)


def test_a_revoked_publisher_has_neither_token_nor_client_and_stays_registered(
    registry: Registry, another: Registry
) -> None:
    client = Client("https://login.example.org", "ecd-client")
    token = add_to_all([registry, another], a_publisher())
    other = add_to_all([registry, another], a_publisher("other"))
    link_in_all([registry, another], "ecd", client)

    assert revoke_in_all([registry, another], "ecd")

    for one in (registry, another):
        assert (one.authenticate(token), one.of_client(client)) == (None, None)
        assert one.authenticate(other) == a_publisher("other")
        assert a_publisher() in one.list()
    assert not revoke_in_all([registry, another], "ecd")
    with pytest.raises(PublisherUnknown):
        revoke_in_all([registry, another], "nobody")


def test_a_client_is_one_publisher_and_an_interrupted_link_is_completed(registry: Registry, another: Registry) -> None:
    client = Client("https://login.example.org", "ecd-client")
    for name in ("ecd", "other"):
        add_to_all([registry, another], a_publisher(name))
    another.link("ecd", client)

    with pytest.raises(ClientTaken):
        link_in_all([registry, another], "other", client)
    assert registry.of_client(client) is None

    link_in_all([registry, another], "ecd", client)
    assert registry.of_client(client) == another.of_client(client) == a_publisher()


@pytest.mark.parametrize(
    "client", [Client("", "x"), Client("https://x", ""), Client("https://x", "x" * 201), Client("https://x", "\0")]
)
def test_a_client_without_a_name_or_for_nobody_is_not_linked(registry: Registry, client: Client) -> None:
    add_to_all([registry], a_publisher())
    with pytest.raises(PublisherInvalid):
        link_in_all([registry], "ecd", client)
    with pytest.raises(PublisherUnknown):
        link_in_all([registry], "nobody", Client("https://x", "x"))


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": ["https://example.org"]},
        {"facts": ["placement-begun"]},
        {"scopes": ["facts:burn"]},
        {"sources": ["urn:nld:bsn:111222333"]},
        {"accommodations": ["house of 111 222 333"]},
        {"sources": []},
        {"facts": []},
    ],
)
def test_what_makes_no_sense_is_not_registered(registry: Registry, changes: dict[str, list[str]]) -> None:
    with pytest.raises(PublisherInvalid):
        add_to_all([registry], a_publisher(**changes))
    assert registry.list() == []


@pytest.mark.parametrize("name", ["", "ECD", "two words", "-ecd", "a" * 65])
def test_a_name_is_lower_case_and_short(registry: Registry, name: str) -> None:
    with pytest.raises(PublisherInvalid):
        add_to_all([registry], a_publisher(name))
