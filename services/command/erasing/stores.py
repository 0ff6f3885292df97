"""Every store of an installation, opened together: the databases, the streams, and the files of the data folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from services.command.erasure_key import erasure_key_of, kept_key
from services.command.failures import Failed
from services.command.supervision.system import LEDGER_SERVICES
from services.monitor.access.people import People
from services.monitor.schema import upgrade
from shared.clock import Clock
from shared.databases import open_engine, parsed_url
from shared.erasure import Seal
from shared.ledger import ErasureKeyDiffers, Ledger
from shared.rejections import Rejections, forget_rejections
from shared.settings import Settings

DATABASES = (*LEDGER_SERVICES, "monitor", "access")


@dataclass(frozen=True, slots=True)
class Stores:
    """What a young person is taken out of."""

    settings: Settings
    seal: Seal
    engines: Mapping[str, Engine]
    """By the name of the database; `access` may be the same one as `monitor`."""
    ledgers: Mapping[str, Ledger]
    people: People
    clock: Clock


@contextmanager
def stores(settings: Settings, *, clock: Clock) -> Iterator[Stores]:
    """All of them, at the schema of this version. Raises Failed when one is not there, or the key is another."""
    missing = [name for name in DATABASES if not _is_there(settings, name)]
    if missing:
        raise Failed(f"there is no {missing[0]} in {settings.data}; choose its folder with --data")
    if settings.erasure_key is None and _elsewhere(settings):
        raise Failed("set DOORSTROOM_ERASURE_KEY to the key that the services have")
    seal = Seal(erasure_key_of(settings) or kept_key(settings.data))
    engines = {name: open_engine(settings.owner_url(name)) for name in DATABASES}
    try:
        ledgers = {
            service: Ledger(engines[service], service=service, clock=clock, seal=seal, naming=(forget_rejections,))
            for service in LEDGER_SERVICES
        }
        for service, ledger in ledgers.items():
            Rejections(engines[service], clock).create()
            ledger.create(partitions=settings.partitions)
            ledger.recognise()
        upgrade(engines["monitor"])
        people = People(engines["access"], clock, seal=seal)
        people.create()
        yield Stores(settings, seal, engines, ledgers, people, clock)
    except ErasureKeyDiffers as error:
        raise Failed(str(error)) from error
    finally:
        for engine in engines.values():
            engine.dispose()


def _elsewhere(settings: Settings) -> bool:
    return any(getattr(settings, f"{name}_database_url") is not None for name in DATABASES)


def _is_there(settings: Settings, name: str) -> bool:
    url = parsed_url(settings.database_url(name))
    return url.get_backend_name() != "sqlite" or _file(url.database)


def _file(database: str | None) -> bool:
    from pathlib import Path

    return database is not None and Path(database).is_file()
