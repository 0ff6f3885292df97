"""A step of a schema that a database may have taken stays as it is: the next change is a step of its own."""

import hashlib
import json
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from shared.migrations.upgrade import newest

ROOT = Path(__file__).parents[2]
STEPS = {
    str(file.relative_to(ROOT)): file
    for folder in ("services", "shared")
    for file in sorted(ROOT.joinpath(folder).rglob("migrations/**/versions/[0-9]*.py"))
}
LOCK: dict[str, str] = json.loads(Path(__file__).with_name("steps.lock.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("step", sorted({*STEPS, *LOCK}))
def test_a_step_is_as_it_was_when_it_was_added(step: str) -> None:
    assert step in STEPS, "a database that lacks this step can no longer take it"
    digest = hashlib.sha256(STEPS[step].read_bytes()).hexdigest()[:16]
    assert LOCK.get(step) == digest, (
        f"A new step goes into steps.lock.json as {digest}. One that was there stays: the change is the next step."
    )


@pytest.mark.parametrize("chain", sorted({file.parents[1] for file in STEPS.values()}))
def test_the_last_step_of_a_chain_is_the_one_with_the_highest_number(chain: Path) -> None:
    """By it a start knows, without reading the steps, that it has none to take."""
    assert ScriptDirectory(str(chain)).get_heads() == [newest(chain)]
