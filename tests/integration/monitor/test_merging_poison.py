"""A fact about one of several pseudonyms that cannot be taken: all of them wait, and a replay leaves no trace."""

from collections.abc import Iterable
from random import Random

import pytest
from sqlalchemy import Engine

from services.monitor.derived import person
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from services.monitor.replay import Replay, Replayed
from services.monitor.tables import parked, quarantine
from shared.facts.envelope import AcceptedEvent
from tests.integration.monitor.conftest import RULES, digest_of, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled_and_merged
from tests.integration.monitor.ledgers import NOON, discharge, placement
from tests.integration.monitor.test_convergence import pieces
from tests.integration.monitor.test_merging import ANN, BEN, EVA, clean, merge, rows, told


class BugError(Exception):
    """What a fold with a bug raises."""


def buggy(name: str, facts: Iterable[AcceptedEvent], *, rules: Rules) -> Dossier:
    """The fold, with a bug that a placement in one accommodation meets."""
    known = list(facts)
    if any(getattr(event.data, "accommodation", None) == "bug" for event in known):
        raise BugError
    return fold(name, known, rules=rules)


def no_pairs(name: str, facts: Iterable[AcceptedEvent], *, rules: Rules) -> Dossier:
    """The fold, with a bug that a person with two placements meets."""
    known = list(facts)
    if len({one.id for one in known if one.data.fact_name == "placement-started"}) > 1:
        raise BugError
    return fold(name, known, rules=rules)


def replay(engine: Engine) -> Replayed:
    return Replay(engine, rules=RULES, clock=lambda: NOON).everything()


def test_what_is_about_any_of_them_waits_behind_a_fact_that_cannot_be_taken(monitor, fresh, ledgers) -> None:
    told(ledgers)
    merge(ledgers, ANN, BEN)
    projector = projector_on(monitor, ledgers, fold=buggy)
    projector.apply(ledgers.batches())
    ledgers.tell("placement-started", BEN, **placement("P4", "2025-10-01", accommodation="bug"))
    projector.apply(ledgers.batches())
    ledgers.tell("discharge-recorded", ANN, **discharge("P3", "2025-10-01"))
    ledgers.tell("placement-started", EVA, **placement("P9", "2025-03-01"))
    merge(ledgers, EVA, BEN, _record="merge-2")
    projector.apply(ledgers.batches())
    assert [name for (name,) in rows(monitor, quarantine, "person")] == [ANN]
    assert {behind for (behind,) in rows(monitor, parked, "behind")} == {ANN}
    assert len(rows(monitor, parked, "position")) == 3
    assert [name for (name,) in rows(monitor, person, "person")] == [ANN, EVA]
    assert replay(monitor) == Replayed(facts=3, released=1, still=0)
    assert digest_of(monitor) == digest_of(clean(fresh, ledgers))
    assert [name for (name,) in rows(monitor, person, "person")] == [ANN]


def test_a_merge_that_cannot_be_folded_waits_and_leaves_both_as_they_are(monitor, fresh, ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01"))
    before = digest_of(clean(fresh, ledgers))
    merge(ledgers, BEN, ANN)
    projector = projector_on(monitor, ledgers, fold=no_pairs)
    projector.apply(ledgers.batches())
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2025-03-01"))
    projector.apply(ledgers.batches())
    assert digest_of(monitor) == before
    assert len(rows(monitor, parked, "position")) == 2
    replay(monitor)
    assert digest_of(monitor) == digest_of(clean(fresh, ledgers))
    assert rows(monitor, quarantine, "person") == []


@pytest.mark.parametrize("seed", range(1))
def test_a_replay_after_the_fix_leaves_no_trace_of_the_bug(monitor, fresh, ledgers, seed) -> None:
    tangled_and_merged(ledgers, seed=seed)
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01", accommodation="bug"))
    for step in range(4):
        merge(ledgers, PEOPLE[step], PEOPLE[step + 4], _record=f"last-{step}")
        ledgers.tell("placement-started", PEOPLE[step + 4], **placement(f"Q{step}", "2025-05-01"))
    projector = projector_on(monitor, ledgers, fold=buggy)
    for batch in pieces(ledgers, Random(seed)):
        projector.apply(batch)
    assert rows(monitor, quarantine, "person")
    while replay(monitor).still:
        pass
    assert digest_of(monitor) == digest_of(clean(fresh, ledgers))
    assert rows(monitor, quarantine, "person") == []
