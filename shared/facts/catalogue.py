"""All facts by name: found in the family files of this folder, so a new fact is one class in one file."""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, create_model

import shared.facts
from shared.facts.envelope import AcceptedEvent, Event, Pseudonym
from shared.facts.fact import About, Fact

FactModel = type[Fact]
EventModel = type[Event]
AcceptedModel = type[AcceptedEvent]


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact in the catalogue."""

    type: str
    """The CloudEvents `type`, such as nl.doorstroom.placement-started.v1."""
    model: FactModel
    event: EventModel
    """The whole event with this fact in `data`, as a publisher sends it."""
    accepted: AcceptedModel
    """The same as the ledger hands it on."""


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every fact by CloudEvents type, in order of family and of appearance in it.

    Raises ValueError when two facts claim one name and version.
    """
    entries: dict[str, Entry] = {}
    for model in _models():
        if model.type() in entries:
            raise ValueError(f"{model.__name__} and {entries[model.type()].model.__name__} are both {model.type()}")
        entries[model.type()] = _entry(model)
    return entries


def by_name(name: str) -> FactModel | None:
    """The newest version of the fact with this name, or None."""
    versions = [entry.model for entry in catalogue().values() if entry.model.fact_name == name]
    return max(versions, key=lambda model: model.version, default=None)


@cache
def published() -> TypeAdapter[Event]:
    """Reads any event as a publisher may send it; an unknown type is an error of `type`."""
    return _union(entry.event for entry in catalogue().values() if entry.model.owner != "ledger")


@cache
def accepted() -> TypeAdapter[AcceptedEvent]:
    """Reads any event as streams and feeds carry it."""
    return _union(entry.accepted for entry in catalogue().values())


_REQUIRED, _ABSENT, _OPTIONAL = (Pseudonym, ...), (None, None), (Pseudonym | None, None)
_SUBJECTS: Mapping[About, tuple[Any, Any]] = {
    "person": (_REQUIRED, _REQUIRED),
    "other": (_ABSENT, _ABSENT),
    "either": (_OPTIONAL, _OPTIONAL),
    "target": (_OPTIONAL, _OPTIONAL),
    "erased": (_REQUIRED, _ABSENT),
}
"""The subject of an event as it is published, and as it is handed on."""


def _models() -> list[type[Fact]]:
    modules = [f"{shared.facts.__name__}.{module.name}" for module in pkgutil.iter_modules(shared.facts.__path__)]
    for module in modules:
        import_module(module)
    found = [model for model in Fact.__subclasses__() if "fact_name" in model.__dict__ and model.__module__ in modules]
    return sorted(found, key=lambda model: model.__module__)


def _entry(model: type[Fact]) -> Entry:
    fields: dict[str, Any] = {"type": (Literal[model.type()], ...), "data": (model, ...)}
    published, handed_on = _SUBJECTS[model.about]
    return Entry(
        model.type(),
        model,
        create_model(f"{model.__name__}Event", __base__=Event, **fields, subject=published),
        create_model(f"{model.__name__}Accepted", __base__=AcceptedEvent, **fields, subject=handed_on),
    )


def _union(models: Iterator[type[Any]]) -> TypeAdapter[Any]:
    tagged: Any = Annotated[reduce(or_, models), Field(discriminator="type")]
    return TypeAdapter(tagged, config=ConfigDict(hide_input_in_errors=True))
