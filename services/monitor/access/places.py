"""Where a young person is, or last was: what decides who may see the dossier; pure."""

from dataclasses import dataclass

from services.monitor.access.reader import Reader, may_see
from services.monitor.dossier.state import Dossier


@dataclass(frozen=True, slots=True)
class Places:
    """Youth regions and accommodations."""

    regions: frozenset[str] = frozenset()
    accommodations: frozenset[str] = frozenset()


def places_of(dossier: Dossier) -> Places:
    """Those of every open placement, or of the one that ended last when none is open.

    Whoever cared for a young person in the past has no need of what comes after.
    """
    placements = [one for one in dossier.placements if one.end is None]
    if not placements:
        last = max((one.ended_on for one in dossier.placements if one.ended_on is not None), default=None)
        placements = [one for one in dossier.placements if one.ended_on == last]
    return Places(frozenset(one.region for one in placements), frozenset(one.accommodation for one in placements))


def may_see_dossier(reader: Reader, dossier: Dossier) -> bool:
    """Whether a reader may see this dossier."""
    places = places_of(dossier)
    return may_see(reader, regions=places.regions, accommodations=places.accommodations)
