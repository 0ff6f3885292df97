"""What is said above alerts where some may be missing: no alert must never look like nobody who needs one."""

from datetime import datetime

from sqlalchemy import Connection

from services.monitor.alerts.looked import looked
from services.monitor.cockpit.charts.lettering import at_moment
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.words import words
from shared.calendar import AMSTERDAM


def unseen(connection: Connection, *, flows: bool, reading_in: bool, now: datetime, language: Language) -> str:
    """Why alerts may be missing: no facts come in (`flows`), or very many do, which wait to be judged (`reading_in`);
    or nobody was looked at yet, or not for a while. Empty where all is well.
    """
    say, seen = words(language), looked(connection)
    if not flows:
        return say("work.still")
    if reading_in:
        return say("work.reading")
    if seen.until is None:
        return say("work.unlooked")
    if seen.behind(now):
        return say("work.behind", until=at_moment(seen.until.astimezone(AMSTERDAM), language))
    return ""


def held_up(connection: Connection, *, language: Language) -> str:
    """That of some young persons a fact could not be taken, so that what was told of them since waits; empty else."""
    persons, say = looked(connection).quarantined, words(language)
    if persons == 0:
        return ""
    return say("work.oneheld") if persons == 1 else say("work.manyheld", persons=persons)
