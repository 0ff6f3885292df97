"""One simulated country for all tests of this folder: made once, and never changed."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

import pytest

from services.simulator.flow import Closure, closures
from services.simulator.history import History, State
from services.simulator.noise import Told
from services.simulator.parameters import FlowParameters

UNTIL = date(2014, 4, 1)
SEED = 7


@pytest.fixture(scope="session")
def until() -> date:
    """The day before which everything in `told` was recorded."""
    return UNTIL


@pytest.fixture(scope="session")
def flow() -> Callable[[int], Sequence[Closure]]:
    """All closures of a seed that start before 2024."""

    @cache
    def made(seed: int) -> Sequence[Closure]:
        return list(closures(seed, date(2024, 1, 1), FlowParameters()))

    return made


@pytest.fixture(scope="session")
def _history() -> tuple[Sequence[Told], State]:
    history = History(SEED, UNTIL)
    return list(history.told()), history.state()


@pytest.fixture(scope="session")
def told(_history: tuple[Sequence[Told], State]) -> Sequence[Told]:
    """Everything told until April 2014, in order."""
    return _history[0]


@pytest.fixture(scope="session")
def state(_history: tuple[Sequence[Told], State]) -> State:
    """Where the country stands then."""
    return _history[1]
