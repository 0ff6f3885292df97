"""Open alerts are counted at each scrape: from the index alone, not from each of their rows."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index that finds alerts by state has what they are counted by."""
    op.drop_index("alert_state", "alert")
    op.create_index("alert_state", "alert", ["state", "rule", "level"])
