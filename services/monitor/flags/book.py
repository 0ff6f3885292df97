"""The flags of a day, found again only for the persons whose dossier changed since they were last asked for."""

from datetime import date
from threading import Lock

from services.monitor.accommodations import Accommodation
from services.monitor.dossier.state import Dossier
from services.monitor.flags.places import Places
from services.monitor.flags.standing import Standing, in_order, other_flags, person_flags
from services.monitor.history.known import Known


class FlagBook:
    """Answers as standing_flags does. Blocking; any number of threads may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[date, tuple[Accommodation, ...]] | None = None
        self._found: dict[str, tuple[Dossier, tuple[Standing, ...]]] = {}

    def standing(self, known: Known, *, on: date) -> tuple[Standing, ...]:
        """Every flag that stands on this day, as known."""
        with self._lock:
            # Of the register those about persons ask only whether an accommodation was in it.
            if self._of != (on, known.register.accommodations):
                self._of, self._found = (on, known.register.accommodations), {}
            places = Places(known.register)
            flags = [flag for dossier in known.dossiers for flag in self._about(dossier, places, on)]
            return in_order([*flags, *other_flags(known, places, on=on)])

    def _about(self, dossier: Dossier, places: Places, on: date) -> tuple[Standing, ...]:
        kept = self._found.get(dossier.person)
        if kept is None or kept[0] is not dossier:
            kept = self._found[dossier.person] = dossier, person_flags(dossier, places, on=on)
        return kept[1]
