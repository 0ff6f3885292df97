"""`doorstroom restore`: a backup becomes a data folder with which `doorstroom up` goes on.

Its Redis starts empty, always: one from before may be ahead of the restored ledgers, and the relays would refuse it.
"""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.command.backups.copies import copy_file, synced
from services.command.backups.erasures import take_out, wanted
from services.command.backups.manifest import DATABASES, MANIFEST, Manifest, read
from services.command.backups.verifying import verified
from services.command.erasure_key import KEY
from services.command.failures import Failed, WrongCall
from services.command.supervision.folder import RESTORING, owned
from shared.clock import Clock
from shared.settings import Settings

ASIDE = "replaced-"
READY = "ready"
"""In the folder of a restore: everything is there to be put in its place; its text is where to set aside what is
replaced, if anything is. From then on the restore is completed and not begun again, whoever was killed meanwhile."""


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
            _complete(data)
            found = [path for path in data.iterdir() if path.name not in ("up.lock", RESTORING)]
            if found and not replace:
                raise Failed(f"{data} is not empty; choose another folder with --data, or --replace what is there")
            aside = data / f"{ASIDE}{clock():%Y%m%dT%H%M%S.%fZ}" if found else None
            arriving = data / RESTORING
            with _undone(arriving):
                _arrive(source, arriving, manifest)
                gone = wanted(settings, arriving, file=erasures.file, nobody_else=erasures.nobody)
                take_out(settings, arriving, gone.erasures, clock=clock)
                _ready(arriving, aside)
            _complete(data)
    except OSError as error:
        raise Failed(f"the backup could not be restored: {error}") from error
    return Restored(manifest, aside, len(gone.erasures), gone.unread)


@contextmanager
def _undone(arriving: Path) -> Iterator[None]:
    """Whatever happens in here, the data folder is then as it was."""
    try:
        yield
    except BaseException:
        shutil.rmtree(arriving, ignore_errors=True)
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


def _ready(arriving: Path, aside: Path | None) -> None:
    """Say that everything is there, so that it is from now on what the data folder will be."""
    synced(arriving)
    preparing = arriving / f"{READY}.new"
    preparing.write_text("" if aside is None else aside.name)
    synced(preparing)
    preparing.rename(arriving / READY)
    synced(arriving)


def _complete(data: Path) -> None:
    """Put what is ready in its place and what was there aside, from wherever a restore got to that was killed."""
    arriving = data / RESTORING
    if not (arriving / READY).exists():
        return
    names = {*(file.name for file in read(arriving).files), KEY}
    there = {name for name in names if not (arriving / name).exists()}
    aside = (arriving / READY).read_text()
    if aside:
        _set_aside(data, data / aside, but=there)
    for name in names - there:
        (arriving / name).rename(data / name)
    synced(data)
    (arriving / READY).unlink()
    shutil.rmtree(arriving)


def _set_aside(data: Path, aside: Path, *, but: Collection[str]) -> None:
    """Move everything but what came with the restore, what was set aside before, and what belongs to a restore."""
    found = [path for path in data.iterdir() if path.name not in (*but, RESTORING, "up.lock")]
    aside.mkdir(mode=0o700, exist_ok=True)
    for path in found:
        if not path.name.startswith(ASIDE):
            path.rename(aside / path.name)
    synced(aside)
