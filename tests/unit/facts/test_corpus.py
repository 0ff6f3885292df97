"""Facts are a storage format: what the ledger took once stays readable, with the same meaning, for ever."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from shared.facts.catalogue import Entry, accepted, catalogue
from shared.facts.schema import schema_of
from tests.unit.facts.events import ENTRIES

HERE = Path(__file__).parent
CORPUS = sorted((HERE / "corpus").glob("*.json"))
LOCK: dict[str, str] = json.loads((HERE / "schemas.lock.json").read_text(encoding="utf-8"))

CHANGED = """The schema of {type} is not the one in schemas.lock.json.
Its meaning changed, or a field or a code went away or became stricter: leave this version as it was and write a new one
(version={version} on a new class, and a function from the old to the new). A field with a default or a code was added:
put "{type}": "{digest}" in the lock, and leave the corpus as it is."""


def digest_of(entry: Entry) -> str:
    """A hash of what a schema allows; titles, descriptions and examples may be improved freely."""
    shape = json.dumps(_shape(schema_of(entry)), sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()[:16]


def _shape(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_shape(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key for key in ("title", "description") if isinstance(schema.get(key), str)} | {"examples"}
    return {key: _shape(part) for key, part in schema.items() if key not in told}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_stored_event_is_read_as_it_was_written(path: Path) -> None:
    stored = path.read_text(encoding="utf-8")
    event = accepted().validate_json(stored)
    assert json.loads(event.model_dump_json(exclude_none=True)) == json.loads(stored)


def test_the_corpus_holds_an_event_of_every_type() -> None:
    assert [path.stem for path in CORPUS] == sorted(catalogue()), "store an event of the new type in corpus/"


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_stored_event_fills_every_field_of_its_fact(path: Path) -> None:
    """An event that leaves fields out would not show that they can still be read."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    fields = catalogue()[path.stem].model.model_fields
    assert set(data) == {field.alias or name for name, field in fields.items()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.model.fact_name)
def test_a_schema_changes_only_on_purpose(entry: Entry) -> None:
    digest = digest_of(entry)
    assert LOCK.get(entry.type) == digest, CHANGED.format(
        type=entry.type, version=entry.model.version + 1, digest=digest
    )


def test_no_schema_goes_away() -> None:
    assert set(LOCK) == set(catalogue()), "a type that was taken once is read for ever"
