"""Machtigingen as they were reported, requests for them, absences, and where somebody comes from: alerts need them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("person", sa.Column("region", sa.String(4)))
    _of_person(
        "machtiging",
        sa.Column("machtiging", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("granted_on", sa.Date, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("holds_until", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("ended_cause", sa.String(20)),
        sa.Column("lapsed_on", sa.Date),
        sa.Column("suspensions", sa.Text, nullable=False),
        sa.Column("without_hearing", sa.Boolean, nullable=False),
    )
    _of_person(
        "request",
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("requested_on", sa.Date, nullable=False),
        sa.Column("answered_on", sa.Date),
    )
    _of_person(
        "absence",
        sa.Column("placement", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("from_at_us", sa.BigInteger, nullable=False),
        sa.Column("until_at_us", sa.BigInteger),
    )


def _of_person(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )
