"""Bearer tokens: how one is made, and what of it is stored."""

from hashlib import sha256
from secrets import token_urlsafe

PREFIX = "dst_"
"""How every token begins, so that scanners for leaked secrets can find one."""

_RANDOM_BYTES = 32
TOKEN_LENGTH_MAX = 128


def new_token() -> str:
    """A token that has never been given before: `dst_` and 32 random bytes in base64url."""
    return PREFIX + token_urlsafe(_RANDOM_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored of a token.

    One round of SHA-256 is enough: a slow, salted hash protects what people choose, and nobody can try 2^256 values.
    """
    return sha256(token.encode()).digest()
