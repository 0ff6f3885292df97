"""The horizon: the moment up to which everything that both services accepted is projected, for ever (D1)."""

from sqlalchemy import Connection, func, select

from services.monitor.progress import reached_us
from services.monitor.tables import fact, parked


def horizon_us(connection: Connection) -> int:
    """In microseconds since 1970; 0 while one of the services has none.

    A fact that is parked is not projected, and a later version may read it after all: then nothing is final from the
    fact before it on.
    """
    reached = reached_us(connection)
    first_parked = select(parked.c.service, func.min(parked.c.position)).group_by(parked.c.service)
    for service, position in connection.execute(first_parked).all():
        before = select(func.max(fact.c.accepted_at_us)).where(fact.c.service == service, fact.c.position < position)
        reached[service] = min(reached.get(service, 0), connection.execute(before).scalar_one() or 0)
    return min(reached.values(), default=0)
