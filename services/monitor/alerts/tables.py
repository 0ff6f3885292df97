"""The tables of the alerts' life: what is open and what was, what happened to each, and who was looked at when.

None of this is derived: acknowledgements and the moment at which an alert was first seen are said nowhere else, so a
rebuild leaves these tables alone.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from services.monitor.tables import metadata

alert = Table(
    "alert",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("rule", String(4), nullable=False),
    Column("threshold", String(40), nullable=False),
    Column("person", String(64), nullable=False),  # empty for an alert about no person
    Column("about", Text, nullable=False),  # the key of the case: a placement, a machtiging, an accommodation, a source
    Column("level", String(8), nullable=False),
    Column("state", String(10), nullable=False),  # open, escalated (a higher threshold has taken its place), closed
    Column("since_on", Date, nullable=False),  # the first day on which the condition held
    Column("counted_from", Date, nullable=False),
    Column("seen_at_us", BigInteger, nullable=False),  # when it was opened here; late when facts were
    Column("missed", Boolean, nullable=False),  # began and ended before anybody looked
    Column("closed_on", Date),  # the first day on which it no longer held, by what is known
    Column("closed_at_us", BigInteger),
    Column("closed_reason", String(30)),
    Column("region", String(4)),
    Column("area", String(12)),
    Column("accommodation", Text),
    Column("because", Text, nullable=False),  # JSON: the facts behind it
    Column("missing", Text, nullable=False),  # JSON: what is missing for the person, the most pressing first
    Column("acknowledged_by", Text),
    Column("acknowledged_at_us", BigInteger),
    Column("acknowledged_until", Date),
    Column("note", Text),
    Column("version", Integer, nullable=False),  # grows with every happening; the ETag
    UniqueConstraint("rule", "threshold", "person", "about", name="alert_key"),
    Index("alert_of_person", "person"),
    Index("alert_state", "state", "rule", "level"),  # a scrape counts those that are open from this alone
)

alert_happening = Table(
    "alert_happening",
    metadata,
    Column("alert", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # the version of the alert after it
    Column("happened_at_us", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by", Text),  # who; empty when the world did it
    Column("detail", Text, nullable=False),  # JSON
    Index("alert_happening_at", "happened_at_us"),
)

alert_person = Table(
    "alert_person",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("changed", BigInteger, nullable=False),  # the change number of the dossier that was looked at
    Column("due_at_us", BigInteger),  # when its alerts change next without any fact
    Index("alert_person_due", "due_at_us"),
)

alert_watch = Table(
    "alert_watch",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("began_on", Date, nullable=False),  # what ended before nobody was to see
    Column("looked_at_us", BigInteger, nullable=False),  # the last time that everything due had been looked at
    Column("edition", String(16), nullable=False),  # of the rules that were followed then
)

alert_catch_up = Table(
    "alert_catch_up",
    metadata,
    Column("at_us", BigInteger, primary_key=True, autoincrement=False),
    Column("from_us", BigInteger, nullable=False),  # until when everything had been looked at before
    Column("opened", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("missed", Integer, nullable=False),  # began and ended meanwhile; each is on record
)
