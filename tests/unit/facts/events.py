"""Events for the tests: the day on which they are told, and every fact that a model can hold."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from shared.facts.acceptance import parse
from shared.facts.catalogue import Entry, catalogue
from shared.facts.envelope import Event
from shared.facts.errors import FieldError
from shared.facts.fact import FIRST_DAY, LAST_DAY, Fact
from shared.facts.schema import example_event

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)

ENTRIES = list(catalogue().values())
PUBLISHED = [entry for entry in ENTRIES if entry.model.owner != "ledger"]
DATED = [entry for entry in ENTRIES if entry.model.dated]


def entry_of(name: str) -> Entry:
    """The first version of the fact with this name."""
    return catalogue()[f"nl.doorstroom.{name}.v1"]


def event_of(name: str, data: Mapping[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """The example of this fact with some of its data or attributes changed; an attribute of None is taken out."""
    event = example_event(entry_of(name))
    event["data"] = {**event["data"], **(data or {})}
    return {key: value for key, value in {**event, **attributes}.items() if value is not None}


def answer(event: Any) -> Event | tuple[FieldError, ...]:
    """What the door makes of it, as a structure or as it is written."""
    return parse(event if isinstance(event, str | bytes) else json.dumps(event), today=TODAY, now=NOW)


def refusals(event: Any) -> list[tuple[str, str]]:
    """Where it is refused, and by which code; nothing for one that is taken."""
    found = answer(event)
    return [(error.pointer, error.code) for error in found] if isinstance(found, tuple) else []


def facts() -> st.SearchStrategy[Fact]:
    """Any fact that the models allow and somebody may publish, made in Python."""
    return st.one_of([facts_of(entry.model) for entry in PUBLISHED])


def facts_of(model: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any fact of this model; fields are drawn one by one, and what breaks a rule between two of them is left out."""
    schema = model.model_json_schema()
    schema = _inlined(schema, schema.get("$defs", {}))
    drawn = {name: _values(field) for name, field in schema.get("properties", {}).items()}
    required = {name: drawn.pop(name) for name in schema.get("required", ())}
    made = st.fixed_dictionaries(required, optional=drawn).map(partial(_made, model))
    return made.filter(lambda fact: fact is not None)


def _inlined(schema: Any, defs: Mapping[str, Any]) -> Any:
    """The schema with what it refers to in its place."""
    match schema:
        case {"$ref": place}:
            return _inlined(defs[place.rpartition("/")[2]], defs)
        case dict():
            return {key: _inlined(part, defs) for key, part in schema.items() if key != "$defs"}
        case list():
            return [_inlined(part, defs) for part in schema]
    return schema


def _made(model: type[Fact], values: dict[str, Any]) -> Any:
    try:
        return model(**values)
    except ValidationError:
        return None


def _values(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    match field:
        case {"anyOf": options}:
            return st.one_of([_values(option) for option in options])
        case {"enum": codes}:
            return st.sampled_from(codes)
        case {"const": only}:
            return st.just(only)
        case {"pattern": pattern}:
            return st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= field.get("maxLength", 128))
        case {"minimum": least, "maximum": most}:
            return st.integers(least, most)
        case {"format": "date"}:
            return st.dates(FIRST_DAY, LAST_DAY)
        case {"format": "date-time"}:
            offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
            return st.datetimes(datetime(2008, 1, 2), datetime(2099, 12, 30), timezones=offsets)  # noqa: DTZ001
        case {"type": "array", "items": item}:
            return st.lists(_values(item), min_size=1, max_size=3)
        case {"type": "object", "properties": fields}:
            return st.fixed_dictionaries({name: _values(one) for name, one in fields.items()})
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "null"}:
            return st.none()
    raise AssertionError(f"no values are known for {field}")
