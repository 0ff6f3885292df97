"""Every store of an installation, opened together: the databases, the streams, and the files of the data folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from services.command.erasure_key import erasure_key_of, kept_key
from services.command.failures import Failed
from services.command.migrating import require_there, told
from services.command.supervision.system import LEDGER_SERVICES
from services.monitor.access.people import People
from services.monitor.erasures import recognise
from services.monitor.schema import upgrade
from shared.clock import Clock
from shared.databases import open_engine
from shared.erasure import ErasureKeyNeeded, Seal, seal_of
from shared.ledger import ErasureKeyDiffers, Ledger
from shared.ledger.errors import LedgerUnavailable
from shared.rejections import Rejections, forget_rejections
from shared.settings import Settings

DATABASES = (*LEDGER_SERVICES, "monitor", "access")


@dataclass(frozen=True, slots=True)
class Stores:
    """What a young person is taken out of."""

    settings: Settings
    kept_seal: Seal | None
    """None where there is no key yet, so that nobody can have been erased."""
    engines: Mapping[str, Engine]
    """By the name of the database; `access` may be the same one as `monitor`."""
    ledgers: Mapping[str, Ledger]
    people: People
    clock: Clock

    @property
    def databases(self) -> Mapping[str, Engine]:
        """Each database once, by the first of its names."""
        once: dict[str, Engine] = {}
        for name, engine in self.engines.items():
            if all(engine.url != other.url for other in once.values()):
                once[name] = engine
        return once

    @property
    def seal(self) -> Seal:
        """The seal of the installation. Raises Failed where there is none yet."""
        if self.kept_seal is None:
            raise Failed(
                "there is no erasure key, so nobody was erased here; a list of others needs DOORSTROOM_ERASURE_KEY"
            )
        return self.kept_seal


@contextmanager
def stores(settings: Settings, *, clock: Clock, making_key: bool = False) -> Iterator[Stores]:
    """All of them, at the schema of this version; `making_key` where somebody will be erased.

    Raises Failed when one is not there or does not answer, also later, or the key is another.
    """
    for name in DATABASES:
        require_there(settings, name)
    if settings.erasure_key is None and _elsewhere(settings):
        raise Failed("set DOORSTROOM_ERASURE_KEY to the key that the services have")
    seal = seal_of(kept_key(settings.data) if making_key and settings.erasure_key is None else erasure_key_of(settings))
    engines = {name: open_engine(settings.owner_url(name)) for name in DATABASES}
    try:
        with _answering():
            yield _opened(settings, engines, seal, clock)
    finally:
        for engine in engines.values():
            engine.dispose()


def _opened(settings: Settings, engines: Mapping[str, Engine], seal: Seal | None, clock: Clock) -> Stores:
    ledgers = {
        service: Ledger(engines[service], service=service, clock=clock, seal=seal, naming=(forget_rejections,))
        for service in LEDGER_SERVICES
    }
    for service, ledger in ledgers.items():
        with told(service):
            Rejections(engines[service], clock).create()
            ledger.create(partitions=settings.partitions)
            ledger.recognise()
    people = People(engines["access"], clock, seal=seal)
    with told("monitor"):
        upgrade(engines["monitor"])
        recognise(engines["monitor"], seal)
    with told("access"):
        people.create()
        people.log.recognise()
    return Stores(settings, seal, engines, ledgers, people, clock)


@contextmanager
def _answering() -> Iterator[None]:
    """What keeps a store from being used meanwhile is said in one line; whatever was done can be done again."""
    try:
        yield
    except (ErasureKeyDiffers, ErasureKeyNeeded) as error:
        raise Failed(str(error)) from error
    except LedgerUnavailable as error:
        raise Failed(f"a ledger does not answer ({error}); call this again when it does") from error
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        raise Failed(f"a database does not answer: {reason}; call this again when it does") from error
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise Failed(
            "a role may not do that in its database; erasing needs the owner (DOORSTROOM_..._OWNER_URL)"
        ) from error


def _elsewhere(settings: Settings) -> bool:
    return any(getattr(settings, f"{name}_database_url") is not None for name in DATABASES)
