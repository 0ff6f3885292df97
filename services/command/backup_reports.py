"""What the commands about backups print."""

from pathlib import Path
from typing import Any

from services.command import reports
from services.command.backups.manifest import Manifest
from services.command.backups.restoring import Restored
from shared.calendar import rfc3339
from shared.settings import Settings


def backed_up(made: Manifest, folder: Path, *, as_json: bool) -> None:
    """Print where the backup is and what is in it."""
    if as_json:
        reports.as_line({"backup": str(folder)} | _said(made))
        return
    reports.say(f"{folder}: {_facts(made)}, {made.size:,} bytes, verified; everything acknowledged before its start")


def restored(done: Restored, settings: Settings, *, as_json: bool) -> None:
    """Print what was restored, and what there is to know before the next start."""
    if as_json:
        aside = None if done.aside is None else str(done.aside)
        reports.as_line({"data": str(settings.data), "aside": aside, "erased": done.erased} | _said(done.manifest))
        return
    as_of = rfc3339(done.manifest.made_at)
    reports.say(f"{settings.data}: {_facts(done.manifest)}, as of {as_of}; doorstroom up --data {settings.data}")
    reports.say("What was acknowledged since then has to be published again; publishing twice changes nothing.")
    if done.erased:
        reports.say(f"{done.erased} erasures were applied to it again.")
    for ledger in done.unread:
        if done.aside is not None:
            reports.say(
                f"{ledger.name} before it did not say whom it had erased: only the list that was given was applied."
            )
    if done.aside is not None:
        reports.say(f"What was there before is in {done.aside}; remove it when you are sure.")
    if settings.redis_url is not None:
        reports.say("Empty the outside Redis before the start: one that is ahead of the ledgers is refused.")


def _said(made: Manifest) -> dict[str, Any]:
    return {"bytes": made.size, **made.model_dump(mode="json", include={"made_at", "positions"})}


def _facts(made: Manifest) -> str:
    return ", ".join(f"{reached.ledger:,} facts of {service}" for service, reached in made.positions.items())
