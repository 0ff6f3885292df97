"""Each erased place names the erasure, so that only its mark may come there, and in an id as well."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A fact becomes a tombstone at its own place, or has the mark of an erasure where it mentioned a pseudonym; the erasure
# is on record, and named for this place. It cannot know the pseudonym, so not that nothing else was changed for a mark.
_ALLOWED = """
NEW."position" = OLD."position" AND NEW."partition" = OLD."partition" AND NEW.prev = OLD.prev
AND NEW.source = OLD.source AND NEW.accepted_at_us = OLD.accepted_at_us
AND EXISTS (
    SELECT 1 FROM erased_place JOIN erasure ON erasure.token = erased_place.token
    WHERE erased_place."position" = NEW."position"
    AND (
        (
            NEW.name = 'fact-erased' AND NEW.person IS NULL AND NEW.id LIKE 'erased-%'
            AND NEW.body LIKE '%"type":"nl.doorstroom.fact-erased.v1"%' AND length(NEW.body) <= 1000
        )
        OR (
            NEW.name = OLD.name AND coalesce(NEW.person, '') = coalesce(OLD.person, '')
            AND NEW.content_hash = OLD.content_hash AND length(NEW.body) <= length(OLD.body)
            AND NEW.body LIKE '%erased' || substr(erasure.token, 1, 10) || '%'
            AND (NEW.id = OLD.id OR NEW.id LIKE '%erased' || substr(erasure.token, 1, 10) || '%')
        )
    )
)
"""

# A mark in a fact says which erasure it was. Of a tombstone that is not known any more: one on record stands for it.
_KNOWN = """
INSERT INTO erased_place_by_erasure ("position", token)
SELECT place."position", coalesce(
    (
        SELECT min(erasure.token) FROM erasure JOIN fact ON fact."position" = place."position"
        WHERE fact.body LIKE '%erased' || substr(erasure.token, 1, 10) || '%'
    ),
    (SELECT min(token) FROM erasure)
)
FROM erased_place AS place
"""

_SQLITE = f"""
CREATE TRIGGER fact_refuses_UPDATE BEFORE UPDATE ON fact WHEN NOT ({_ALLOWED})
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END
"""

_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION fact_is_erased_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF NOT ({_ALLOWED}) THEN RAISE EXCEPTION 'facts are append-only'; END IF;
RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Make the table anew, with the places that are known, and let the trigger ask it."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        op.execute("DROP TRIGGER fact_refuses_UPDATE")
    op.create_table(
        "erased_place_by_erasure",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("token", sa.String(32), sa.ForeignKey("erasure.token"), primary_key=True),
        sa.Column("sent_as", sa.Text),
    )
    op.execute(_KNOWN)
    op.drop_table("erased_place")
    op.rename_table("erased_place_by_erasure", "erased_place")
    op.execute(_SQLITE if on_sqlite else _POSTGRESQL)
