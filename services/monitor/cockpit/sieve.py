"""Which alerts a reader of the work list wants to see, as its address says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args
from urllib.parse import urlencode

from services.monitor.alerts.conditions.rules import LEVELS, Level, Owner
from services.monitor.alerts.listing import Wanted
from services.monitor.cockpit.charts.values import Language
from shared.facts.regions import AREAS

STATES: Final = ("open", "acknowledged", "closed")
OWNERS: Final[tuple[Owner, ...]] = get_args(Owner)

_PAGE = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is chosen; None is everything."""

    state: str = "open"
    level: str | None = None
    rule: str | None = None
    area: str | None = None
    owner: str | None = None
    """Who acts on it."""
    page: int = 1

    def wanted(self) -> Wanted:
        """The same as the list is asked."""
        return Wanted(
            states=(self.state,),  # type: ignore[arg-type]
            levels=(Level(self.level),) if self.level else (),
            rules=(self.rule,) if self.rule else (),
            areas=(self.area,) if self.area else (),
            owners=(self.owner,) if self.owner else (),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The fields of the form, with what differs from an empty one."""
        fields = {
            "stand": self.state if self.state != "open" else "",
            "niveau": self.level or "",
            "signaal": self.rule or "",
            "gebied": self.area or "",
            "wie": self.owner or "",
        }
        return {key: value for key, value in fields.items() if value}

    def query(self, language: Language, *, page: int) -> str:
        """The query of the address of a page, with its question mark; empty where nothing is chosen."""
        fields = self.chosen
        if page > 1:
            fields["bladzijde"] = str(page)
        if language != "nl":
            fields["lang"] = language
        return f"?{urlencode(fields)}" if fields else ""


def sieve_of(query: Mapping[str, str]) -> Sieve:
    """What the address of the work list asks for; what is no choice there is left out."""
    asked = {key: query.get(key) or "" for key in ("stand", "niveau", "signaal", "gebied", "wie", "bladzijde")}
    state, level, rule, area, owner, page = asked.values()
    return Sieve(
        state=state if state in STATES else "open",
        level=level if level in map(str, LEVELS) else None,
        rule=rule if len(rule) == 3 and rule.isalnum() else None,
        area=area if area in AREAS else None,
        owner=owner if owner in OWNERS else None,
        page=int(page) if _PAGE.fullmatch(page) else 1,
    )
