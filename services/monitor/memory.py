"""Python's search for cycles, kept away from what is in memory for long: it would look through all, and find none.

A dossier has no cycles, so it goes when nobody has it any more. The search costs two fifths of the time of a figure
over a large history when it runs as often as Python lets it.
"""

import gc

YOUNG_MAX = 50_000
"""New objects between two searches among the new ones."""
SEARCHES_MAX = 20
"""Searches among new objects before one among older ones."""


def search_seldom() -> None:
    """For a process that makes millions of small objects without cycles."""
    gc.set_threshold(YOUNG_MAX, SEARCHES_MAX, SEARCHES_MAX)


def settle() -> None:
    """What is in memory now stays, as far as anybody can tell: later searches leave it out."""
    gc.collect()
    gc.freeze()
