"""Whether a backup is whole, and what this version can go on with."""

from collections.abc import Mapping
from pathlib import Path

from services.command.backups.copies import described, digest, reached
from services.command.backups.manifest import Manifest, read
from services.command.failures import Failed
from services.monitor import schema as monitor
from services.monitor.access import schema as access
from shared.migrations import knows

_STEPS: Mapping[str, Path | None] = {"monitor": monitor.STEPS, "access": access.STEPS}
"""The folder of a chain's steps, where that is not the shared one."""


def verified(folder: Path) -> Manifest:
    """The manifest, when the files are what it says. Raises Failed, naming what is damaged, missing or newer."""
    manifest = read(folder)
    for file in manifest.files:
        path = folder / file.name
        if not path.is_file():
            raise Failed(f"{folder} is no whole backup: {file.name} is missing")
        if path.stat().st_size != file.bytes or digest(path) != file.sha256:
            raise Failed(f"{path} is damaged: it is not the file that the manifest describes")
    if described(folder) != manifest.files or reached(folder) != manifest.positions:
        raise Failed(f"the manifest of {folder} says other than its files: it is of another backup, or was changed")
    for file in manifest.files:
        for chain, step in file.steps.items():
            if not knows(chain, step, steps=_STEPS.get(chain)):
                raise Failed(
                    f"{folder / file.name} has the step {step} of {chain}: only a newer doorstroom can read it"
                )
    return manifest
