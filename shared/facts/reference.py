"""The page about the facts, written from the catalogue: `python -m shared.facts.reference > docs/facts.md`."""

import json
import sys
from collections.abc import Iterator
from inspect import cleandoc, getdoc
from itertools import groupby
from typing import Any

from shared.facts.catalogue import Entry, catalogue
from shared.facts.schema import example_event, schema_of

_HEAD = """
# Facts

What publishers say, one CloudEvent each. This page is written from the models by `python -m shared.facts.reference`;
a test fails when it lags behind. The JSON Schema of a type is served as `/v1/schemas/<type>.json`.

Dates are calendar dates in Europe/Amsterdam, from 2008-01-01 on, and periods are half-open: the last date is the first
that no longer counts. Moments are RFC 3339 with an offset. `?` marks a field that may be absent.

Around its `data` an event may have `record` and `revision`: the publisher's own key of the record that it says or
corrects, and the version of it, of which the highest counts; and `precision`: how exactly the source knows the day by
which the fact is dated, `day` (as where it is absent), `month` or `year`.

- **identifier**: a publisher's own key, 1 to 64 letters, digits, and `. _ : / -` after the first
- **record key**: the `record` of an event or, where it has none, its `id`: 1 to 128 visible ASCII characters
- **short name**: the public name of a place, 1 to 80 letters, digits, spaces and `. ' - / ( )`
- **month**: `YYYY-MM`; **court**: a slug such as `rechtbank-den-haag`
"""

_SERVICES = {
    "intake": "taken by intake",
    "placement": "taken by placement",
    "either": "taken by intake or placement",
    "ledger": "made by the ledgers, and taken from nobody",
}
_ABOUT = {
    "person": "a young person: `subject` is required",
    "other": "no person: `subject` must be absent",
    "either": "a young person where it names a placement: `subject` is required then, else absent",
    "erased": "a young person: `subject` is required, and is not kept",
    "target": "what the record it names is about: `subject` is required when that is a young person, else absent",
}


def reference() -> str:
    """The whole page, in Markdown; the same for the same facts."""
    families = groupby(catalogue().values(), key=lambda entry: entry.model.__module__)
    parts = [cleandoc(_HEAD)]
    for module, entries in families:
        parts.append(f"## {cleandoc(sys.modules[module].__doc__ or module)}")
        parts += [_section(entry) for entry in entries]
    return "\n\n".join(parts) + "\n"


def _section(entry: Entry) -> str:
    model = entry.model
    lines = [
        f"### {model.fact_name}",
        getdoc(model) or "",
        f"- type `{entry.type}`, {_SERVICES[model.owner]}\n- about {_ABOUT[model.about]}",
        "\n".join(_fields(entry)),
        f"```json\n{json.dumps(example_event(entry), indent=2, ensure_ascii=False)}\n```",
    ]
    return "\n\n".join(line for line in lines if line)


def _fields(entry: Entry) -> Iterator[str]:
    data = schema_of(entry)["$defs"][entry.model.__name__]
    if not data["properties"]:
        return
    yield "| field | values | meaning |\n| --- | --- | --- |"
    for name, field in data["properties"].items():
        optional = "" if name in data.get("required", ()) else "?"
        meaning = " ".join(field.get("description", "").split())
        yield f"| `{name}`{optional} | {_values(field)} | {meaning} |"


def _values(field: dict[str, Any]) -> str:
    (kind, *_) = (option for option in field.get("anyOf", [field]) if option.get("type") != "null")
    if "enum" in kind and len(kind["enum"]) > 30:
        return f"{kind['enum'][0]} to {kind['enum'][-1]}, {len(kind['enum'])} codes"
    if "enum" in kind:
        return ", ".join(f"`{code}`" for code in kind["enum"])
    if "pattern" in kind:
        return str(kind["title"])
    if "maximum" in kind:
        return f"{kind['minimum']} to {kind['maximum']}"
    return str(kind.get("format", kind["type"]))


if __name__ == "__main__":
    sys.stdout.write(reference())
