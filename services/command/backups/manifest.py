"""What a backup says of itself; everything in it but its age and its version can be found again in the files."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from services.command.failures import Failed

FORMAT = 1
"""Raised when an older version could not read what is written now."""
MANIFEST = "manifest.json"
DATABASES = ("monitor", "access", "intake", "placement")
"""In the order in which they are copied. The monitor before the ledgers: a copy of it that is behind them catches up
from their feeds; one that is ahead would know facts that nobody has."""

FileName = Literal["monitor.sqlite", "access.sqlite", "intake.sqlite", "placement.sqlite", "feed.token", "erasure.key"]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CopiedFile(_Said):
    """One file of the backup."""

    name: FileName
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    steps: Mapping[str, str] = {}
    """The step of each chain of migrations in it."""


class Reached(_Said):
    """How far the facts of one service had come."""

    ledger: int
    """Facts in its ledger."""
    projected: int
    """Facts of it that the monitor had taken."""


class Manifest(_Said):
    """A whole backup."""

    format: int
    doorstroom: str
    made_at: datetime
    """When the first file was begun: everything acknowledged before is in it."""
    positions: Mapping[str, Reached]
    files: tuple[CopiedFile, ...]

    @field_validator("files")
    @classmethod
    def _complete(cls, files: tuple[CopiedFile, ...]) -> tuple[CopiedFile, ...]:
        names = [file.name for file in files]
        missing = {f"{name}.sqlite" for name in DATABASES} - set(names)
        if missing or len(set(names)) != len(names):
            raise ValueError(f"the files must be each there once; missing: {', '.join(sorted(missing)) or 'none'}")
        return files

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.bytes for file in self.files)


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into the folder of the backup, on disk."""
    descriptor = os.open(folder / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(manifest.model_dump_json(indent=2) + "\n")
        written.flush()
        os.fsync(written.fileno())


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Failed where there is none, it is not right, or a newer version made it."""
    file = folder / MANIFEST
    try:
        said = json.loads(file.read_text())
    except FileNotFoundError:
        raise Failed(f"{folder} is no whole backup: it has no {MANIFEST}") from None
    except (OSError, ValueError) as error:
        raise Failed(f"{file} cannot be read: {error}") from error
    _refuse_newer(folder, said)
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        complaints = (
            f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors(include_url=False)
        )
        raise Failed(f"{file} is not right: {'; '.join(complaints)}") from error


def _refuse_newer(folder: Path, said: object) -> None:
    if not isinstance(said, dict):
        return
    made_by, own = said.get("doorstroom"), version("doorstroom")
    try:
        newer = Version(str(made_by)) > Version(own)
    except InvalidVersion:
        raise Failed(f"{folder / MANIFEST} is not right: doorstroom: {made_by} is no version") from None
    form = said.get("format")
    if newer or (isinstance(form, int) and form > FORMAT):
        raise Failed(
            f"{folder} was made by doorstroom {made_by}, this is {own}; restore it with that version or a newer one"
        )
