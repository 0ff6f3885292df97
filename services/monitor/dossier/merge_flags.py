"""The flag of a dossier that is told under more than one pseudonym."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.monitor.dossier.flags import raised
from services.monitor.dossier.records import Reported
from services.monitor.dossier.state import Flag
from shared.calendar import calendar_date
from shared.facts.erasure import PseudonymsMerged


def merge_flags(merges: Iterable[Reported[PseudonymsMerged]], days: Iterable[date]) -> Iterator[Flag]:
    """F17 for each merge that stands, about its record: never with a pseudonym.

    Who is one person always was, so it counts from the first of these days on which anything began.
    """
    first_on = min(days, default=None)
    for one in merges:
        yield raised("F17", about=one.record, since_on=first_on or calendar_date(one.time), source=one.source)
