"""The tallies of today, kept up to date by what changed in what is known."""

from datetime import date

from services.monitor.accommodations import Register
from services.monitor.dossier.state import Dossier
from services.monitor.flags.places import Places
from services.monitor.history.live import Look
from services.monitor.metrics.spans import KEPT, UNREGISTERED, spans_by_register, spans_of
from services.monitor.metrics.tallies import Tallies


class Today:
    """Follows the history; whoever counts has the lock that the history looks under.

    Everything is counted once, at the first asking; again only when the clock went back to an earlier day.
    """

    def __init__(self) -> None:
        self._tallies: Tallies | None = None
        self._register = Register((), ())
        self._places = Places(self._register)

    def changed(self, before: Dossier | None, after: Dossier | None) -> None:
        """Take a person out as they were, and put them in as they are."""
        if self._tallies is None:
            return
        for dossier, times in ((before, -1), (after, 1)):
            if dossier is not None:
                self._tallies.add(spans_of(dossier), times)
                self._tallies.add(spans_by_register(dossier, self._places), times)

    def count(self, look: Look, on: date) -> Tallies:
        """Everything that counts on this day."""
        tallies, self._tallies = self._tallies, None
        if tallies is None or on < tallies.on:
            tallies = Tallies(on, kept=KEPT)
            for dossier in look.dossiers():
                tallies.add(spans_of(dossier))
            self._take(tallies, look)
        elif look.register.accommodations != self._register.accommodations:
            tallies.clear(UNREGISTERED)
            self._take(tallies, look)
        tallies.move(on)
        self._tallies = tallies
        return tallies

    def _take(self, tallies: Tallies, look: Look) -> None:
        """Count what depends on which accommodations are registered by this register."""
        self._register, self._places = look.register, Places(look.register)
        for dossier in look.dossiers():
            tallies.add(spans_by_register(dossier, self._places))
