"""When somebody who was erased was looked for and found nowhere; of most only that files were written anew is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment; what was noted before was noted of both alike, so it is not known."""
    op.add_column("erasure", sa.Column("searched_at_us", sa.BigInteger))
