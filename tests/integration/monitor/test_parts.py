"""A batch about more persons than are folded at once, one of them with more facts than are read at once.

The rows are those of the same facts taken a few at a time.
"""

import gc
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from services.monitor.derived import person as persons
from services.monitor.projector.dossiers import PART_MAX
from services.monitor.projector.facts import AT_ONCE_MAX, Facts
from services.monitor.tables import quarantine
from shared.facts.envelope import AcceptedEvent
from tests.integration.monitor.conftest import digest_of, projector_on
from tests.integration.monitor.ledgers import Ledgers, discharge, placement
from tests.integration.monitor.test_poison import applied, buggy, clean_digest, replay, rows

MANY = PART_MAX + 100


def name(number: int) -> str:
    """Pseudonyms in the order in which they are folded."""
    return f"young-{number:012d}"


@pytest.fixture
def many(ledgers: Ledgers) -> Ledgers:
    """A placement of everybody that ended, many revisions of one, and facts that tie the first to the last."""
    for number in range(MANY):
        ledgers.tell("placement-started", name(number), **placement(f"P{number}", "2026-01-01"))
        ledgers.tell("discharge-recorded", name(number), **discharge(f"P{number}", "2026-01-20"))
    second, third, fourth, last = name(1), name(2), name(3), name(MANY - 1)
    for revision in range(1, AT_ONCE_MAX + 2):
        started = placement("P-often", f"2026-03-{1 + revision % 30:02d}")
        ledgers.tell("placement-started", fourth, _record="often", _revision=revision, **started)
    ledgers.tell("pseudonyms-merged", last, other=second)
    ledgers.tell("placement-started", third, _record="moved", _revision=1, **placement("P-moved", "2026-02-01"))
    ledgers.tell("placement-started", last, _record="moved", _revision=2, **placement("P-moved", "2026-02-02"))
    return ledgers


def test_the_rows_do_not_depend_on_how_many_are_folded_at_once(monitor, fresh, many) -> None:
    projector_on(monitor, many).apply(many.batches())
    few = fresh()
    applied(projector_on(few, many), many, size=200)
    assert digest_of(monitor) == digest_of(few)
    with monitor.begin() as connection:
        # The last and the second are one person, and everybody changed in one change.
        assert connection.execute(select(func.count()).select_from(persons)).scalar_one() == MANY - 1
        assert connection.execute(select(func.count(persons.c.changed.distinct()))).scalar_one() == 1


def test_one_of_the_last_part_who_cannot_be_folded_holds_up_nobody_else(monitor, fresh, many) -> None:
    ledgers, late = many, name(MANY - 2)
    ledgers.tell("placement-started", late, **placement("P-bug", "2026-02-01", accommodation="bug"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    assert rows(monitor, quarantine, "person") == [(late,)]
    with monitor.begin() as connection:
        assert connection.execute(select(func.count()).select_from(persons)).scalar_one() == MANY - 1
    replay(monitor)
    assert digest_of(monitor) == clean_digest(fresh, ledgers)


@pytest.fixture
def nothing_before() -> Iterator[None]:
    """Whatever other tests left in memory, which may be millions of objects, is not looked at."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("nothing_before")
def test_no_more_facts_are_in_memory_than_are_read_at_once(monitor, many) -> None:
    projector_on(monitor, many).apply(many.batches())
    before, held, told = _in_memory(), [], 0
    with monitor.begin() as connection:
        for number, (_, of_each) in enumerate(
            Facts(decoded_max=0).of_groups(connection, [[name(number)] for number in range(MANY)])
        ):
            told += sum(len(list(facts)) for facts in of_each.values())
            if number % 25 == 0:
                held.append(_in_memory() - before)
    assert told > 2 * AT_ONCE_MAX
    assert AT_ONCE_MAX / 2 < max(held) <= AT_ONCE_MAX + 1  # the one with so many revisions


def _in_memory() -> int:
    gc.collect()
    return sum(issubclass(type(one), AcceptedEvent) for one in gc.get_objects())
