"""The key by which those who were erased are recognised: made once, kept in the data folder."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from services.command.failures import Failed
from shared.erasure import KEY_CHARACTERS_MIN
from shared.publishers.tokens import new_token
from shared.settings import Settings

KEY = "erasure.key"


def kept_key(folder: Path) -> str:
    """The erasure key of this data folder, readable by this user only; made when there is none."""
    file = folder / KEY
    if not file.exists():
        descriptor, new = mkstemp(prefix=f".{KEY}.", dir=folder)
        try:
            with os.fdopen(descriptor, "w") as written:
                written.write(new_token())
                written.flush()
                os.fsync(written.fileno())
            with suppress(FileExistsError):  # Another service was first: there is one key.
                os.link(new, file)  # Whole or not at all, also when this process is killed here.
        finally:
            os.unlink(new)
    return read_key(file)


def with_key(settings: Settings, service: str) -> Settings:
    """The settings with the erasure key that this service has: of the data folder where its database is in it."""
    if settings.erasure_key is not None or getattr(settings, f"{service}_database_url") is not None:
        return settings
    return settings.model_copy(update={"erasure_key": kept_key(settings.data)})


def erasure_key_of(settings: Settings) -> str | None:
    """The erasure key that is set, or else the one of the data folder; None where there is none yet."""
    file = settings.data / KEY
    return settings.erasure_key or (read_key(file) if file.exists() else None)


def read_key(file: Path) -> str:
    """The key in a file. Raises Failed when it is none: another one would not recognise those who were erased."""
    key = file.read_text().strip()
    if len(key) < KEY_CHARACTERS_MIN:
        raise Failed(f"{file} holds no key; put back the one that was there, for example from a backup")
    return key
