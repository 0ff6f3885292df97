"""Brings the access database to the schema of this version."""

from pathlib import Path

from sqlalchemy import Engine

from shared.migrations.upgrade import upgrade as take_steps

STEPS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Take every step that this database has not taken; nothing changes when it is at the newest."""
    take_steps(engine, chain="access", steps=STEPS)
