"""Targets: how many placements a plan aims at, for the country, an area or a region, on the way to none in 2030."""

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.facts.fact import Day, Fact
from shared.facts.regions import AREAS, REGIONS

COUNTRY = "country"
_SCOPES = (COUNTRY, *AREAS, *sorted(REGIONS))


def _known_scope(value: str) -> str:
    if value in _SCOPES:
        return value
    raise PydanticCustomError("unknown_scope", "A scope is country, an area, or the CBS code of a youth region")


Scope = Annotated[str, Field(title="scope", json_schema_extra={"enum": list(_SCOPES)}), AfterValidator(_known_scope)]
"""The whole country, one of its areas, or one of its youth regions."""


class Point(BaseModel):
    """What should have been reached on a date."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", use_attribute_docstrings=True)

    on: Day
    value: Annotated[int, Field(ge=0, le=100_000)]


def _in_order(points: list[Point]) -> list[Point]:
    if any(one.on >= other.on for one, other in pairwise(points)):
        raise PydanticCustomError("points_order", "The points of a target stand in the order of their dates")
    return points


class TargetSet(Fact, name="target-set", owner="intake", about="other"):
    """A plan sets a target; between its points it is the straight line by calendar days, and the last one stays."""

    scope: Scope
    series: Literal["placements"]
    """What is aimed at: closed placements that start in the twelve months before the date of a point."""
    points: Annotated[list[Point], Field(min_length=1, max_length=100), AfterValidator(_in_order)]
    """What should have been reached on which dates, in their order."""

    example: ClassVar[dict[str, Any]] = {
        "scope": "noord",
        "series": "placements",
        "points": [{"on": "2027-01-01", "value": 60}, {"on": "2031-01-01", "value": 0}],
    }
