"""The published years beside what a monitor answers about them: whether the figures reproduce what is known."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context
from typing import Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from services.simulator.comparison import difference
from services.simulator.years import PUBLISHED_YEARS, year

TOLERANCE = 0.06
"""The simulated country follows each published yearly figure within this; the sources differ by up to 0.05."""

ANSWER_S_MAX = 60.0
QUESTION = f"/v1/figures/inflow?from={PUBLISHED_YEARS[0]}-01-01&until={PUBLISHED_YEARS[-1] + 1}-01-01&per=year"
MEASURES = {"placements": "placements", "placed": "young people placed", "inCare": "in care"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One published figure of one year."""

    year: int
    measure: str
    answered: int | None
    """None where the monitor does not show it to us."""
    published: int

    @property
    def deviation(self) -> float | None:
        """The relative difference, of the published figure."""
        return None if self.answered is None else difference(self.answered, self.published)


def ask(address: str, token: str | None, *, authority: Path | None = None) -> Mapping[str, Any]:
    """The answer of a monitor; exact with a token that may see that, else rounded. Raises OSError."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(f"{address.rstrip('/')}{QUESTION}", headers=headers)  # noqa: S310 - the address is given by who asks
    trusted = create_default_context(cafile=authority)
    with build_opener(ProxyHandler({}), HTTPSHandler(context=trusted)).open(request, timeout=ANSWER_S_MAX) as answer:
        found: Mapping[str, Any] = json.load(answer)
        return found


def compared(answer: Mapping[str, Any]) -> Iterator[Compared]:
    """Each published figure beside the one of the answer."""
    (table,) = [one for one in answer["tables"] if one["name"] == "inflow"]
    of_year = {int(row["at"][:4]): row["values"] for row in table["rows"]}
    for number in PUBLISHED_YEARS:
        published = year(number)
        for measure, known in (
            ("placements", published.placements),
            ("placed", published.unique),
            ("inCare", published.in_care),
        ):
            if known is not None:
                yield Compared(number, measure, of_year[number][measure].get("value"), known)


def report(answer: Mapping[str, Any]) -> str:
    """A table for people: answered, published, and how far apart."""
    lines = [f"as known at {answer['known']}, {answer['audience']}; tolerance {TOLERANCE:.0%}", ""]
    lines.append("year " + "".join(f"{name:>22} published   diff" for name in MEASURES.values()))
    found = list(compared(answer))
    for number in PUBLISHED_YEARS:
        cells = [_cell(one) for one in found if one.year == number]
        lines.append(f"{number} " + "".join(cells))
    far = [one for one in found if one.deviation is None or abs(one.deviation) > TOLERANCE]
    lines += ["", f"{len(found) - len(far)} of {len(found)} within {TOLERANCE:.0%}"]
    return "\n".join(lines)


def _cell(one: Compared) -> str:
    if one.answered is None or one.deviation is None:
        return f"{'not shown':>22} {one.published:>9} {'':>6}"
    return f"{one.answered:>22,} {one.published:>9,} {one.deviation:>+6.1%}"
