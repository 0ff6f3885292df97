"""The event log as OCEL 2.0 in JSON: events, and the persons, closures and so on that they are about; pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from services.monitor.eventlog.cases import Case
from services.monitor.eventlog.happening import ACTIVITIES, ATTRIBUTES, OBJECTS, TYPES, Happening

OBJECT_TYPES = ("young-person", *OBJECTS, "accommodation")
PLACES = {"accommodation": "at", "to_accommodation": "to"}
"""The attributes that are objects of their own, and how an event relates to them."""

_TYPES = {name: kind for name, kind in TYPES.items() if kind != "date"}
"""OCEL has no type for a day: what it calls a time is a moment."""


def write_ocel(cases: Iterable[Case], file: TextIO) -> None:
    """Write them; the cases are gone through twice, for objects stand before events."""
    said = [{"name": name, "type": _TYPES.get(name, "string")} for name in ATTRIBUTES if name not in PLACES]
    types = {
        "objectTypes": [{"name": name, "attributes": []} for name in OBJECT_TYPES],
        "eventTypes": [{"name": name, "attributes": said} for name in ACTIVITIES],
    }
    file.write(json.dumps(types)[:-1])
    for name, those in (("objects", _objects(cases)), ("events", _events(cases))):
        file.write(f', "{name}": [')
        for number, one in enumerate(those):
            file.write(("\n" if number == 0 else ",\n") + json.dumps(one, ensure_ascii=False))
        file.write("\n]")
    file.write("}\n")


def _objects(cases: Iterable[Case]) -> Iterator[Mapping[str, Any]]:
    places = set[str]()
    for case in cases:
        yield _object(case.name, "young-person", {})
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for one in case.happened:
            named = case.named(one)
            for kind, name in named.items():
                _, related = found.setdefault(name, (kind, {case.name: "of"}))
                if kind == "placement" and "closure" in named:
                    related[named["closure"]] = "in"
            places.update(_places(one))
        for name, (kind, related) in found.items():
            yield _object(name, kind, related)
    for place in sorted(places):
        yield _object(place, "accommodation", {})


def _events(cases: Iterable[Case]) -> Iterator[Mapping[str, Any]]:
    for case in cases:
        for number, one in enumerate(case.happened, start=1):
            related = {case.name: "of"} | dict.fromkeys(case.named(one).values(), "in") | _places(one)
            yield {
                "id": f"{case.name}-{number}",
                "type": one.activity,
                "time": one.at,
                "attributes": [
                    {"name": name, "value": value} for name, value in one.attributes.items() if name not in PLACES
                ],
                "relationships": _relationships(related),
            }


def _places(one: Happening) -> dict[str, str]:
    """How an event relates to accommodations, by the name of each."""
    return {f"accommodation-{one.attributes[name]}": how for name, how in PLACES.items() if name in one.attributes}


def _object(name: str, kind: str, related: Mapping[str, str]) -> Mapping[str, Any]:
    return {"id": name, "type": kind, "attributes": [], "relationships": _relationships(related)}


def _relationships(related: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": how} for name, how in related.items()]
