"""What is told of a stay beside placements, titles and waits: schooling, care plans, measures, waiting lists."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; no fact that was taken before says anything of it."""
    op.add_column("person", sa.Column("course", sa.Text))
