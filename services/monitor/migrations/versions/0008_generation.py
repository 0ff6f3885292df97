"""How often everything that is read and derived was replaced as a whole, so that a projector takes up anew."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count from nothing."""
    op.add_column("derivation", sa.Column("generation", sa.BigInteger, nullable=False, server_default="0"))
