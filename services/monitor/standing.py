"""Where every stream stands: ours as we left them, those that other monitors read as the database says."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select

from services.monitor.projector.entries import Stream, Unknown
from services.monitor.projector.projection import Projector
from services.monitor.tables import checkpoint
from shared.databases import reading


class Standing:
    """The streams of all monitors on one database, by share."""

    def __init__(self, projector: Projector, engine: Engine, *, shares: Sequence[frozenset[Stream]]) -> None:
        self._projector, self._engine = projector, reading(engine)
        self.shares = shares
        """How the streams are divided; one share of all where there is one monitor."""
        self.streams = sorted(stream for share in shares for stream in share)

    @property
    def ours(self) -> Mapping[Stream, int]:
        """The last position that is durably projected, of the streams that this process reads."""
        return self._projector.positions

    @property
    def halted(self) -> Mapping[Stream, Unknown]:
        """Those of ours that stand still before a fact of a type that only a newer version knows."""
        return self._projector.halted

    def everywhere(self) -> Mapping[Stream, int]:
        """The same of all streams. Blocking where some are not ours; raises OperationalError while the database is
        away."""
        ours = dict(self.ours)
        if len(ours) == len(self.streams):
            return ours
        with self._engine.begin() as connection:
            stands = {row.stream: row.position for row in connection.execute(select(checkpoint))}
        return {stream: stands.get(stream.name, 0) for stream in self.streams} | ours
