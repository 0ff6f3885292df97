"""What the answers look like, for the description of the API; the tests hold real answers to it."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.monitor.figures.shown import Status


class Document(BaseModel):
    """Names are lower camel case, and nothing else is in it."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Cell(Document):
    """A value with its status; there is no value unless the status is exact, rounded or given."""

    status: Annotated[
        Status, Field(description="too-small: 0 to 9 young persons; withheld: another cell would follow.")
    ]
    value: int | float | str | None = None
    fraction: Annotated[str | None, Field(description="An exact value that is not whole: numerator/denominator.")] = (
        None
    )
    part: int | None = None
    whole: int | None = None


class Definition(Document):
    """What a figure counts, and how."""

    version: str
    counts: str
    formula: str
    rules: list[str]
    example: str


class Parameter(Document):
    """Something that may be chosen about a figure."""

    name: str
    default: int | str
    allowed: str
    meaning: str


class ListedFigure(Document):
    """A figure in the list of all."""

    name: str
    title: str
    title_dutch: str
    view: str
    period: str
    definition: Definition
    splits: list[str]
    parameters: list[Parameter]


class FigureList(Document):
    """All figures."""

    figures: list[ListedFigure]


class FigureColumn(Document):
    """What stands in a column."""

    name: str
    unit: str
    meaning: str


class FigureRow(Document):
    """One line of a table."""

    key: dict[str, str]
    at: int | str | None
    values: dict[str, Cell]


class FigureTable(Document):
    """A table of an answer."""

    name: str
    title: str
    unit: str
    dimensions: list[str]
    at: str | None
    columns: list[FigureColumn]
    rows: list[FigureRow]


class Period(Document):
    """[from, until)."""

    from_: Annotated[date, Field(alias="from")]
    until: date


class FigureCase(Document):
    """One of the cases behind a number."""

    person: str
    kind: str
    key: str
    started_on: date
    ended_on: date | None
    flags: list[str]


class FigureCases(Document):
    """A page of the cases behind a number."""

    page: int
    total: int
    cases: list[FigureCase]


class FigureAnswer(Document):
    """A figure, answered, with its explanation."""

    figure: str
    title: str
    title_dutch: str
    view: str
    on: Annotated[date, Field(description="What is dated later has not happened.")]
    known: Annotated[datetime, Field(description="What was accepted later is not known.")]
    final: Annotated[bool, Field(description="Whether this answer never changes again.")]
    window: Period | None
    split: list[str]
    where: dict[str, str]
    parameters: dict[str, int | str]
    n: Cell
    inferred: Annotated[Cell, Field(description="The share of n that rests on an end that nobody reported.")]
    provisional: bool
    settled_days: int
    link_days: int
    definition: Definition
    audience: str
    notes: list[str]
    tables: list[FigureTable]
    cases: FigureCases | None = None


class MovedFact(Document):
    """A fact that moved a figure."""

    id: str
    source: str
    name: str
    accepted_at: datetime


class ChangedCell(Document):
    """One cell, before and after."""

    table: str
    key: dict[str, str]
    at: int | str | None
    measure: str
    before: Cell | None
    after: Cell | None


class ChangedTable(Document):
    """A table of which it is told only how much of it changed."""

    table: str
    cells: Annotated[int, Field(description="How many of its cells changed.")]


class FigureChange(Document):
    """A figure that changed."""

    figure: str
    title: str
    before: Annotated[Cell, Field(description="n as known at `since`.")]
    after: Cell
    values: Annotated[
        list[ChangedCell] | None,
        Field(description="Every cell of its tables that changed; null on the pages after the first, which gave them."),
    ]
    further: Annotated[
        list[ChangedTable],
        Field(description="Its tables with a line for each day or gap: ask the figure at both moments for the values."),
    ]
    facts: Annotated[
        list[MovedFact] | None, Field(description="Those among the facts of this page that moved it; null outside.")
    ]


class FigureChanges(Document):
    """What changed between two moments."""

    on: date
    since: datetime
    known: datetime
    final: bool
    audience: str
    persons: Annotated[int | None, Field(description="How many young persons have another dossier; null outside.")]
    accepted: Annotated[
        int | None,
        Field(
            description="How many facts were accepted in between, on all pages together, whether they moved a figure."
        ),
    ]
    more: Annotated[bool, Field(description="Whether there is a next page of facts: the header Link leads to it.")]
    changes: list[FigureChange]


DATE = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "examples": ["2025-01-31T12:00:00Z", "2025-01-31"]}


def query_key(name: str, schema: dict[str, Any], meaning: str, *, required: bool = False) -> dict[str, Any]:
    """A key of an address, in the words of OpenAPI."""
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": meaning}
