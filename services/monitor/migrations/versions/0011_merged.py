"""Persons under several pseudonyms: who was ever said to be one, and who is."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; no earlier version took a merge."""
    op.create_table(
        "merged",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("other", sa.String(64), primary_key=True),
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pseudonym",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pseudonym", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("pseudonym_of", "pseudonym", ["pseudonym"])
