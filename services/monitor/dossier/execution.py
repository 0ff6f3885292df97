"""What became of a machtiging by a day: executed, ended before that, lapsed, past its term, or not yet executed."""

from datetime import date
from typing import Literal

from services.monitor.dossier.machtigingen import executes
from services.monitor.dossier.state import Dossier, Order

Execution = Literal["executed", "lapsed", "ended", "expired", "running"]
REPORTED_LAPSE = "not-executed"
"""The cause of an end that is a lapse (Jeugdwet 6.1.12 lid 3)."""


def execution_of(dossier: Dossier, order: Order, on: date) -> Execution:
    """What came first, of what had happened by the day; `order` is one of the dossier.

    executed: a closed stay began under it, or went on under it. lapsed: nobody executed it for three calendar months,
    as follows from the stays, or as was reported. ended: before anybody executed it, for another cause. expired: its
    term was over before the three months were, or it is voorwaardelijk, and nobody executed it. running: none of these.
    """
    began_on = executed_on(dossier, order)
    if began_on is not None and began_on <= on:
        return "executed"
    over: list[tuple[date | None, Execution]] = [
        (order.ended_on, "lapsed" if order.ended_cause == REPORTED_LAPSE else "ended"),
        (order.lapsed_on, "lapsed"),
        (order.valid_until, "expired"),
    ]
    past = [(day, how) for day, how in over if day is not None and day <= on]
    return min(past, key=lambda one: one[0])[1] if past else "running"


def executed_on(dossier: Dossier, order: Order) -> date | None:
    """The first day on which a stay executes it; of a voorwaardelijke, that allows nothing by itself, by its titles."""
    if order.kind == "voorwaardelijk":
        terms = [(title.from_on, title.until_on) for title in dossier.titles if title.machtiging == order.machtiging]
    else:
        until = min(day for day in (order.ended_on, order.lapsed_on, order.valid_until) if day is not None)
        terms = [(order.valid_from, until)] if order.valid_from < until else []
    stays = [stay for closure in dossier.closures for stay in closure.placements]
    found = (
        max(stay.started_on, begin)
        for begin, until in terms
        for stay in stays
        if executes(stay, begin=begin, until=until)
    )
    return min(found, default=None)
