"""The list of those who were erased, which no rebuild touches: whoever is on it is taken out of all that is read."""

from sqlalchemy import BigInteger, Column, Date, Engine, Integer, String, Table, select

from services.monitor.tables import metadata
from shared.databases import reading
from shared.erasure import Seal, proven

erased = Table(
    "erased",
    metadata,
    Column("token", String(32), primary_key=True),  # a keyed hash of the pseudonym
    Column("proof", String(32), nullable=False),  # of the key that it was made with
    Column("basis", String(20), nullable=False),
    Column("erased_on", Date, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("erased_at_us", BigInteger, nullable=False),
    Column("cleaned_at_us", BigInteger),  # when nothing was left in the files; empty while that is not known
    sqlite_with_rowid=False,
)

rewritten = Table(
    "rewritten",
    metadata,
    Column("service", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("token", String(32), primary_key=True),  # whom the fact there named, about whom it was not
    sqlite_with_rowid=False,
)
"""Facts that a ledger wrote anew when somebody was erased: what was read before that may come here after it."""


def recognise(engine: Engine, seal: Seal | None) -> None:
    """Raises ErasureKeyNeeded when somebody was erased under another key: they could come back unseen."""
    with reading(engine).connect() as connection:
        proven(seal, connection.scalars(select(erased.c.proof)))
