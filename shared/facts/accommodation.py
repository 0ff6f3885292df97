"""Accommodations: the register of closed accommodations (Jeugdwet 6.2.1), the places they have, and whom they count."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.facts.fact import Day, Fact, Identifier, ShortName
from shared.facts.lists import Area, Closure, Region

Places = Annotated[int, Field(ge=0, le=2_000)]


class AccommodationRegistered(Fact, name="accommodation-registered", owner="placement", about="other", dated="on"):
    """An accommodation was entered in the register; from this day young people may be placed there."""

    accommodation: Identifier
    provider: Identifier
    """The organisation that runs it; a doorplaatsing between two of its accommodations is one within a provider."""
    name: ShortName
    municipality: ShortName
    region: Region
    area: Area
    on: Day

    example: ClassVar[dict[str, Any]] = {
        "accommodation": "schakenbosch",
        "provider": "stichting-schakenbosch",
        "name": "Schakenbosch",
        "municipality": "Leidschendam-Voorburg",
        "region": "JZ24",
        "area": "zuid-west",
        "on": "2010-01-01",
    }


class AccommodationClosed(Fact, name="accommodation-closed", owner="placement", about="other", dated="on"):
    """An accommodation was closed; from this day nobody can be placed there; it may repeat the register."""

    accommodation: Identifier
    provider: Identifier | None = None
    name: ShortName | None = None
    municipality: ShortName | None = None
    region: Region | None = None
    area: Area | None = None
    on: Day

    example: ClassVar[dict[str, Any]] = {"accommodation": "de-vliethoeve", "on": "2019-12-31"}


class CapacityChanged(
    Fact, name="capacity-changed", owner="placement", about="other", dated="from_on", dated_ahead=True
):
    """From a day on, which may lie ahead, an accommodation or one group of it has this many places."""

    accommodation: Identifier
    group: Identifier | None = None
    """The group that the places belong to; absent for places that belong to none. Places with and without a group are
    added up: who tells them by group from a day on tells 0 without a group from then on, and the other way round."""
    from_on: Day
    places: Places
    group_size: Annotated[int, Field(ge=1, le=100)] | None = None
    """The number of young people that live in one group."""
    closure: Closure
    procurement: Literal["regionaal", "lta"]
    """Who buys the places: regions, or all municipalities together (landelijke transitiearrangementen)."""

    example: ClassVar[dict[str, Any]] = {
        "accommodation": "schakenbosch",
        "from_on": "2026-07-01",
        "places": 24,
        "group_size": 6,
        "closure": "gesloten",
        "procurement": "regionaal",
    }


class OccupancyCounted(Fact, name="occupancy-counted", owner="placement", about="other", dated="counted_on"):
    """An accommodation counted heads, by itself and not from its facts; the last count up to a day is held against
    the placements that are known (F13).
    """

    accommodation: Identifier
    counted_on: Day
    heads: Annotated[int, Field(ge=0, le=2_000)]
    """Young people in a placement under chapter 6 of the Jeugdwet (regime `jw6`) on that day, those on leave or absent
    too; who left that day is not one of them."""

    example: ClassVar[dict[str, Any]] = {"accommodation": "schakenbosch", "counted_on": "2026-02-01", "heads": 21}
