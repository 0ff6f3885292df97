"""What a step of the schema keeps of somebody who cannot be folded anew, on SQLite and on PostgreSQL."""

import json
import shutil
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select, text

from services.monitor.derived import title, waiting
from services.monitor.schema import STEPS, upgrade
from shared.migrations.upgrade import upgrade as take_steps

WAITED = """
    INSERT INTO waiting (person, ordinal, since_on, referral, machtiging, title_from_on, title_until_on) VALUES
    ('p', 0, '2026-01-02', 'R1', 'een "M1"', '2026-01-05', '2026-04-05'),
    ('p', 1, '2026-02-02', 'R2', NULL, NULL, NULL)
"""
HELD = """
    INSERT INTO title (person, ordinal, machtiging, kind, legal_frame, from_on, until_on) VALUES
    ('p', 0, 'V1', 'voorwaardelijk', 'ots', '2026-01-05', '2026-04-05'),
    ('p', 1, 'M1', 'regulier', 'ots', '2026-01-05', '2026-04-05')
"""


def test_the_title_of_a_wait_and_the_first_day_of_an_admission_are_kept(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    for step in (STEPS / "versions").glob("[0-9]*.py"):
        if step.name < "0021":
            shutil.copy(step, tmp_path / "versions")
    take_steps(engine, chain="monitor", steps=tmp_path)
    with engine.begin() as connection:
        for statement in (WAITED, HELD):
            connection.execute(text(statement))
    upgrade(engine)
    with engine.begin() as connection:
        titles = connection.scalars(select(waiting.c.titles).order_by(waiting.c.ordinal)).all()
        admitted = connection.scalars(select(title.c.admitted_on).order_by(title.c.ordinal)).all()
    assert [one and json.loads(one) for one in titles] == [
        [{"machtiging": 'een "M1"', "from_on": "2026-01-05", "until_on": "2026-04-05"}],
        None,
    ]
    assert admitted == [date(2026, 1, 5), None]
