"""Who is let in, how soon a new or a rotated token counts, and what is kept of what was refused."""

from pathlib import Path

import pytest

from shared.databases import open_engine
from shared.publishers.everywhere import change_in_all, revoke_in_all, rotate_in_all
from shared.publishers.registry import ALL, Change, Registry
from tests.integration.door.doors import OTHER_SOURCE, SOURCE, Door, clock, event, publisher
from tests.servers.waiting import wait_until

BSN = "123456782"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer dst_unknown", "Basic ZWNk", f"Bearer {'x' * 500}"])
def test_without_a_known_token_nobody_is_let_in(door: Door, authorization: str) -> None:
    answer = door.send(event(), Authorization=authorization)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "/v1/problems/unauthenticated"


def test_who_may_only_read_cannot_publish(door: Door) -> None:
    token = door.register(publisher("reader", scopes={"facts:read"}))

    assert door.send(event(), Authorization=f"Bearer {token}").status_code == 403


def test_a_publisher_counts_at_once_also_after_its_token_was_refused(door: Door) -> None:
    door.tokens["new"] = "dst_not-yet"
    assert door.get("/v1/events", as_="new").status_code == 401

    door.register(publisher("new", sources={OTHER_SOURCE}))

    assert door.get("/v1/events", as_="new").status_code == 200


def test_after_two_rotations_the_first_token_is_worth_nothing(door: Door) -> None:
    engine = open_engine(door.settings.database_url("placement"))
    registries = [Registry(engine, clock)]
    first = door.tokens["ecd"]
    second, third = (rotate_in_all(registries, "ecd") for _ in range(2))
    engine.dispose()

    for token in (second, third):
        assert door.send(event(), Authorization=f"Bearer {token}").status_code == 202
    wait_until(lambda: door.send(event(), Authorization=f"Bearer {first}").status_code == 401, what="it is forgotten")


def test_nobody_is_a_revoked_publisher_until_it_is_given_a_token_again(door: Door) -> None:
    token = door.register(publisher("new", sources={OTHER_SOURCE}))

    def answers(token: str) -> int:
        return door.get("/v1/events", Authorization=f"Bearer {token}").status_code

    assert answers(token) == 200
    engine = open_engine(door.settings.database_url("placement"))
    registries = [Registry(engine, clock)]
    assert revoke_in_all(registries, "new")
    wait_until(lambda: answers(token) == 401, what="it is nobody's")
    again = rotate_in_all(registries, "new")
    engine.dispose()
    assert (answers(again), answers(token)) == (200, 401)


def test_a_publisher_that_is_changed_may_soon_say_something_else_and_no_longer_what_it_could(door: Door) -> None:
    token = door.register(publisher("new", sources={OTHER_SOURCE}))

    def answers(source: str) -> int:
        return door.send(event(f"id-{source}", source=source), Authorization=f"Bearer {token}").status_code

    assert (answers(OTHER_SOURCE), answers(SOURCE)) == (202, 403)
    engine = open_engine(door.settings.database_url("placement"))
    change_in_all([Registry(engine, clock)], "new", Change(sources=frozenset({SOURCE})))
    engine.dispose()

    wait_until(lambda: answers(SOURCE) == 202, what="the new source counts")
    assert answers(OTHER_SOURCE) == 403


def test_tokens_are_not_in_the_database(door: Door) -> None:
    secret = door.tokens["ecd"].removeprefix("dst_").encode()

    for file in Path(door.settings.data).glob("placement.sqlite*"):
        assert secret not in file.read_bytes()


def test_a_publisher_looks_up_what_was_refused_of_it_and_nobody_elses(door: Door) -> None:
    door.register(publisher("other", sources={OTHER_SOURCE}))
    door.send(event("a-1", data={"region": "JZ99", "surname": "Mauve"}))
    door.send_batch([event("a-2", source=OTHER_SOURCE), {}])

    def found() -> list[dict[str, object]]:
        return list(door.get("/v1/rejections").json()["rejections"])

    wait_until(lambda: len(found()) == 3, what="the rejections are written")
    first, second, third = found()
    assert (first["source"], first["id"], first["problem"]) == (SOURCE, "a-1", "invalid-event")
    assert {"pointer": "/data/surname", "code": "unknown_field"}.items() <= dict(first["errors"][1]).items()  # type: ignore[index]
    assert (second.get("source"), second["id"], second["problem"]) == (None, "a-2", "not-yours")
    assert (third.get("id"), third["problem"]) == (None, "invalid-event")
    assert "Mauve" not in str(found())
    assert door.get("/v1/rejections", as_="other").json() == {"rejections": []}


@pytest.mark.parametrize(
    "sent",
    [
        event(subject=BSN * 2, data={"placement": f"P {BSN}"}),
        event(f"id-{BSN}"),
        event(data={"placement": f"P-{BSN}"}),
        event(data={BSN: 1}),
        event(source=f"urn:nld:kvknr:12345678:{BSN}"),
    ],
    ids=["subject", "id", "value", "field", "source"],
)
def test_a_bsn_is_neither_stored_nor_kept_nor_answered_nor_logged(
    door: Door, sent: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    answer = door.send(sent)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/v1/problems/bsn"
    wait_until(lambda: len(door.get("/v1/rejections").json()["rejections"]) == 1, what="the rejection is written")
    assert BSN not in answer.text + door.get("/v1/rejections").text
    for file in Path(door.settings.data).glob("placement.sqlite*"):
        assert BSN.encode() not in file.read_bytes()
    assert BSN not in "".join(capfd.readouterr())


def test_only_who_is_registered_for_it_by_name_merges_pseudonyms_and_takes_it_back(door: Door) -> None:
    """`*` stands for all facts but those of the pseudonym authority; a withdrawal of one is no way around that."""
    merge = event(type="nl.doorstroom.pseudonyms-merged.v1", record="merge-1") | {"data": {"other": "b" * 22}}
    data = {"of": "pseudonyms-merged", "record": "merge-1", "reason": "entered-in-error"}
    back = event("a-2", type="nl.doorstroom.record-withdrawn.v1") | {"data": data}
    for sent, pointer in ((merge, "/type"), (back, "/data/of")):
        refused = door.send(sent)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, pointer)
    door.tokens["ecd"] = door.register(publisher("authority", facts={ALL, "pseudonyms-merged"}))
    assert [door.send(sent).status_code for sent in (merge, back)] == [202, 202]


def test_a_merge_with_itself_is_refused_with_the_field(door: Door) -> None:
    merge = event(type="nl.doorstroom.pseudonyms-merged.v1") | {"data": {"other": event()["subject"]}}
    refused = door.send(merge)
    assert refused.status_code == 400
    assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [("same_person", "/data/other")]
