"""Erasure in a ledger: nothing of a young person is left, nobody comes back, and everything else stays as it was."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DatabaseError

from shared.erasure import Seal
from shared.facts.acceptance import parse
from shared.ledger import (
    Accepted,
    Conflict,
    Draft,
    Duplicate,
    Erased,
    ErasureKeyDiffers,
    Keyless,
    Ledger,
    Submission,
    Withheld,
    draft,
)
from shared.ledger.tables import fact, known_key
from tests.contract.drafts import MONDAY, SetClock, append, assert_chained, everything

SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"
AUTHORITY = "urn:nld:oin:00000001234567890000:systeem:pseudoniemen"
ANNE, BRAM = "anne-0123456789abcdef", "bram-0123456789abcdef"
KEY = "a key of an installation of 32 characters or more"


def ledger_of(engine: Engine, *, key: str | None = KEY) -> Ledger:
    """The ledger of placement in this database."""
    made = Ledger(engine, service="placement", clock=SetClock(), seal=None if key is None else Seal(key))
    made.create(partitions=2)
    made.recognise()
    return made


def event(name: str, person: str, id_: str, data: dict[str, Any], **more: Any) -> Draft:
    """A draft of an event that the door would take."""
    said = {
        "specversion": "1.0",
        "id": id_,
        "source": SOURCE,
        "type": f"nl.doorstroom.{name}.v1",
        "subject": person,
        "time": "2026-03-02T09:00:00+01:00",
        "data": data,
        **more,
    }
    parsed = parse(json.dumps(said), today=MONDAY.date(), now=MONDAY)
    assert not isinstance(parsed, tuple), parsed
    return draft(parsed, parsed.written())


def started(person: str, id_: str, *, placement: str = "P1", **more: Any) -> Draft:
    data = {
        "placement": placement,
        "accommodation": "house-a",
        "started_on": "2026-02-01",
        "regime": "jw6",
        "closure": "gesloten",
        "route": "crisis",
        "region": "JZ01",
    }
    return event("placement-started", person, id_, data, **more)


def discharged(person: str, id_: str, *, placement: str = "P1") -> Draft:
    data = {"placement": placement, "discharged_on": "2026-02-20", "destination": "home", "end_mode": "planned"}
    return event("discharge-recorded", person, id_, data)


def erased(person: str, id_: str = "erasure-1") -> Draft:
    return event("youth-erased", person, id_, {"basis": "request", "erased_on": "2026-03-01"}, source=AUTHORITY)


def all_text(engine: Engine) -> str:
    """Every value of every table."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            tables = list(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        else:
            tables = list(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
        return repr([connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables])


def test_nothing_of_the_person_is_left_and_every_position_stays(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, f"{ANNE}-start", placement=f"{ANNE}-1", record=f"{ANNE}-r"), started(BRAM, "b1"))
    append(ledger, discharged(ANNE, "a2", placement=f"{ANNE}-1"))
    before = everything(ledger)
    assert ANNE in all_text(engine)
    assert append(ledger, erased(ANNE, f"erase-{ANNE}")) == [Accepted(4)]
    after = everything(ledger)
    assert ANNE not in all_text(engine)
    assert_chained(after, partitions=2)
    for old, new in zip(before, after, strict=False):
        assert (old.position, old.partition, old.prev, old.accepted_at_us, old.source) == (
            new.position,
            new.partition,
            new.prev,
            new.accepted_at_us,
            new.source,
        )
    names = [json.loads(entry.body)["type"].split(".")[2] for entry in after]
    assert names == ["fact-erased", "placement-started", "fact-erased", "youth-erased"]
    assert after[1] == before[1]
    assert [(one.facts, one.basis, one.cleaned_at_us) for one in ledger.erasures()] == [(2, "request", None)]


