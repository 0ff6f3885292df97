"""What is said above alerts where some may be missing: no alert must never look like nobody who needs one."""

from datetime import datetime

from services.monitor.alerts.looked import Looked
from services.monitor.cockpit.charts.lettering import at_moment
from services.monitor.cockpit.words import Words
from shared.calendar import AMSTERDAM


def unseen(seen: Looked, say: Words, *, flows: bool, reading_in: bool, now: datetime) -> str:
    """Why alerts may be missing: no facts come in (`flows`), or very many do, which wait to be judged (`reading_in`);
    or not all was looked at. Empty where all is well.
    """
    if not flows:
        return say("work.still")
    return say("work.reading") if reading_in else behind(seen, say, now=now)


def behind(seen: Looked, say: Words, *, now: datetime) -> str:
    """That nobody was looked at yet, or not for a while; empty else."""
    if seen.until is None:
        return say("work.unlooked")
    if seen.behind(now):
        return say("work.behind", until=at_moment(seen.until.astimezone(AMSTERDAM), say.language))
    return ""


def held_up(seen: Looked, say: Words) -> str:
    """That of some young persons a fact could not be taken, so that what was told of them since waits; empty else."""
    if seen.quarantined == 0:
        return ""
    return say("work.oneheld") if seen.quarantined == 1 else say("work.manyheld", persons=seen.quarantined)
