"""What people did and who they are: accounts, sessions and the access log; no ledger can make these again.

They live in the access database, whose commits wait for the disk. Moments are whole microseconds since 1970 in UTC.
"""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

account = Table(
    "account",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("person", JSON, nullable=False),  # roles, organisation and bounds (people.Person)
    Column("created_at_us", BigInteger, nullable=False),
    Column("password_at_us", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("account", String(64), ForeignKey("account.name", ondelete="CASCADE", name="session_account")),
    Column("person", JSON, nullable=False),  # as they were at sign-in
    Column("started_at_us", BigInteger, nullable=False),
    Column("seen_at_us", BigInteger, nullable=False),
    Index("session_of_account", "account"),
    Index("session_seen", "seen_at_us"),
)

departure = Table(
    "departure",
    metadata,
    Column("state_hash", LargeBinary(32), primary_key=True),
    Column("browser_hash", LargeBinary(32), nullable=False),  # of the cookie of who left to sign in elsewhere
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("left_at_us", BigInteger, nullable=False),
    Index("departure_left", "left_at_us"),
)

erased = Table(
    "erased_in_log",
    metadata,
    Column("token", String(32), primary_key=True),  # a keyed hash of the pseudonym
    Column("proof", String(32), nullable=False),  # of the key that it was made with
    Column("lines", Integer, nullable=False),
    Column("erased_at_us", BigInteger, nullable=False),
)

access_log = Table(
    "access_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # gapless, from 1
    Column("happened_at_us", BigInteger, nullable=False),
    Column("event", String(40), nullable=False),
    Column("action", String(1), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("person", String(64)),
    Column("what", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("user_kind", String(10), nullable=False),
    Column("roles", Text, nullable=False),
    Column("organisation", Text),
    Column("scope", String(20)),
    Column("source_address", Text),
    Column("trace_id", String(32), nullable=False),
    Column("span_id", String(16), nullable=False),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("erased_by", BigInteger),  # the line that vouches for this one since its young person was erased
    Index("access_log_of_person", "person", "number"),
    Index("access_log_happened", "happened_at_us"),
)
