"""`doorstroom restore`: a backup becomes a data folder with which `doorstroom up` goes on.

Its Redis starts empty, always: one from before may be ahead of the restored ledgers, and the relays would refuse it.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.command.backups.copies import copy_file, synced
from services.command.backups.erasures import take_out, wanted
from services.command.backups.manifest import DATABASES, MANIFEST, Manifest
from services.command.backups.verifying import verified
from services.command.erasure_key import KEY
from services.command.failures import Failed, WrongCall
from services.command.supervision.folder import RESTORING, owned
from shared.clock import Clock
from shared.settings import Settings

ASIDE = "replaced-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put where."""

    manifest: Manifest
    aside: Path | None
    """Where everything is that was in the folder before."""
    erased: int
    """Erasures that were applied to it again."""
    unread: Sequence[Path]
    """Ledgers of the folder before whose list of erasures could not be read, or that were gone."""


@dataclass(frozen=True, slots=True)
class Erasures:
    """What the caller says of who was erased since the backup, besides what the folder knows that it replaces."""

    file: Path | None = None
    nobody: bool = False


def restore(settings: Settings, source: Path, *, replace: bool, erasures: Erasures, clock: Clock) -> Restored:
    """Put a verified backup into the data folder, without those who were erased since.

    Raises Failed and changes nothing when that cannot be.
    """
    for name in DATABASES:
        if getattr(settings, f"{name}_database_url") is not None:
            raise WrongCall(f"a restore fills a data folder; unset DOORSTROOM_{name.upper()}_DATABASE_URL")
    data = settings.data
    if source.absolute().is_relative_to(data.absolute()):
        raise Failed(f"{source} is inside {data}, which it would replace; move the backup out of it first")
    manifest = verified(source)
    try:
        with owned(data):
            found = [path for path in data.iterdir() if path.name != "up.lock"]
            if found and not replace:
                raise Failed(f"{data} is not empty; choose another folder with --data, or --replace what is there")
            aside = data / f"{ASIDE}{clock():%Y%m%dT%H%M%S.%fZ}" if found else None
            arriving = data / RESTORING
            with _undone(arriving):
                _arrive(source, arriving, manifest)
                gone = wanted(settings, arriving, file=erasures.file, nobody_else=erasures.nobody)
                take_out(settings, arriving, gone.erasures, clock=clock)
            if aside is not None:
                _set_aside(data, aside)
            for name in {*(file.name for file in manifest.files), KEY}:
                if (arriving / name).exists():
                    (arriving / name).rename(data / name)
            synced(data)
            shutil.rmtree(arriving)
    except OSError as error:
        raise Failed(f"the backup could not be restored: {error}") from error
    return Restored(manifest, aside, len(gone.erasures), gone.unread)


@contextmanager
def _undone(arriving: Path) -> Iterator[None]:
    """Whatever happens in here, the data folder is then as it was: nobody starts on one only that was so before."""
    interrupted = arriving.exists()  # A restore before this one, perhaps when half of the folder was set aside.
    try:
        yield
    except BaseException:
        shutil.rmtree(arriving, ignore_errors=True)
        if interrupted:
            arriving.mkdir(mode=0o700, exist_ok=True)
        raise


def _arrive(source: Path, arriving: Path, manifest: Manifest) -> None:
    """Put the files beside the place where they will be, verified again. While they are there, nobody starts."""
    if arriving.exists():
        shutil.rmtree(arriving)
    arriving.mkdir(mode=0o700)
    for name in (*(file.name for file in manifest.files), MANIFEST):
        copy_file(source / name, arriving / name)
    if verified(arriving) != manifest:
        raise Failed(f"{source} changed while it was read")


def _set_aside(data: Path, aside: Path) -> None:
    found = list(data.iterdir())
    aside.mkdir(mode=0o700)
    for path in found:
        if path.name not in (RESTORING, "up.lock") and not path.name.startswith(ASIDE):
            path.rename(aside / path.name)
