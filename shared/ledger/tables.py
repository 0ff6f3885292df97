"""The tables of a ledger: the head, lock and source of positions; the facts; the keys they said; who was erased."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

Position = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both; on SQLite the primary key is then the row's own number, and inserts append to the file."""

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("service", Text, nullable=False),
    Column("partitions", SmallInteger, nullable=False),
    Column("position", BigInteger, nullable=False),  # the last one handed out, 0 when empty
    Column("accepted_at_us", BigInteger, nullable=False),
    Column("partition_heads", Text, nullable=False),  # JSON: the last position of each partition
    Column("erasures", BigInteger, nullable=False, server_default="0"),  # grows with each, so that all see a new one
    CheckConstraint("id = 1", name="ledger_head_one_row"),
)

known_key = Table(
    "known_key",
    metadata,
    Column("key", Position, primary_key=True, autoincrement=False),  # of facts/naming.py
)

erasure = Table(
    "erasure",
    metadata,
    Column("token", String(32), primary_key=True),  # a keyed hash of the pseudonym
    Column("proof", String(32), nullable=False),  # of the key that it was made with
    Column("basis", String(20), nullable=False),
    Column("erased_on", Date, nullable=False),
    Column("accepted_at_us", BigInteger, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("cleaned_at_us", BigInteger),  # when the files of every store were written anew; empty while they were not
    Column("searched_at_us", BigInteger),  # when the pseudonym was looked for everywhere, and was nowhere
)

erased_place = Table(
    "erased_place",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("token", String(32), ForeignKey("erasure.token"), primary_key=True),  # why it was changed
    Column("sent_as", Text),  # a keyed hash of its id, where that held the pseudonym and the fact is about others
)

fact = Table(
    "fact",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("partition", SmallInteger, nullable=False),
    Column("prev", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", Text),
    Column("content_hash", LargeBinary, nullable=False),
    Column("accepted_at_us", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint("position > 0", name="fact_position_positive"),
    UniqueConstraint("source", "id", name="fact_source_id"),
    Index("fact_source_position", "source", "position"),
)
