"""`doorstroom migrate`: the databases at the schema of this version, by the role that owns them, and what services may.

A service whose own role owns its tables brings them there by itself; one whose role may only add cannot.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from services.command.failures import Failed
from services.command.feed_token import admit
from services.command.supervision.folder import private
from shared.clock import Clock
from shared.databases import open_engine, parsed_url
from shared.ledger import Ledger
from shared.ledger.errors import NotDurable, PartitionsDiffer, ServiceDiffers
from shared.migrations import SchemaAhead, SchemaBehind, require_known
from shared.privileges import LEDGER, Privileges, RoleMissing, grant, role_of
from shared.publishers.registry import Registry
from shared.rejections import Rejections
from shared.settings import Settings


def migrate(settings: Settings, service: str, *, clock: Clock) -> None:
    """Bring the database of a service to this version, and grant its role what it needs. Raises Failed."""
    if not settings.owner_url(service).startswith("postgresql"):
        private(settings.data)
    with told(service):
        bring(settings, service, settings.owner_url, clock=clock)
        for name, privileges in _privileges(settings, service).items():
            role = role_of(settings.database_url(name))
            with _opened(settings.owner_url(name)) as owner:
                if role is not None and role != owner.url.username:
                    grant(owner, role, privileges)
        if service != "monitor":
            admit(settings, service, clock=clock)


def bring(settings: Settings, service: str, address: Callable[[str], str], *, clock: Clock) -> None:
    """Take the steps that the database of a service lacks, by its address; nothing changes when it lacks none."""
    with _opened(address(service)) as engine:
        Registry(engine, clock).create()
        if service != "monitor":
            Ledger(engine, service=service, clock=clock).create(partitions=settings.partitions)
            Rejections(engine, clock).create()
            return
        from services.monitor.access.people import People
        from services.monitor.schema import upgrade

        upgrade(engine)
    with _opened(address("access")) as access:
        People(access, clock).create()


def is_there(settings: Settings, name: str) -> bool:
    """Whether a database may be there; of a file of SQLite it is known."""
    url = parsed_url(settings.database_url(name))
    return url.get_backend_name() != "sqlite" or (url.database is not None and Path(url.database).is_file())


def require_there(settings: Settings, name: str) -> None:
    """Raises Failed where a database is not there: what only reads or changes one makes none in a folder beside it."""
    if not is_there(settings, name):
        what = "access database" if name == "access" else name
        raise Failed(f"there is no {what} in {settings.data}; choose its folder with --data")


def require_readable(settings: Settings, service: str) -> None:
    """Take no step. Raises SchemaAhead where a database of a service is of a newer version."""
    with _opened(settings.database_url(service)) as engine:
        for chain in ("publishers",) if service == "monitor" else ("publishers", "ledger", "rejections"):
            require_known(engine, chain=chain)
        if service != "monitor":
            return
        from services.monitor import schema as monitor
        from services.monitor.access import schema as access

        require_known(engine, chain="monitor", steps=monitor.STEPS)
    with _opened(settings.database_url("access")) as engine:
        require_known(engine, chain="access", steps=access.STEPS)


@contextmanager
def told(service: str, *, doing: str = "do that") -> Iterator[None]:
    """What keeps a database from being used is said in one line; `doing` is what its role may not, where that is it."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        raise Failed(f"the database of {service} does not answer: {reason}") from error
    except (SchemaAhead, SchemaBehind) as error:
        raise Failed(f"the database of {service} is not at this version: {error}") from error
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        needed = "`migrate` and the commands of the administration need the owner (DOORSTROOM_..._OWNER_URL)"
        raise Failed(f"the role of {service} may not {doing} in its database; {needed}") from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        # So SQLite says that a file is damaged, or none of its own.
        raise Failed(f"the database of {service} cannot be used: {error.orig}") from error
    except (RoleMissing, NotDurable, PartitionsDiffer, ServiceDiffers) as error:
        raise Failed(str(error)) from error


def _privileges(settings: Settings, service: str) -> Mapping[str, Privileges]:
    """What the service may do, by the name of each of its databases."""
    if service != "monitor":
        return {service: LEDGER}
    from services.monitor.privileges import ACCESS, MONITOR

    if settings.owner_url("access") == settings.owner_url("monitor"):
        return {"monitor": {**MONITOR, **ACCESS}}
    return {"monitor": MONITOR, "access": ACCESS}


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
