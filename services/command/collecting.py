"""When Python's garbage collector looks for cycles, in whatever goes through many facts."""

import gc

COLLECT_AFTER = (50_000, 20, 100)
"""Facts and dossiers are many objects and hold no cycle. With Python's own numbers a quarter of the time of a
projection or a rebuild goes into looking at them."""


def collect_rarely() -> None:
    """From now on, in this process."""
    gc.set_threshold(*COLLECT_AFTER)
