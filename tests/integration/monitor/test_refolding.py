"""Whoever is folded again and says the same keeps their change number, so that nobody reads them anew."""

from sqlalchemy import Engine, select

from services.monitor.derived import person
from services.monitor.projector.dossiers import refold
from services.monitor.projector.facts import Facts
from tests.integration.monitor.conftest import RULES, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled


def stored(engine: Engine) -> dict[str, tuple[int, bytes]]:
    """Change number and digest by person."""
    with engine.begin() as connection:
        rows = connection.execute(select(person.c.person, person.c.changed, person.c.digest))
        return {name: (changed, bytes(digest)) for name, changed, digest in rows}


def test_facts_that_are_other_objects_in_memory_change_nothing(monitor, ledgers) -> None:
    tangled(ledgers, seed=5)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = stored(monitor)
    with monitor.begin() as connection:
        refold(connection, PEOPLE, facts=Facts(decoded_max=0), rules=RULES)
    assert stored(monitor) == before


def test_a_new_word_is_a_change(monitor, ledgers) -> None:
    tangled(ledgers, seed=5)
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    before = stored(monitor)
    ledgers.tell(
        "machtiging-granted", PEOPLE[0], machtiging="M-new", kind="regulier", granted_on="2026-01-01",
        valid_from="2026-01-01", valid_until="2026-03-01", legal_frame="ots", court="rechtbank-den-haag",
    )  # fmt: skip
    projector.apply(ledgers.batches())
    after = stored(monitor)
    assert {name for name in after if after[name] != before.get(name)} == {PEOPLE[0]}
