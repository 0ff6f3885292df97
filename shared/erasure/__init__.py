"""Erasure of a young person: what may be kept so that nobody comes back, and what stands where a fact stood."""

from shared.erasure.seal import KEY_CHARACTERS_MIN, ErasureKeyNeeded, Seal, proven, seal_of
from shared.erasure.tombstone import marked, mentioned, named, tombstone

__all__ = [
    "KEY_CHARACTERS_MIN",
    "ErasureKeyNeeded",
    "Seal",
    "marked",
    "mentioned",
    "named",
    "proven",
    "seal_of",
    "tombstone",
]
