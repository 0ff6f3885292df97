"""Publishers, and the hashes of their tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the registry of publishers."""
    op.create_table(
        "publisher",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("accommodations", sa.JSON, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "credential",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "publisher",
            sa.String(64),
            sa.ForeignKey("publisher.name", ondelete="CASCADE", name="credential_publisher"),
            nullable=False,
        ),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("token_hash", name="credential_token_hash"),
    )
    op.create_index("credential_of_publisher", "credential", ["publisher"])
