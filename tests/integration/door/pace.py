"""What tests of the pace of a client share: looking at it where the service does, at a moment that a test chooses."""

import threading
from collections.abc import Callable

from shared.listening import Listening

PIECE = b" " * 4095 + b"\n"
BYTES_MIN = 2048
NEVER_S = 3600.0
"""In this time nobody looks by itself, so a test that looks itself does not depend on how fast a machine is."""
KERNEL_BYTES_MAX = 64 * 1024
"""What it may hold at one end; it would let that grow to megabytes, so that a few looks see all of an answer gone."""


def looked(ours: Listening, look: Callable[[], object]) -> None:
    """Look at a pace where the service does."""
    done = threading.Event()
    ours.loop.call_soon_threadsafe(lambda: (look(), done.set()))
    assert done.wait(20)
