"""What is said above alerts where some may be missing: no alert must never look like nobody who needs one."""

from datetime import datetime

from sqlalchemy import Connection

from services.monitor.alerts.looked import BEHIND_AFTER, looked_at
from services.monitor.cockpit.charts.lettering import at_moment
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.words import words
from shared.calendar import AMSTERDAM


def unseen(connection: Connection, *, flows: bool, reading_in: bool, now: datetime, language: Language) -> str:
    """Why alerts may be missing: no facts come in (`flows`), or very many do, which wait to be judged (`reading_in`);
    nobody was looked at yet, or not for a while.
    """
    say, until = words(language), looked_at(connection)
    if not flows:
        return say("work.still")
    if reading_in:
        return say("work.reading")
    if until is None:
        return say("work.unlooked")
    if now - until > BEHIND_AFTER:
        return say("work.behind", until=at_moment(until.astimezone(AMSTERDAM), language))
    return ""
