"""What the monitor read, and everything it derives from it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the monitor."""
    _what_was_read()
    _placements()
    _closures()
    _the_rest_of_a_dossier()
    _accommodations()


def _what_was_read() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("stream", sa.String(100), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("stream"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact",
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("of", sa.String(60), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("record_hash", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("service", "position"),
    )
    op.create_index("fact_of_name", "fact", ["of", "person"], unique=False)
    op.create_index("fact_of_person", "fact", ["person", "record_hash"], unique=False)
    op.create_index("fact_of_record", "fact", ["record_hash", "person", "service", "position"], unique=False)
    op.create_table(
        "parked",
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("parked_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("service", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "source_seen",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source"),
        sqlite_with_rowid=False,
    )


def _placements() -> None:
    op.create_table(
        "derivation",
        sa.Column("only", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("rebuilds", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("only"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "placement",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("placement", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("accommodation", sa.Text, nullable=False),
        sa.Column("region", sa.String(4), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("regime", sa.String(12), nullable=False),
        sa.Column("closure_mode", sa.String(12), nullable=False),
        sa.Column("route", sa.String(12), nullable=False),
        sa.Column("closure_number", sa.Integer),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("days", sa.Integer),
        sa.Column("end_kind", sa.String(12)),
        sa.Column("destination", sa.String(30)),
        sa.Column("end_mode", sa.String(20)),
        sa.Column("reason", sa.String(30)),
        sa.Column("to_accommodation", sa.Text),
        sa.Column("arrives_from", sa.Text),
        sa.Column("machtiging", sa.Text),
        sa.Column("origin", sa.String(30)),
        sa.Column("birth_month", sa.String(7)),
        sa.Column("sex", sa.String(1)),
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )
    op.create_index("placement_accommodation", "placement", ["accommodation"], unique=False)
    op.create_index("placement_started", "placement", ["started_on"], unique=False)


def _closures() -> None:
    op.create_table(
        "closure",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("region", sa.String(4), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("days", sa.Integer),
        sa.Column("care_days", sa.Integer),
        sa.Column("previous_ended_on", sa.Date),
        sa.Column("gap_days", sa.Integer),
        sa.Column("placements", sa.Integer, nullable=False),
        sa.Column("doorplaatsingen", sa.Integer, nullable=False),
        sa.Column("first_accommodation", sa.Text, nullable=False),
        sa.Column("last_accommodation", sa.Text, nullable=False),
        sa.Column("route", sa.String(12), nullable=False),
        sa.Column("first_title_kind", sa.String(20)),
        sa.Column("legal_frame", sa.String(12)),
        sa.Column("end_kind", sa.String(12)),
        sa.Column("destination", sa.String(30)),
        sa.Column("end_mode", sa.String(20)),
        sa.Column("birth_month", sa.String(7)),
        sa.Column("sex", sa.String(1)),
        sa.PrimaryKeyConstraint("person", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("closure_ended", "closure", ["ended_on"], unique=False)
    op.create_index("closure_started", "closure", ["started_on"], unique=False)
    op.create_table(
        "doorplaatsing",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("closure_number", sa.Integer, nullable=False),
        sa.Column("region", sa.String(4), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("days_before", sa.Integer, nullable=False),
        sa.Column("from_accommodation", sa.Text, nullable=False),
        sa.Column("to_accommodation", sa.Text, nullable=False),
        sa.Column("inferred", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )


def _the_rest_of_a_dossier() -> None:
    op.create_table(
        "title",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("machtiging", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("legal_frame", sa.String(12), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "waiting",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("since_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date),
        sa.Column("referral", sa.Text),
        sa.Column("machtiging", sa.Text),
        sa.Column("title_from_on", sa.Date),
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("since_on", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "ordinal"),
        sqlite_with_rowid=False,
    )


def _accommodations() -> None:
    op.create_table(
        "accommodation",
        sa.Column("accommodation", sa.Text, nullable=False),
        sa.Column("provider", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("municipality", sa.Text),
        sa.Column("region", sa.String(4)),
        sa.Column("area", sa.String(12)),
        sa.Column("opened_on", sa.Date),
        sa.Column("closed_on", sa.Date),
        sa.PrimaryKeyConstraint("accommodation"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "capacity",
        sa.Column("accommodation", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("group_size", sa.Integer),
        sa.Column("closure_mode", sa.String(12), nullable=False),
        sa.Column("procurement", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("accommodation", "group", "from_on"),
        sqlite_with_rowid=False,
    )
