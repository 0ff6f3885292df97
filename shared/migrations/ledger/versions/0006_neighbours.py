"""The numbers of keys anew: keys that count on are neighbours now, so that a commit writes few pages of them."""

import json

import sqlalchemy as sa
from alembic import op

from shared.facts.naming import said_by

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PAGE_FACTS = 10_000

_PAGE = sa.text("""
    SELECT "position", name, body FROM fact
    WHERE "position" > :after AND name IN (
        'placement-started', 'doorplaatsing-recorded', 'discharge-recorded', 'machtiging-granted', 'referral-registered'
    )
    ORDER BY "position" LIMIT :most
""")
_KNOWN = sa.text("INSERT INTO known_key (key) VALUES (:key) ON CONFLICT DO NOTHING")


def upgrade() -> None:
    """Forget every number, and learn what the facts say as it is numbered now."""
    op.execute("DELETE FROM known_key")
    connection, after = op.get_bind(), 0
    while facts := connection.execute(_PAGE, {"after": after, "most": PAGE_FACTS}).all():
        keys = {key for _, name, body in facts for key in said_by(name, json.loads(body)["data"])}
        connection.execute(_KNOWN, [{"key": key} for key in sorted(keys)])
        after = facts[-1].position
