"""One running Doorstroom for the tests that leave it whole, and a publisher that may say everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.processes import Up, folder, free_ports, up
from tests.flow.publishing import SOURCE, Publisher, registered


@pytest.fixture(scope="session")
def system() -> Iterator[Up]:
    """Everything, ready."""
    with folder() as data, up(data, free_ports()) as started:
        started.wait_until_ready()
        yield started


@pytest.fixture(scope="session")
def publisher(system: Up) -> Iterator[Publisher]:
    """Somebody who may publish every fact and read the feeds."""
    with registered(system, "hospital", sources=[SOURCE], scopes=["facts:write", "facts:read"]) as publisher:
        yield publisher


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder for a system of the test's own."""
    with folder() as path:
        yield path
