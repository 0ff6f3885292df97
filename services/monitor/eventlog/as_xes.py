"""The event log as XES (IEEE 1849-2016): a trace for each young person; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import TextIO
from xml.sax.saxutils import quoteattr

from services.monitor.eventlog.cases import Case
from services.monitor.eventlog.happening import Happening, Value
from shared.calendar import rfc3339

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+01:00"/></global>
<classifier name="activity" keys="concept:name"/>
"""


def write_xes(cases: Iterable[Case], file: TextIO, *, known: datetime) -> None:
    """Write them, as known at that moment."""
    file.write(_HEAD)
    file.write(f'<string key="concept:name" value="Doorstroom, as known at {rfc3339(known)}"/>\n')
    for case in cases:
        file.write(f'<trace><string key="concept:name" value={quoteattr(case.name)}/>\n')
        for one in case.happened:
            file.write(_event(case, one))
        file.write("</trace>\n")
    file.write("</log>\n")


def _event(case: Case, one: Happening) -> str:
    said = (_attribute(name, value) for name, value in {**case.named(one), **one.attributes}.items())
    return (
        f'<event><string key="concept:name" value={quoteattr(one.activity)}/>'
        f'<date key="time:timestamp" value={quoteattr(one.at)}/>{"".join(said)}</event>\n'
    )


def _attribute(name: str, value: Value) -> str:
    match value:
        case bool():
            kind, text = "boolean", str(value).lower()
        case int():
            kind, text = "int", str(value)
        case str():
            kind, text = "string", value
    return f"<{kind} key={quoteattr(name)} value={quoteattr(text)}/>"
