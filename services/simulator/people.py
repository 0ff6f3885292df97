"""Young people who do not exist: a pseudonym, a region, a sex and a birth month, drawn from the published margins."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from shared.facts.regions import AREA_OF, AREAS
from shared.pseudonym import contains_bsn

AREA_YEARS = range(2014, 2022)
AREA_UNIQUE_YOUTHS = {
    "noord-west": (184, 174, 169, 197, 174, 155, 124, 98),
    "zuid-west": (261, 207, 250, 242, 217, 228, 142, 159),
    "noord": (78, 92, 105, 92, 69, 66, 55, 45),
    "oost": (89, 95, 102, 134, 129, 130, 124, 100),
    "zuid": (146, 165, 196, 189, 182, 143, 139, 146),
}
"""Unique youths placed in the first half of each of AREA_YEARS: sourced (Jeugdzorg Nederland, sums checked)."""

AGE_SHARES = {11: 0.02, 12: 0.06, 13: 0.11, 14: 0.16, 15: 0.23, 16: 0.25, 17: 0.17}
"""Age at first placement: an unverified split that meets 35 % under 15 and a mode of 15 to 16 (nji.nl, 2021)."""

LARGE_REGIONS = {"JZ13": 4.0, "JZ29": 5.0, "JZ24": 4.5, "JZ01": 2.5, "JZ02": 2.5, "JZ14": 2.5, "JZ19": 0.8, "JZ22": 2.0}
"""Weight of a region inside its area, 1.5 where not named: unverified."""
OTHER_REGION = 1.5

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Person:
    """A young person who does not exist."""

    pseudonym: str
    region: str
    sex: Literal["m", "f"]
    born_on: date
    """Inside the simulator only; publishers tell the month."""

    @property
    def birth_month(self) -> str:
        return self.born_on.isoformat()[:7]

    def birthday(self, age: int) -> date:
        """The day on which this person becomes that old."""
        year, month, day = self.born_on.year + age, self.born_on.month, self.born_on.day
        return date(year, 3, 1) if (month, day) == (2, 29) else date(year, month, day)

    def age_on(self, day: date) -> float:
        """The age in years of 365.25 days."""
        return (day - self.born_on).days / DAYS_A_YEAR


class Births:
    """Draws people one after the other; the same seed gives the same people."""

    def __init__(self, seed: str, rng: Random, *, boys_share: float) -> None:
        self._key = hashlib.sha256(f"a simulated country: {seed}".encode()).digest()
        self._rng = rng
        self._boys_share = boys_share
        self._count = 0
        self._regions = {area: [code for code, its in AREA_OF.items() if its == area] for area in AREAS}
        self._weights = {
            area: [LARGE_REGIONS.get(code, OTHER_REGION) for code in codes] for area, codes in self._regions.items()
        }

    def person(self, on: date) -> Person:
        """Someone who is placed for the first time about this day."""
        rng = self._rng
        column = min(max(on.year, AREA_YEARS[0]), AREA_YEARS[-1]) - AREA_YEARS[0]
        area = rng.choices(AREAS, [AREA_UNIQUE_YOUTHS[name][column] for name in AREAS])[0]
        age = rng.choices(tuple(AGE_SHARES), tuple(AGE_SHARES.values()))[0] + rng.random()
        return Person(
            pseudonym=self._pseudonym(),
            region=rng.choices(self._regions[area], self._weights[area])[0],
            sex="m" if rng.random() < self._boys_share else "f",
            born_on=on - timedelta(days=int(age * DAYS_A_YEAR)),
        )

    def _pseudonym(self) -> str:
        while True:
            self._count += 1
            digest = hmac.digest(self._key, str(self._count).encode(), "sha256")
            pseudonym = base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
            if not contains_bsn(pseudonym):
                return pseudonym
