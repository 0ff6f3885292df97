"""The query of a page: what a reader chose, and what in it is no choice there is."""

from collections.abc import Mapping
from datetime import date

from services.monitor.answers.asking import FIRST_DAY, LAST_DAY
from services.monitor.cockpit.view import PERIODS, View, consistent
from services.monitor.cockpit.words import language_of
from shared.facts.regions import AREAS, REGIONS

OLDEST = FIRST_DAY.replace(year=FIRST_DAY.year + 1)
"""The pictures look back, so a page is asked for a day that has a year before it."""


def view_of(query: Mapping[str, str], *, today: date) -> tuple[View, list[str]]:
    """The view that a query asks for, and the keys whose value is none there is; those are left out of it."""
    wrong: list[str] = []
    area, region = query.get("gebied") or None, query.get("regio") or None
    if area is not None and area not in AREAS:
        wrong.append("gebied")
        area = None
    if region is not None and region not in REGIONS:
        wrong.append("regio")
        region = None
    months = _months(query.get("periode"), wrong)
    on = _day("op", query.get("op"), wrong)
    known = _day("bekend", query.get("bekend"), wrong)
    view = View(
        language_of(query.get("lang")),
        on or today,
        area=area,
        region=region,
        months=months,
        asked_on=on,
        known=known,
    )
    return consistent(view), wrong


def _months(text: str | None, wrong: list[str]) -> int | None:
    if not text:
        return None
    if text not in map(str, PERIODS):
        wrong.append("periode")
        return None
    return int(text)


def _day(key: str, text: str | None, wrong: list[str]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        wrong.append(key)
        return None
    if not OLDEST <= found < LAST_DAY:
        wrong.append(key)
        return None
    return found
