"""The horizon: the moment up to which everything that both services accepted is projected, for ever (D1)."""

from sqlalchemy import Connection, func, select

from services.monitor.tables import checkpoint, fact, horizon, parked


def horizon_us(connection: Connection) -> int:
    """In microseconds since 1970; 0 while one of the services has none.

    projector.marks moves the horizon of each service. A fact that is parked is not projected, and a later version may
    read it after all: then nothing is final from the fact before it on.
    """
    services = {stream.split(":")[-2] for stream in connection.scalars(select(checkpoint.c.stream))}
    reached = dict(map(tuple, connection.execute(select(horizon.c.service, horizon.c.accepted_at_us))))
    first_parked = select(parked.c.service, func.min(parked.c.position)).group_by(parked.c.service)
    for service, position in connection.execute(first_parked).all():
        before = select(func.max(fact.c.accepted_at_us)).where(fact.c.service == service, fact.c.position < position)
        reached[service] = min(reached.get(service, 0), connection.execute(before).scalar_one() or 0)
    return min((reached.get(service, 0) for service in services), default=0)
