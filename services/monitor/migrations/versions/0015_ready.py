"""From when on a person could leave, which an alert needs: with the person, since few could."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; no fact that was taken before says anything of it."""
    op.add_column("person", sa.Column("ready", sa.Text))
