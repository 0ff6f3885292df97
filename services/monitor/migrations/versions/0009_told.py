"""When each fact about a person was recorded, and how long after the day that it is about (late facts, F15)."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ROWS = 2_000
DATED = {
    "absence-ended": "at",
    "absence-started": "at",
    "discharge-recorded": "discharged_on",
    "doorplaatsing-recorded": "departed_on",
    "leave-ended": "at",
    "leave-started": "at",
    "machtiging-ended": "ended_on",
    "machtiging-granted": "granted_on",
    "machtiging-refused": "refused_on",
    "machtiging-requested": "requested_on",
    "machtiging-resumed": "resumed_on",
    "machtiging-suspended": "suspended_on",
    "placement-started": "started_on",
    "referral-closed": "closed_on",
    "referral-registered": "referred_on",
}
"""The field with the day, of the facts that there were at this step."""

FACT = sa.table(
    "fact",
    sa.column("service", sa.String),
    sa.column("position", sa.BigInteger),
    sa.column("person", sa.String),
    sa.column("name", sa.String),
    sa.column("body", sa.Text),
    sa.column("recorded_on", sa.Date),
    sa.column("days_later", sa.Integer),
)


def upgrade() -> None:
    """Add the columns and fill them in from the facts that are stored."""
    op.add_column("fact", sa.Column("recorded_on", sa.Date))
    op.add_column("fact", sa.Column("days_later", sa.Integer))
    fill_in(op.get_bind())
    op.create_index("fact_recorded", "fact", ["recorded_on"], unique=False)


def fill_in(connection: sa.Connection) -> None:
    """Read every stored fact about a person, and note its two numbers."""
    statement = (
        sa.update(FACT)
        .where(FACT.c.service == sa.bindparam("in_service"), FACT.c.position == sa.bindparam("at_position"))
        .values(recorded_on=sa.bindparam("recorded"), days_later=sa.bindparam("later"))
    )
    for service in connection.scalars(sa.select(FACT.c.service).distinct()).all():
        after = 0
        while rows := connection.execute(_next(service, after)).all():
            after = rows[-1].position
            found = [
                {"in_service": service, "at_position": row.position, "recorded": recorded, "later": later}
                for row in rows
                for recorded, later in _told(row.name, json.loads(row.body))
            ]
            if found:
                connection.execute(statement, found)


def _next(service: str, after: int) -> sa.Select[tuple[int, str, str]]:
    return (
        sa.select(FACT.c.position, FACT.c.name, FACT.c.body)
        .where(FACT.c.service == service, FACT.c.position > after, FACT.c.person.is_not(None))
        .order_by(FACT.c.position)
        .limit(ROWS)
    )


def _told(name: str, event: dict[str, object]) -> Iterator[tuple[date, int]]:
    data = event.get("data")
    if name in DATED and isinstance(data, dict):
        recorded_on = _day(str(event["time"]))
        yield recorded_on, (recorded_on - _day(data[DATED[name]])).days


def _day(text: str) -> date:
    """A date as it is, a moment as the date in Amsterdam."""
    return datetime.fromisoformat(text).astimezone(AMSTERDAM).date() if "T" in text else date.fromisoformat(text)
