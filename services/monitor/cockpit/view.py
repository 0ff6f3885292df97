"""What a page is asked to show: which part of the country, of which date, as known when, over which period, in which
language. Every view has an address of its own."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.words import Words, words
from shared.calendar import add_months
from shared.facts.regions import AREA_OF, REGIONS

FIRST_MONTH = date(2008, 1, 1)
"""Closed youth care is a form of care since then."""
PERIODS = (12, 24, 36, 60, 120)
"""Months that a reader may choose; without a choice each picture has its own."""


@dataclass(frozen=True, slots=True)
class View:
    """The choices of a reader, and the dates they come down to."""

    language: Language
    on: date
    """D: what is dated later has not happened."""
    area: str | None = None
    region: str | None = None
    months: int | None = None
    asked_on: date | None = None
    """As it stands in the address; None: the latest there is."""
    known: date | None = None
    """K as it stands in the address: known at the end of this day; None: everything known now."""
    observed_from: date | None = None
    """The first day that any source observed: what was before it is not known well enough to draw."""

    @property
    def words(self) -> Words:
        """The catalogue in the language of the page."""
        return words(self.language)

    @property
    def place(self) -> str:
        """The part of the country, as people call it."""
        if self.region:
            return REGIONS[self.region]
        if self.area:
            return self.words.named("area", self.area)
        return self.words("place.country")

    def window(self, months: int) -> tuple[date, date]:
        """So many whole months before the month of the date, none of them before anybody observed."""
        end = self.on.replace(day=1)
        start = max(add_months(end, -months), FIRST_MONTH)
        if self.observed_from is not None:
            observed = self.observed_from
            whole = observed if observed.day == 1 else add_months(observed.replace(day=1), 1)
            start = max(start, min(whole, add_months(end, -1)))
        return start, end

    def query(self, **other: str | None) -> str:
        """The query of the address of this view, with other choices; `?` and what follows, or nothing."""
        chosen = {
            "gebied": self.area,
            "regio": self.region,
            "periode": str(self.months) if self.months else None,
            "op": self.asked_on.isoformat() if self.asked_on else None,
            "bekend": self.known.isoformat() if self.known else None,
            "lang": self.language if self.language != "nl" else None,
        } | other
        written = urlencode({key: value for key, value in chosen.items() if value})
        return f"?{written}" if written else ""

    def moved(self, on: date) -> "View":
        """The same of another date."""
        return replace(self, on=on)


def consistent(view: View) -> View:
    """A region within its area: a region of another area is left out, and without an area it brings its own."""
    if view.region is None:
        return view
    area = AREA_OF[view.region]
    return replace(view, area=area) if view.area in (None, area) else replace(view, region=None)
