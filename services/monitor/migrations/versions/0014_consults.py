"""Consults of expert teams, which an alert needs: with the person, since few have one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them; no fact that was taken before says anything of one."""
    op.add_column("person", sa.Column("consults", sa.Text))
