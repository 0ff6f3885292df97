"""`doorstroom release`: let everyone see what is known now; from then on the turn of each month does so by itself."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from services.command.failures import Failed
from services.command.migrating import require_readable, require_there, told
from services.monitor.answers.releases import ReleaseTooSoon, make_release
from shared.clock import Clock
from shared.databases import open_engine
from shared.settings import Settings


class AlreadyReleased(Failed):
    """The last release is less than 28 days old."""


def release(settings: Settings, *, clock: Clock) -> datetime:
    """Make a release in the monitor's database, durably. Raises AlreadyReleased, or Failed when there is no monitor."""
    require_there(settings, "monitor")
    with told("monitor"):
        require_readable(settings, "monitor")
    engine = open_engine(settings.owner_url("monitor"))
    try:
        return make_release(engine, now=clock())
    except ReleaseTooSoon as error:
        raise AlreadyReleased(str(error)) from error
    except SQLAlchemyError as error:
        raise Failed("the monitor's database does not answer, or is of another version") from error
    finally:
        engine.dispose()
