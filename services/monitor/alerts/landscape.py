"""What alerts about units are judged by, read from the rows of the dossiers, the register, the sources and plans."""

from sqlalchemy import Connection, select

from services.monitor.accommodations import Accommodation, Capacity, Register, fold_register
from services.monitor.alerts.conditions.units import Landscape, Stay
from services.monitor.consulting import fold_consulting
from services.monitor.derived import accommodation, capacity, placement
from services.monitor.projector.facts import Facts
from services.monitor.tables import source_seen
from shared.calendar import calendar_date, moment_of
from shared.facts.placement import CLOSED_REGIME


def landscape(connection: Connection) -> Landscape:
    """All closed stays, accommodations, places, sources, plans and consultations, from one snapshot."""
    planning = Facts(decoded_max=0).of_planning(connection)
    stays = select(placement.c.accommodation, placement.c.source, placement.c.started_on, placement.c.ended_on)
    return Landscape(
        stays=[Stay(*row) for row in connection.execute(stays.where(placement.c.regime == CLOSED_REGIME))],
        register=Register(
            tuple(Accommodation(**row._mapping) for row in connection.execute(select(accommodation))),
            tuple(Capacity(**row._mapping) for row in connection.execute(select(capacity))),
            fold_register(planning).plans,
        ),
        heard_on={
            row.source: calendar_date(moment_of(row.accepted_at_us)) for row in connection.execute(select(source_seen))
        },
        consulting=fold_consulting(planning),
    )
