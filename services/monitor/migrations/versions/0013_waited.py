"""Who waits: the region, month of birth and sex, as they were known when the wait began."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("waiting", sa.Column("region", sa.String(4)))
    op.add_column("waiting", sa.Column("birth_month", sa.String(7)))
    op.add_column("waiting", sa.Column("sex", sa.String(1)))
