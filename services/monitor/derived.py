"""The monitor's tables of what it derived: a row for everything that a dossier, or the register, says.

Every row can be made again from the facts. Dates are calendar dates in Europe/Amsterdam, moments are whole microseconds
since 1970 in UTC, intervals are half-open (D2).
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, false
from sqlalchemy.schema import SchemaItem

from services.monitor.tables import by_key


def _of_person(name: str, ordinal: str, *columns: SchemaItem) -> Table:
    about = Column("person", String(64), primary_key=True)
    return by_key(name, about, Column(ordinal, Integer, primary_key=True, autoincrement=False), *columns)


person = by_key(
    "person",
    Column("person", String(64), primary_key=True),
    Column("digest", LargeBinary(16), nullable=False),  # of the dossier, so that an unchanged one is not written again
    Column("region", String(4)),  # where they come from, as the latest referral says
    Column("consults", Text),  # JSON, of expert teams; empty without one
    Column("ready", Text),  # JSON, from when on they could leave; empty without
    Column("course", Text),  # JSON, what is told beside placements, titles and waits; empty without
    Column("first_us", BigInteger, nullable=False, server_default="0"),  # when the first fact about them was accepted
    Column("last_us", BigInteger, nullable=False, server_default="0"),  # and the last of the records they ever had
    Column("changed", BigInteger, nullable=False, server_default="0"),  # the change number of this row
    Index("person_changed", "changed"),
)

placement = _of_person(
    "placement",
    "ordinal",
    Column("placement", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("accommodation", Text, nullable=False),
    Column("region", String(4), nullable=False),
    Column("area", String(12), nullable=False),
    Column("regime", String(12), nullable=False),
    Column("closure_mode", String(12), nullable=False),
    Column("route", String(12), nullable=False),
    Column("closure_number", Integer),  # of the closure it is part of; none for another regime than jw6
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("days", Integer),  # of an ended placement
    Column("end_kind", String(12)),  # discharged, moved, superseded (inferred)
    Column("destination", String(30)),
    Column("end_mode", String(20)),
    Column("follow_up", String(20)),
    Column("reason", String(30)),
    Column("to_accommodation", Text),
    Column("arrives_from", Text),
    Column("machtiging", Text),
    Column("origin", String(30)),
    Column("birth_month", String(7)),
    Column("sex", String(1)),
    Index("placement_started", "started_on"),
    Index("placement_accommodation", "accommodation"),
)

closure = _of_person(
    "closure",
    "number",
    Column("region", String(4), nullable=False),  # of its first placement, and so is the area
    Column("area", String(12), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("days", Integer),  # of an ended closure, gaps between its placements included (D7)
    Column("care_days", Integer),  # of an ended closure, days inside its placements only
    Column("previous_ended_on", Date),
    Column("gap_days", Integer),  # since the end of the closure before it; none for the first (D9)
    Column("placements", Integer, nullable=False),
    Column("doorplaatsingen", Integer, nullable=False),
    Column("first_accommodation", Text, nullable=False),
    Column("last_accommodation", Text, nullable=False),
    Column("route", String(12), nullable=False),
    Column("first_title_kind", String(20)),  # of the machtiging that covers its first day, and so is the legal frame
    Column("legal_frame", String(12)),
    Column("end_kind", String(12)),
    Column("destination", String(30)),
    Column("end_mode", String(20)),
    Column("birth_month", String(7)),
    Column("sex", String(1)),
    Index("closure_started", "started_on"),
    Index("closure_ended", "ended_on"),
)

doorplaatsing = _of_person(
    "doorplaatsing",
    "ordinal",
    Column("closure_number", Integer, nullable=False),
    Column("region", String(4), nullable=False),
    Column("area", String(12), nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("days_before", Integer, nullable=False),  # from the start of the closure
    Column("from_place", Integer, nullable=False, server_default="0"),  # the placement of the closure that was left
    Column("from_accommodation", Text, nullable=False),
    Column("to_accommodation", Text, nullable=False),
    Column("inferred", Boolean, nullable=False),
)

title = _of_person(
    "title",
    "ordinal",
    Column("machtiging", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("legal_frame", String(12), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("admitted_on", Date),
)

waiting = _of_person(
    "waiting",
    "ordinal",
    Column("since_on", Date, nullable=False),
    Column("until_on", Date),
    Column("referral", Text),
    Column("titles", Text),  # JSON, those that wait to be executed; empty without
    *(Column("region", String(4)), Column("birth_month", String(7)), Column("sex", String(1))),  # as known by then
    Column("referrer", String(30)),
    Column("urgency", String(10)),
    Column("closed_on", Date),
    Column("outcome", String(20)),
    Column("alternative", String(20)),
)

machtiging = _of_person(
    "machtiging",
    "ordinal",
    Column("machtiging", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("holds_until", Date, nullable=False),
    Column("ended_on", Date),
    Column("ended_cause", String(20)),
    Column("lapsed_on", Date),
    Column("suspensions", Text, nullable=False),  # JSON: pairs of dates
    Column("without_hearing", Boolean, nullable=False),
    Column("court", String(64)),
)

request = _of_person(
    "request",
    "ordinal",
    Column("request", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("requested_on", Date, nullable=False),
    Column("answered_on", Date),
    Column("refused", Boolean, nullable=False, server_default=false()),
)

absence = _of_person(
    "absence",
    "ordinal",
    Column("placement", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("from_at_us", BigInteger, nullable=False),
    Column("until_at_us", BigInteger),
)

pseudonym = _of_person(
    "pseudonym",
    "ordinal",
    Column("pseudonym", String(64), nullable=False),  # another one of this person, who has no rows under it
    Index("pseudonym_of", "pseudonym"),
)

flag = _of_person(
    "flag",
    "ordinal",
    Column("code", String(4), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("about", Text, nullable=False),
    Column("since_on", Date, nullable=False),
    Column("source", Text, nullable=False),
)

accommodation = by_key(
    "accommodation",
    Column("accommodation", Text, primary_key=True),
    Column("provider", Text),
    Column("name", Text),
    Column("municipality", Text),
    Column("region", String(4)),
    Column("area", String(12)),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("shut", Text, nullable=False, server_default="[]"),  # JSON: pairs of dates, closed and opened again
)

capacity = by_key(
    "capacity",
    Column("accommodation", Text, primary_key=True),
    Column("group", Text, primary_key=True),  # empty for the places of the accommodation as a whole
    Column("from_on", Date, primary_key=True),
    Column("places", Integer, nullable=False),
    Column("group_size", Integer),
    Column("closure_mode", String(12), nullable=False),
    Column("procurement", String(12), nullable=False),
)

DOSSIER_TABLES: tuple[Table, ...] = (
    placement,
    closure,
    doorplaatsing,
    title,
    waiting,
    machtiging,
    request,
    absence,
    flag,
    pseudonym,
)
"""A row for everything that the dossier of one person says."""

ACCOMMODATION_TABLES: tuple[Table, ...] = (accommodation, capacity)
DERIVED_TABLES: tuple[Table, ...] = (*DOSSIER_TABLES, *ACCOMMODATION_TABLES)
"""Everything that is a function of the facts alone."""
