"""A short private folder for sockets, and programs to supervise."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: a Unix socket allows 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="ds-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