def test_who_was_erased_does_not_come_back(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1"), erased(ANNE))
    for one in (ledger, ledger_of(engine)):  # The same process, and one that starts later.
        assert append(one, discharged(ANNE, "a2")) == [Erased()]
        assert append(one, discharged(ANNE, "a2"), started(BRAM, "b1"), strict=True) == [Erased(), Withheld()]
    assert ledger.head() == 2


def test_a_merge_goes_with_either_of_the_two_and_one_with_who_was_erased_is_refused(engine: Engine) -> None:
    ledger = ledger_of(engine)
    data = {"other": ANNE}
    append(ledger, started(BRAM, "b1"), event("pseudonyms-merged", BRAM, "m1", data, source=AUTHORITY))
    assert append(ledger, erased(ANNE)) == [Accepted(3)]
    assert ANNE not in all_text(engine)
    names = [json.loads(entry.body)["type"].split(".")[2] for entry in everything(ledger)]
    assert names == ["placement-started", "fact-erased", "youth-erased"]
    assert append(ledger, event("pseudonyms-merged", BRAM, "m2", data, source=AUTHORITY)) == [Erased()]


def test_a_fact_of_the_same_batch_is_erased_before_and_refused_after(engine: Engine) -> None:
    ledger = ledger_of(engine)
    outcomes = append(ledger, started(ANNE, "a1"), erased(ANNE), discharged(ANNE, "a2"))
    assert outcomes == [Accepted(1), Accepted(2), Erased()]
    assert ANNE not in all_text(engine)


def test_a_strict_batch_with_a_fact_after_its_erasure_is_kept_out_whole(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1"))
    together = started(BRAM, "b1"), erased(ANNE), discharged(ANNE, "a2")
    assert append(ledger, *together, strict=True) == [Withheld(), Withheld(), Erased()]
    assert ledger.erasures() == []
    assert append(ledger, discharged(ANNE, "a2"), erased(ANNE), started(BRAM, "b1"), strict=True) == [
        Accepted(2),
        Accepted(3),
        Accepted(4),
    ]
    assert ANNE not in all_text(engine)


def test_what_was_sent_before_is_still_known_by_its_id(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1"), started(BRAM, "b1"), erased(ANNE))
    assert append(ledger, started(ANNE, "a1"), started(BRAM, "b1"), erased(ANNE)) == [
        Duplicate(1),
        Duplicate(2),
        Duplicate(3),
    ]
    assert append(ledger, started(BRAM, "a1")) == [Conflict(1)]
    assert append(ledger, erased(BRAM)) == [Conflict(3)]


def test_an_erasure_said_anew_erases_nothing_more_and_is_one_decision(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1"), erased(ANNE))
    assert append(ledger, erased(ANNE, "erasure-2")) == [Accepted(3)]
    assert [one.facts for one in ledger.erasures()] == [1]


@pytest.mark.parametrize("written", [ANNE.upper(), "anne-%123456789abcdef", "anne-_123456789abcdef"])
def test_a_pseudonym_in_other_letters_is_somebody_else(engine: Engine, written: str) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(written, "a1") if "%" not in written else started(BRAM, written), started(BRAM, written[:4]))
    before = everything(ledger)
    assert append(ledger, erased(ANNE)) == [Accepted(3)]
    assert everything(ledger)[:2] == before
    assert [one.facts for one in ledger.erasures()] == [0]


def test_what_only_looks_like_a_pseudonym_in_what_says_how_to_read_an_event_stays(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(BRAM, "b1"))
    before = everything(ledger)
    assert append(ledger, erased("placement-started")) == [Accepted(2)]
    assert everything(ledger)[:1] == before


def test_a_tombstone_tells_of_the_record_only_a_number(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1", record="opname-1", revision=3), started(ANNE, "a2", record=f"{ANNE}-1"))
    append(ledger, erased(ANNE))
    with_number, without, _ = (json.loads(entry.body) for entry in everything(ledger))
    assert set(with_number["data"]) == {"record"}
    assert with_number["revision"] == 3
    assert without["data"] == {}


def test_keys_that_only_the_person_had_are_forgotten(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1", placement="P1"), started(ANNE, "a2", placement="P2"))
    append(ledger, started(BRAM, "b1", placement="P2"))
    append(ledger, erased(ANNE))
    with engine.connect() as connection:
        assert set(connection.scalars(select(known_key.c.key))) == set(started(BRAM, "b2", placement="P2").said)


def test_without_a_key_nobody_is_erased(engine: Engine) -> None:
    ledger = ledger_of(engine, key=None)
    append(ledger, started(ANNE, "a1"))
    assert append(ledger, erased(ANNE), started(BRAM, "b1")) == [Keyless(), Accepted(2)]


@pytest.mark.parametrize("key", [None, "another key of 32 characters or more"])
def test_a_ledger_with_erasures_refuses_another_key(engine: Engine, key: str | None) -> None:
    append(ledger_of(engine), started(ANNE, "a1"), erased(ANNE))
    with pytest.raises(ErasureKeyDiffers):
        ledger_of(engine, key=key)


def test_an_erasure_by_its_hash_alone_keeps_the_person_out(engine: Engine) -> None:
    ledger = ledger_of(engine)
    token = Seal(KEY).person(ANNE)
    one = erased(ANNE)
    without = Draft(one.source, one.id, one.name, None, one.content_hash, one.body.replace(ANNE, BRAM), token=token)
    assert append(ledger, without) == [Accepted(1)]
    assert append(ledger, started(ANNE, "a1"), started(BRAM, "b1")) == [Erased(), Accepted(2)]


@pytest.mark.parametrize(
    "change",
    [
        {"body": '{"type":"nl.doorstroom.fact-erased.v1"}'},
        {"person": None, "name": "fact-erased", "id": "erased-0", "body": '{"type":"nl.doorstroom.fact-erased.v1"}'},
        {"accepted_at_us": 5},
    ],
    ids=["content", "no-erasure-here", "time"],
)
def test_the_ledger_stays_append_only_for_everything_else(engine: Engine, change: dict[str, Any]) -> None:
    append(ledger_of(engine), started(BRAM, "b1"), started(ANNE, "a1"), erased(ANNE))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(update(fact).where(fact.c.position == 1).values(change))


def test_an_append_that_fails_erases_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: object, _pseudonym: str) -> None:
        raise RuntimeError("the disk is full")

    ledger = Ledger(engine, service="placement", clock=SetClock(), seal=Seal(KEY), naming=(fail,))
    ledger.create(partitions=2)
    append(ledger, started(ANNE, "a1"))
    with pytest.raises(RuntimeError):
        ledger.append([Submission((erased(ANNE),))])
    assert append(ledger, discharged(ANNE, "a2")) == [Accepted(2)]
    assert ledger.erasures() == []
