"""The tables of the registry; they exist in the database of every service, next to what that service keeps."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

publisher = Table(
    "publisher",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sources", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("accommodations", JSON, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
)

credential = Table(
    "credential",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column(
        "publisher",
        String(64),
        ForeignKey("publisher.name", ondelete="CASCADE", name="credential_publisher"),
        nullable=False,
    ),
    Column("created_at_us", BigInteger, nullable=False),
    UniqueConstraint("token_hash", name="credential_token_hash"),
    Index("credential_of_publisher", "publisher"),
)

client = Table(
    "client",
    metadata,
    Column("issuer", String(400), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column(
        "publisher",
        String(64),
        ForeignKey("publisher.name", ondelete="CASCADE", name="client_publisher"),
        nullable=False,
    ),
    Column("created_at_us", BigInteger, nullable=False),
    Index("client_of_publisher", "publisher"),
)
