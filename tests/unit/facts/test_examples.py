"""What publishers are shown of each fact is true: the example, the JSON Schema, the page."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from shared.facts.acceptance import parse
from shared.facts.catalogue import Entry, accepted, published
from shared.facts.envelope import Event
from shared.facts.reference import reference
from shared.facts.schema import DIALECT, example_event, schema_of
from tests.unit.facts.events import ENTRIES, NOW, PUBLISHED, TODAY, entry_of

PROJECT = Path(__file__).parents[3]

each_fact = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.model.fact_name)


def validator(entry: Entry) -> Draft202012Validator:
    schema = schema_of(entry)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.model.fact_name)
def test_the_door_takes_each_example(entry: Entry) -> None:
    event = parse(json.dumps(example_event(entry)), today=TODAY, now=NOW)
    assert isinstance(event, Event)
    assert type(event.data) is entry.model


def test_the_door_takes_nothing_that_only_ledgers_make() -> None:
    made = [entry for entry in ENTRIES if entry not in PUBLISHED]
    assert [entry.model.fact_name for entry in made] == ["fact-erased"]
    refused = parse(json.dumps(example_event(made[0])), today=TODAY, now=NOW)
    assert isinstance(refused, tuple)
    assert ("/type", "unknown_type") in {(error.pointer, error.code) for error in refused}


@each_fact
def test_each_example_fits_its_own_json_schema(entry: Entry) -> None:
    validator(entry).validate(example_event(entry))


@each_fact
def test_a_json_schema_names_itself_and_carries_its_example(entry: Entry) -> None:
    schema = schema_of(entry)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"/v1/schemas/{entry.type}.json"
    assert schema["title"] == entry.model.fact_name
    assert schema["description"]
    assert schema["examples"] == [example_event(entry)]


@each_fact
@pytest.mark.parametrize("where", ["event", "data"])
def test_json_schema_and_door_both_refuse_an_unknown_field(entry: Entry, where: str) -> None:
    event = example_event(entry)
    (event if where == "event" else event["data"])["remark"] = "x"
    with pytest.raises(ValidationError):
        validator(entry).validate(event)
    assert isinstance(parse(json.dumps(event), today=TODAY, now=NOW), tuple)


@each_fact
def test_a_reader_ignores_fields_that_it_does_not_know_yet(entry: Entry) -> None:
    event = example_event(entry) | {"acceptedat": "2026-08-31T14:05:01.000000Z", "position": 2, "prev": 1, "later": 1}
    event["data"]["later"] = "x"
    if entry.model.about == "erased":
        del event["subject"]
    assert accepted().validate_json(json.dumps(event)).data == entry.model.model_validate_json(
        json.dumps(entry.model.example)
    )


@each_fact
def test_a_fact_says_what_happened_and_who_takes_it(entry: Entry) -> None:
    assert (entry.model.__doc__ or "").strip()
    assert entry.model.owner in ("intake", "placement", "either", "ledger")
    assert entry.model.dated is None or entry.model.dated in entry.model.model_fields


def test_field_docstrings_reach_the_json_schema() -> None:
    data = schema_of(entry_of("placement-started"))["$defs"]["PlacementStarted"]
    assert data["properties"]["region"]["description"].startswith("The youth region where")


def test_the_example_of_a_fact_about_no_person_has_no_subject() -> None:
    event = example_event(entry_of("capacity-changed"))
    assert "subject" not in event
    assert published().validate_json(json.dumps(event)).subject is None


def test_the_page_about_the_facts_is_up_to_date() -> None:
    page = (PROJECT / "docs" / "facts.md").read_text(encoding="utf-8")
    assert page == reference(), "write it again: python -m shared.facts.reference > docs/facts.md"
