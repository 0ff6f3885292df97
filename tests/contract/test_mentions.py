"""A pseudonym in facts about somebody else, in a key or an id: erased there too, and the erasure tells where."""

import json

from sqlalchemy import Engine

from shared.erasure import Seal
from shared.facts.envelope import AcceptedEvent
from shared.ledger import Accepted, Conflict, Duplicate, Ledger
from tests.contract.drafts import append, everything
from tests.contract.test_erasure import ANNE, AUTHORITY, BRAM, KEY, all_text, erased, event, ledger_of, started


def test_a_fact_about_somebody_else_only_loses_the_pseudonym(engine: Engine) -> None:
    ledger = ledger_of(engine)
    mine = started(BRAM, "b1", placement=f"{ANNE}/2")
    append(ledger, mine, erased(ANNE))
    (entry, _) = everything(ledger)
    said = json.loads(entry.body)
    assert said["subject"] == BRAM
    assert said["data"]["placement"] == f"{Seal(KEY).mark(ANNE)}/2"
    assert append(ledger, mine) == [Duplicate(1)]
    assert ANNE not in all_text(engine)


def test_a_pseudonym_only_in_the_id_of_a_fact_about_somebody_else_becomes_a_mark_there(engine: Engine) -> None:
    ledger = ledger_of(engine)
    mine, corrected = started(BRAM, ANNE), started(BRAM, "b2", record=ANNE, revision=2)
    longer = started(BRAM, f"{ANNE}-and-more", placement="P3")
    append(ledger, mine, corrected, longer)
    assert append(ledger, erased(ANNE), started(BRAM, "b4", placement="P4")) == [Accepted(4), Accepted(5)]
    assert ANNE not in all_text(engine)
    first, second, third = (json.loads(entry.body) for entry in everything(ledger)[:3])
    assert first["id"] == second["record"] == Seal(KEY).mark(ANNE)  # Still one record.
    assert third["id"] == f"{Seal(KEY).mark(ANNE)}-and-more"
    for one in (ledger, ledger_of(engine)):
        assert append(one, mine, corrected, longer) == [Duplicate(1), Duplicate(2), Duplicate(3)]
        assert append(one, started(BRAM, ANNE, placement="P9")) == [Conflict(1)]


def told_anew(ledger: Ledger) -> list[str | None]:
    """What each erasure tells of facts about others that were written anew."""
    said = [json.loads(entry.body) for entry in everything(ledger)]
    return [one.get("rewritten") for one in said if "youth-erased" in one["type"]]


def test_an_erasure_tells_where_facts_about_somebody_else_were_written_anew(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, "a1"), started(BRAM, ANNE), started(BRAM, "b2", placement="P2"))
    append(ledger, started(BRAM, "b3", record=f"R-{ANNE}", placement="P3"), erased(ANNE), erased(BRAM, "erasure-2"))
    assert told_anew(ledger) == ["2 4", None], "those of the same batch too, and none that is about them"
    event = AcceptedEvent.model_validate_json(everything(ledger)[4].event_json())
    assert event.rewritten == "2 4"
    assert append(ledger, erased(ANNE), erased(ANNE, "erasure-3")) == [Duplicate(5), Accepted(7)]
    assert told_anew(ledger) == ["2 4", None, None]


def test_erasures_of_one_batch_that_name_each_other_leave_nothing(engine: Engine) -> None:
    ledger = ledger_of(engine)
    append(ledger, started(ANNE, BRAM), started(BRAM, ANNE, placement="P2"))
    merge = event("pseudonyms-merged", BRAM, "m1", {"other": ANNE}, source=AUTHORITY)
    append(ledger, merge, erased(ANNE, f"erasure-{BRAM}"), erased(BRAM, f"erasure-{ANNE}"))
    assert ANNE not in all_text(engine)
    assert BRAM not in all_text(engine)
    assert [one.facts for one in ledger.erasures()] == [2, 1]
    assert told_anew(ledger) == ["2 5", "1 4"]


def test_two_pseudonyms_in_one_fact_about_somebody_else_are_marked_one_after_the_other(engine: Engine) -> None:
    ledger = ledger_of(engine)
    carl = "carl-0123456789abcdef"
    mine = started(BRAM, f"{ANNE}:{carl}", placement="P1")
    append(ledger, mine)
    append(ledger, erased(ANNE), erased(carl, "erasure-2"))
    append(ledger, erased(carl, "erasure-3"))
    assert ANNE not in all_text(engine)
    assert carl not in all_text(engine)
    assert append(ledger, mine) == [Duplicate(1)]
