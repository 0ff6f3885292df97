"""What everybody sees first is made ahead of them, until the process is to end."""

from typing import cast

from sqlalchemy import Engine

from services.monitor.answers.answering import Figures
from services.monitor.cockpit.overview import PANELS, Overview
from services.monitor.cockpit.words import LANGUAGES
from services.monitor.figures.question import Conventions
from services.monitor.history.history import History
from services.monitor.watch import Watch
from tests.integration.monitor.conftest import RULES, projector_on
from tests.integration.monitor.histories import tangled
from tests.integration.monitor.ledgers import NOON, Ledgers

NOBODY = cast("Watch", None)
"""Only a page asks it how far the projection is."""


def test_panels_are_made_one_after_the_other_until_it_is_enough(monitor: Engine, ledgers: Ledgers) -> None:
    tangled(ledgers, seed=1)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = History(monitor, rules=RULES, clock=lambda: NOON)
    conventions = Conventions(link_days=RULES.link_days, settled_days=365)
    figures = Figures(monitor, history.known_at, conventions=conventions, clock=lambda: NOON)
    overview, made = Overview(figures, monitor, watch=NOBODY, clock=lambda: NOON), 0

    def enough() -> bool:
        nonlocal made
        made += 1
        return made == 3

    overview.warm(enough=enough)
    assert made == 3
    overview.warm(enough=enough)
    assert made - 3 > len(PANELS) * len(LANGUAGES)
