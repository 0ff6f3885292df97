"""Takes a young person out of the monitor at once, beside a running one; the streams bring the same later."""

from collections.abc import Iterable, Mapping

import stamina
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import OperationalError

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.erasures import erased
from services.monitor.projector.dossiers import Poison
from services.monitor.projector.erasing import Decision
from services.monitor.projector.facts import Facts
from services.monitor.projector.projection import ATTEMPTS_MAX
from services.monitor.projector.taking import Taker, in_one_transaction
from shared.calendar import microseconds
from shared.clock import Clock
from shared.erasure import Seal


def erase(engine: Engine, decisions: Iterable[Decision], *, rules: Rules, clock: Clock, seal: Seal) -> int:
    """Take out whom these decisions are about, each in a transaction of its own; how many facts there were in all."""
    taker = Taker(Facts(decoded_max=0), rules=rules, clock=clock, fold=fold, seal=seal)
    before = _facts(engine)
    for one in decisions:
        try:
            _transact(engine, taker, one, poison={})
        except Poison as poison:
            _transact(engine, taker, one, poison=poison.reasons)
    return _facts(engine) - before


def note_cleaned(engine: Engine, tokens: Iterable[str], *, clock: Clock) -> None:
    """Note of these that nothing is left in the files either."""
    with engine.begin() as connection:
        values = {"cleaned_at_us": microseconds(clock())}
        connection.execute(update(erased).where(erased.c.token.in_(list(tokens))).values(values))


def _transact(engine: Engine, taker: Taker, one: Decision, *, poison: Mapping[str, str]) -> None:
    def erase(connection: Connection, also: set[str]) -> None:
        taker.take(connection, [], poison=poison, also=also, erase=[one])

    for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
        with attempt:
            in_one_transaction(engine, erase)


def _facts(engine: Engine) -> int:
    with engine.begin() as connection:
        return sum(connection.scalars(select(erased.c.facts)))
