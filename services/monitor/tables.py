"""The monitor's tables of what it read: facts, how far, from whom, what cannot be taken; see `derived` for the rest.

Dates are calendar dates in Europe/Amsterdam, moments are whole microseconds since 1970 in UTC.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import SchemaItem

metadata = MetaData()


def by_key(name: str, *columns: SchemaItem) -> Table:
    """A table that SQLite keeps in the order of its primary key, so that the rows of one person lie together."""
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


checkpoint = by_key(
    "checkpoint",
    Column("stream", String(100), primary_key=True),
    Column("position", BigInteger, nullable=False),  # the last position projected, 0 before the first
    Column("entries", BigInteger, nullable=False),  # how many were projected; positions of one stream have gaps
    Column("accepted_at_us", BigInteger, nullable=False, server_default="0"),  # of the last readable one of them
)

fact = Table(
    "fact",
    metadata,
    Column("service", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(64)),
    Column("source", Text, nullable=False),
    Column("name", String(60), nullable=False),
    Column("id", Text, nullable=False),
    Column("of", String(60), nullable=False),  # the fact name of the record: its own, or the one a withdrawal names
    Column("record", Text, nullable=False),  # the record it says something about
    Column("record_hash", BigInteger, nullable=False),  # of (source, of, record): a narrow index over three wide ones
    Column("revision", Integer, nullable=False),
    Column("accepted_at_us", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_on", Date),  # the date of its `time`; of a fact about a person that says a day
    Column("days_later", Integer),  # from the day that it is about to the one on which it was recorded
    Index("fact_recorded", "recorded_on"),
    Index("fact_of_person", "person", "record_hash"),
    Index("fact_of_record", "record_hash", "person", "service", "position"),
    Index("fact_of_name", "of", "person"),
)

merged = by_key(
    "merged",
    Column("person", String(64), primary_key=True),
    Column("other", String(64), primary_key=True),  # a stored fact said once that they are one person; both ways round
    Column("service", String(20), primary_key=True),  # of that fact, and so is the position
    Column("position", BigInteger, primary_key=True, autoincrement=False),
)

parked = by_key(
    "parked",
    Column("service", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("parked_at_us", BigInteger, nullable=False),
    Column("behind", String(64)),  # the quarantine it waits for; none for a fact about nobody that cannot be read
    Column("record_hash", BigInteger),  # as in fact, where it can be read: what is said of the record later waits too
    Index("parked_behind", "behind"),
    Index("parked_record", "record_hash"),
)

quarantine = by_key(
    "quarantine",
    Column("person", String(64), primary_key=True),  # empty: the register of accommodations
    Column("reason", Text, nullable=False),
    Column("service", String(20)),  # of the fact that could not be taken, and so is the position; none in a rebuild
    Column("position", BigInteger),
    Column("since_us", BigInteger, nullable=False),
)

source_seen = by_key(
    "source_seen",
    Column("source", Text, primary_key=True),
    Column("accepted_at_us", BigInteger, nullable=False),  # the latest fact that was accepted from it
    Column("time_us", BigInteger, nullable=False),  # the latest moment at which it recorded one
)

source_heard = by_key(
    "source_heard",
    Column("source", Text, primary_key=True),
    Column("on", Date, primary_key=True),  # a date in Europe/Amsterdam on which a fact or heartbeat was accepted
    Column("first_us", BigInteger, nullable=False),  # when the first one of that day was
)

source_observed = by_key(
    "source_observed",
    Column("source", Text, primary_key=True),
    Column("accepted_at_us", BigInteger, primary_key=True, autoincrement=False),
    Column("time_us", BigInteger, nullable=False),  # from then on it is known that it recorded a fact that early
)

horizon = by_key(
    "horizon",
    Column("service", String(20), primary_key=True),
    Column("accepted_at_us", BigInteger, nullable=False),  # everything it accepted up to then is projected, for ever
)

derivation = by_key(
    "derivation",
    Column("only", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("rules", Text, nullable=False),  # the rules that the derived rows follow
    Column("rebuilds", BigInteger, nullable=False),  # batches so far; nothing is cached over one, or gone without one
    Column("changes", BigInteger, nullable=False, server_default="0"),  # the last change number that was given out
    Column("generation", BigInteger, nullable=False, server_default="0"),  # how often all was replaced as a whole
)

release_made = by_key(
    "release_made",
    Column("known_us", BigInteger, primary_key=True, autoincrement=False),  # a moment released by hand to those outside
)
