"""The keys that facts have made known, so that a receipt can warn of those that are not."""

import json

import sqlalchemy as sa
from alembic import op

from shared.facts.naming import said_by

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PAGE_FACTS = 1_000


def upgrade() -> None:
    """Make the table, and fill it from the facts that are there."""
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    made = op.create_table("known_key", sa.Column("key", key, primary_key=True, autoincrement=False))
    connection, after, known = op.get_bind(), 0, set[int]()
    page = sa.text('SELECT "position", name, body FROM fact WHERE "position" > :after ORDER BY "position" LIMIT :most')
    while facts := connection.execute(page, {"after": after, "most": PAGE_FACTS}).all():
        new = {said for _, name, body in facts for said in said_by(name, json.loads(body)["data"])} - known
        if new:
            connection.execute(made.insert(), [{"key": one} for one in sorted(new)])
        known |= new
        after = facts[-1].position
