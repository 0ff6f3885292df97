"""What alerts about units are judged by, read from the rows of the dossiers, the register, the sources and plans."""

from datetime import date

from sqlalchemy import Connection, or_, select

from services.monitor.accommodations import Accommodation, Capacity, Register, fold_register
from services.monitor.alerts.conditions.measures import measured_since
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.conditions.units import Landscape, Stay
from services.monitor.consulting import fold_consulting
from services.monitor.derived import accommodation, capacity, closure, placement
from services.monitor.dossier.state import Dossier
from services.monitor.history.stored import PERSONS_MAX, dossiers_of, read_intervals
from services.monitor.projector.facts import Facts, any_measures, in_parts
from services.monitor.tables import source_seen
from shared.calendar import calendar_date, moment_of
from shared.facts.placement import CLOSED_REGIME


def landscape(connection: Connection, *, on: date, rules: Rulebook) -> Landscape:
    """All closed stays, accommodations, places, sources, plans and consultations, and who was inside lately.

    From one snapshot.
    """
    told = Facts(decoded_max=0).of_units(connection)
    folded = fold_register(told)
    stays = select(placement.c.accommodation, placement.c.source, placement.c.started_on, placement.c.ended_on)
    since = measured_since(rules, on=on)
    return Landscape(
        stays=[Stay(*row) for row in connection.execute(stays.where(placement.c.regime == CLOSED_REGIME))],
        register=Register(
            tuple(
                Accommodation(**{**row._mapping, "shut": read_intervals(row.shut)})
                for row in connection.execute(select(accommodation))
            ),
            tuple(Capacity(**row._mapping) for row in connection.execute(select(capacity))),
            folded.plans,
            surroundings=folded.surroundings,
        ),
        heard_on={
            row.source: calendar_date(moment_of(row.accepted_at_us)) for row in connection.execute(select(source_seen))
        },
        consulting=fold_consulting(told),
        lately=[] if since is None or not any_measures(connection) else _inside_since(connection, since),
    )


def _inside_since(connection: Connection, day: date) -> list[Dossier]:
    """Everybody with a closure that had not ended by this day."""
    lasting = select(closure.c.person).where(or_(closure.c.ended_on.is_(None), closure.c.ended_on > day))
    people = sorted(set(connection.scalars(lasting)))
    parts = in_parts(people, size=PERSONS_MAX)
    return [dossier for part in parts for dossier, _, _ in dossiers_of(connection, part)]
