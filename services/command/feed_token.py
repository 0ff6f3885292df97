"""The token with which the monitor reads the feeds of intake and placement: made once, kept in the data folder."""

import os
from pathlib import Path

from services.command.failures import Failed
from shared.clock import Clock
from shared.databases import open_engine
from shared.publishers.registry import Publisher, PublisherUnknown, Registry
from shared.publishers.tokens import new_token
from shared.settings import Settings

READER = Publisher(
    name="monitor", sources=frozenset(), facts=frozenset(), accommodations=frozenset(), scopes=frozenset({"facts:read"})
)


def kept_token(folder: Path) -> str:
    """The feed token of this data folder, readable by this user only; made when there is none."""
    file = folder / "feed.token"
    if not file.exists():
        new = file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(new_token())
        new.replace(file)  # Whole or not at all, also when this process is killed here.
    token = file.read_text().strip()
    if not token:
        raise Failed(f"{file} is empty; remove it, and a new token is made")
    return token


def admit(settings: Settings, service: str, *, clock: Clock) -> None:
    """Let the feed token of the settings in at this service's own database; nothing changes when it is known there."""
    if settings.feed_token is None:
        return
    engine = open_engine(settings.owner_url(service))
    registry = Registry(engine, clock)
    try:
        registry.create()
        if registry.authenticate(settings.feed_token) is None:
            try:
                registry.rotate(READER.name, token=settings.feed_token)
            except PublisherUnknown:
                registry.add(READER, token=settings.feed_token)
    finally:
        engine.dispose()
