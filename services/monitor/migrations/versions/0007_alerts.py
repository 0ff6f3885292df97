"""The life of the alerts: what is open and was, what happened to each, who acknowledged it, who was looked at when."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the alerts."""
    op.create_table(
        "alert",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(4), nullable=False),
        sa.Column("threshold", sa.String(40), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since_on", sa.Date, nullable=False),
        sa.Column("counted_from", sa.Date, nullable=False),
        sa.Column("seen_at_us", sa.BigInteger, nullable=False),
        sa.Column("missed", sa.Boolean, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("closed_at_us", sa.BigInteger),
        sa.Column("closed_reason", sa.String(30)),
        sa.Column("region", sa.String(4)),
        sa.Column("area", sa.String(12)),
        sa.Column("accommodation", sa.Text),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("acknowledged_at_us", sa.BigInteger),
        sa.Column("acknowledged_until", sa.Date),
        sa.Column("note", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "threshold", "person", "about", name="alert_key"),
    )
    op.create_index("alert_of_person", "alert", ["person"], unique=False)
    op.create_index("alert_state", "alert", ["state", "rule"], unique=False)
    op.create_table(
        "alert_happening",
        sa.Column("alert", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("happened_at_us", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("alert", "number"),
    )
    op.create_index("alert_happening_at", "alert_happening", ["happened_at_us"], unique=False)
    _who_was_looked_at()


def _who_was_looked_at() -> None:
    op.create_table(
        "alert_person",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("due_at_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("alert_person_due", "alert_person", ["due_at_us"], unique=False)
    op.create_table(
        "alert_watch",
        sa.Column("only", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("began_on", sa.Date, nullable=False),
        sa.Column("looked_at_us", sa.BigInteger, nullable=False),
        sa.Column("edition", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("only"),
    )
    op.create_table(
        "alert_catch_up",
        sa.Column("at_us", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("closed", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("at_us"),
    )
