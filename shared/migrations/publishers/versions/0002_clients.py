"""Clients of issuers of tokens, and the publisher that each of them is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of clients."""
    op.create_table(
        "client",
        sa.Column("issuer", sa.String(400), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column(
            "publisher",
            sa.String(64),
            sa.ForeignKey("publisher.name", ondelete="CASCADE", name="client_publisher"),
            nullable=False,
        ),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("client_of_publisher", "client", ["publisher"])
