"""Passwords: how one is hashed (Argon2id), checked, made, and which are refused."""

from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

LENGTH_MIN = 12
"""Characters of a password that somebody chose; length is what makes guessing hopeless (NIST SP 800-63B)."""

LENGTH_MAX = 256
"""More is refused before any work is done on it."""

_GENERATED_BYTES = 15


class PasswordRefused(ValueError):
    """Too short, too long, or a word that stands beside it; the message says which."""


class Passwords:
    """Hashes and checks. Each takes some 50 ms and 19 MiB, on purpose; call it from a thread."""

    def __init__(self) -> None:
        # The parameters that OWASP gives as the least for Argon2id.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._of_nobody = self._hasher.hash(new_password())

    def hash(self, password: str) -> str:
        """What is kept of a password: salted, with its parameters."""
        return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that was kept; the same work is done where there is none."""
        try:
            self._hasher.verify(kept or self._of_nobody, password)
        except VerifyMismatchError:
            return False
        except InvalidHashError as error:
            raise RuntimeError("what is kept of a password cannot be read") from error
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)


def new_password() -> str:
    """Twenty characters that nobody guesses."""
    return token_urlsafe(_GENERATED_BYTES)


def check_password(password: str, *, name: str) -> None:
    """Raises PasswordRefused for one that is too short, too long, or little more than the name."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise PasswordRefused(f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters")
    if name in password.lower() and len(password) - len(name) <= LENGTH_MIN // 2:
        raise PasswordRefused("A password is not the name with a little around it")
