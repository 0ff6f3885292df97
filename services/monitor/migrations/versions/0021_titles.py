"""All titles of a wait and not the last of them only; and since when the six months of an admission count."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_UPDATE = "UPDATE waiting SET titles = "
_OBJECT = "('machtiging', machtiging, 'from_on', title_from_on, 'until_on', title_until_on)"
_TITLED = " WHERE title_from_on IS NOT NULL AND title_until_on IS NOT NULL"
_KEEP = {
    "sqlite": _UPDATE + "json_array(json_object" + _OBJECT + ")" + _TITLED,
    "postgresql": _UPDATE + "CAST(json_build_array(json_build_object" + _OBJECT + ") AS text)" + _TITLED,
}


def upgrade() -> None:
    """Keep the one there is for whoever cannot be folded anew; the newer rules make all other rows anew."""
    op.add_column("waiting", sa.Column("titles", sa.Text))
    op.execute(_KEEP[op.get_context().dialect.name])
    for name in ("machtiging", "title_from_on", "title_until_on"):
        op.drop_column("waiting", name)
    op.add_column("title", sa.Column("admitted_on", sa.Date))
    op.execute("UPDATE title SET admitted_on = from_on WHERE kind = 'voorwaardelijk'")
