"""The door that most tests knock at: one for each test, or one for all tests of a file that change nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.door.doors import Door, opened, publisher, settings_in


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """An empty placement service, with the publisher `ecd`. It has no Redis: storing does not need one."""
    with opened(settings_in(tmp_path)) as running:
        running.register(publisher())
        yield running
