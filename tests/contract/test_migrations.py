"""The steps of the migrations lead to the tables that the code declares."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text

from shared import migrations
from shared.facts.naming import key_of
from shared.ledger.tables import erased_place, erasure, fact, known_key, metadata
from shared.migrations import upgrade, version_table

STEPS = Path(migrations.__file__).parent / "ledger" / "versions"


def first_steps(folder: Path, *, until: str) -> Path:
    """The steps of a version that knew no later one."""
    (folder / "versions").mkdir()
    for step in STEPS.glob("[0-9]*.py"):
        if step.name[:4] <= until:
            shutil.copy(step, folder / "versions")
    return folder


def test_the_migrated_schema_is_the_declared_one(engine: Engine) -> None:
    upgrade(engine, chain="ledger")
    ours = {version_table("ledger")}

    def of_the_ledger(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and name in ours)

    with engine.connect() as connection:
        options = {"include_object": of_the_ledger, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        checks = {
            check["name"] for table in metadata.tables for check in inspect(connection).get_check_constraints(table)
        }
    assert checks == {"ledger_head_one_row", "fact_position_positive"}


def test_taking_the_steps_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine, chain="ledger")
    upgrade(engine, chain="ledger")
    assert set(inspect(engine).get_table_names()) == {
        "ledger_version",
        "ledger_head",
        "fact",
        "known_key",
        "erasure",
        "erased_place",
    }


def test_another_chain_keeps_its_own_place_in_the_same_database(engine: Engine, tmp_path: Path) -> None:
    steps = tmp_path / "versions"
    steps.mkdir()
    (steps / "0001_other.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = '0001', None, None, None\n"
        "def upgrade():\n    op.create_table('other', sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    upgrade(engine, chain="ledger")
    upgrade(engine, chain="other", steps=tmp_path)
    assert {"other_version", "ledger_version", "other", "fact"} <= set(inspect(engine).get_table_names())


def test_the_keys_of_facts_from_before_are_known_after_the_step(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, chain="ledger", steps=first_steps(tmp_path, until="0001"))
    started = '{"id":"f1","data":{"placement":"P-1"}}'
    with engine.begin() as connection:
        connection.execute(
            insert(fact).values(
                position=1, partition=0, prev=0, source="s", id="f1", name="placement-started", person="p",
                content_hash=b"0" * 16, accepted_at_us=1, body=started,
            )
        )  # fmt: skip
    upgrade(engine, chain="ledger")
    with engine.connect() as connection:
        assert connection.scalars(select(known_key.c.key)).all() == [key_of("placement", "P-1")]


def test_keys_are_numbered_anew_by_what_the_facts_say(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, chain="ledger", steps=first_steps(tmp_path, until="0005"))
    said = [
        ("placement-started", '{"data":{"placement":"P-1"}}'),
        ("discharge-recorded", '{"data":{"placement":"P-1"}}'),
        ("leave-started", '{"data":{"placement":"P-2"}}'),
        ("placement-started", '{"data":{"placement":"P-1"}}'),
    ]
    with engine.begin() as connection:
        connection.execute(insert(known_key).values(key=4711))
        for position, (name, body) in enumerate(said, 1):
            connection.execute(
                insert(fact).values(
                    position=position, partition=0, prev=position - 1, source="s", id=f"f{position}", name=name,
                    person="p", content_hash=b"0" * 16, accepted_at_us=position, body=body,
                )
            )  # fmt: skip
    upgrade(engine, chain="ledger")
    with engine.connect() as connection:
        known = set(connection.scalars(select(known_key.c.key)))
    assert known == {key_of("placement", "P-1"), key_of("departure", "P-1")}


def test_a_place_that_was_erased_before_is_kept_with_its_erasure(engine: Engine, tmp_path: Path) -> None:
    """Of a tombstone the erasure is not known any more; of a fact about somebody else its mark says it."""
    upgrade(engine, chain="ledger", steps=first_steps(tmp_path, until="0003"))
    first, second = "a" * 32, "b" * 32
    with engine.begin() as connection:
        for token in (first, second):
            noted = {"token": token, "proof": "p" * 32, "basis": "request", "accepted_at_us": 1, "facts": 1}
            connection.execute(insert(erasure).values(erased_on=date(2026, 11, 26), **noted))
        tombstone, mention = "{}", f'{{"data":{{"placement":"erased{second[:10]}-P1"}}}}'
        for position, name, body in ((1, "fact-erased", tombstone), (2, "placement-started", mention)):
            known = {"source": "s", "id": f"f{position}", "name": name, "content_hash": b"0" * 16}
            place = {"position": position, "partition": 0, "prev": position - 1, "accepted_at_us": 1}
            connection.execute(insert(fact).values(body=body, **known, **place))
            connection.execute(
                text('INSERT INTO erased_place ("position", "partition") VALUES (:at, 0)'), {"at": position}
            )
    upgrade(engine, chain="ledger")
    with engine.connect() as connection:
        found = connection.execute(select(erased_place).order_by(erased_place.c.position)).all()
    assert [tuple(row) for row in found] == [(1, first, None), (2, second, None)]


def test_a_start_that_has_no_step_to_take_loads_no_migrations(engine: Engine) -> None:
    upgrade(engine, chain="ledger")
    url = engine.url.render_as_string(hide_password=False)
    program = (
        "import sys\nfrom shared.databases import open_engine\nfrom shared.migrations import upgrade\n"
        f"upgrade(open_engine({url!r}), chain='ledger')\nprint('alembic' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"
