"""Keyed hashes of what was erased: they recognise a pseudonym that comes again, and without the key tell nothing."""

from collections.abc import Iterable
from hashlib import sha256
from hmac import digest

KEY_CHARACTERS_MIN = 32
"""Of the key of an installation; it never changes, since what was erased could not be recognised by another."""

_MARK = "erased"
_BYTES = 16


class ErasureKeyNeeded(Exception):
    """Somebody was erased under a key that was not given: stop, for they could come back unseen."""

    def __init__(self) -> None:
        super().__init__("somebody was erased under another key; set DOORSTROOM_ERASURE_KEY to the key of the ledgers")


class Seal:
    """Hashes under the key of one installation (HMAC-SHA256, 128 bits of it). Equal input gives an equal hash for ever.

    The key is not in any of the databases: who has a copy of one only cannot find out whether somebody was erased, even
    when they know the pseudonym. A backup of the embedded default has the key beside them.
    """

    def __init__(self, key: str) -> None:
        if len(key) < KEY_CHARACTERS_MIN:
            raise ValueError(f"the erasure key has at least {KEY_CHARACTERS_MIN} characters")
        self._key = key.encode()

    def person(self, pseudonym: str) -> str:
        """Stands for a young person in the list of those who were erased: 32 hexadecimal digits."""
        return self._hash("person", pseudonym.encode()).hex()

    def event(self, source: str, id_: str) -> str:
        """Stands for the id of an event, so that the same event sent again is known."""
        return f"{_MARK}-{self._hash('event', source.encode(), id_.encode()).hex()}"

    def content(self, content_hash: bytes) -> bytes:
        """Stands for the hash of an event's content, which somebody could otherwise compare with guesses."""
        return self._hash("content", content_hash)

    def mark(self, pseudonym: str) -> str:
        """What is written in the place of a pseudonym inside another text; never longer than the pseudonym."""
        return f"{_MARK}{self.person(pseudonym)}"[: len(pseudonym)]

    @property
    def proof(self) -> str:
        """Equal for equal keys, so that a list made with another key is noticed."""
        return self._hash("key").hex()

    def _hash(self, purpose: str, *parts: bytes) -> bytes:
        text = b"\0".join((b"doorstroom erasure", purpose.encode(), *parts))
        return digest(self._key, text, sha256)[:_BYTES]


def proven(seal: Seal | None, proofs: Iterable[str]) -> None:
    """Raises ErasureKeyNeeded unless this is the seal of everybody on a list of those who were erased."""
    if any(seal is None or proof != seal.proof for proof in proofs):
        raise ErasureKeyNeeded


def seal_of(key: str | None) -> Seal | None:
    """The seal of an installation; None where nobody can be erased because no key is set."""
    return None if key is None else Seal(key)
