"""The CloudEvent around a fact: as a publisher sends it, and as the ledger hands it on."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from shared.calendar import calendar_date
from shared.facts.fact import Fact, Identifier, Moment, RecordKey

Source = Annotated[str, Field(pattern=r"^urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]{1,190}$")]
"""The system that says it, as a URN such as urn:nld:kvknr:12345678:systeem:ecd."""

Pseudonym = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{16,64}$",
        description="The young person, under a name that only the publishers' key can make; never a BSN.",
    ),
]
"""The young person, under a name that only the publishers' key can make."""


class Event(BaseModel):
    """A CloudEvent 1.0 as a publisher sends it (NL GOV profile 1.1), with the fact it carries in `data`.

    `record` and `revision` name the publisher's own record and its version; (source, fact name, record) is one record.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    specversion: Literal["1.0"]
    id: RecordKey
    """With `source` the key of this event, for ever: sent again it counts once, with other content it is refused."""
    source: Source
    """The system that says it, as a URN that is bound to the credential."""
    type: str
    subject: str | None = None
    time: Moment
    """When the source recorded it. Never used for durations: the dates in `data` say when the fact is true."""
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Annotated[str, Field(pattern=r"^https?://[!-~]{1,250}$")] | None = None
    record: Identifier | None = None
    """The source's own key of the record that this event says or corrects; the `id` where it is absent."""
    revision: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    """The version of the record; the highest counts (D12)."""
    precision: Literal["day", "month", "year"] | None = None
    """How exactly the source knows the day by which the fact is dated; to the day unless it says otherwise. Figures
    count that day as it is written; of a fact about a young person flag F16 says that it may have been another.
    """
    sequence: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,40}$")] | None = None
    sequencetype: Literal["Integer", "integer"] | None = None
    traceparent: Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None = None
    tracestate: Annotated[str, Field(pattern=r"^[!-~ ]{1,512}$")] | None = None
    data: Any

    @property
    def record_key(self) -> str:
        """The source's own key of this record; the event's id where none was given."""
        return self.record or self.id

    @property
    def true_on(self) -> date | None:
        """The date in Europe/Amsterdam by which the fact is dated; None for a fact without a date."""
        dated = self.data.dated
        if dated is None:
            return None
        said = getattr(self.data, dated)
        return calendar_date(said) if isinstance(said, datetime) else cast("date", said)

    def written(self) -> str:
        """The event as JSON, normalised: every writing of one event gives this."""
        return self.model_dump_json(exclude_none=True)


class AcceptedEvent(Event):
    """An event with the place that its service's ledger gave it; what streams and feeds carry."""

    acceptedat: Moment
    position: int
    """The gapless place in the ledger of the service, from 1."""
    prev: int
    """The position before it in its stream; 0 for the first."""
    erased: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """On youth-erased: a keyed hash that stands for the young person, whose pseudonym is not kept."""
    rewritten: Annotated[str, Field(pattern=r"^[0-9]+( [0-9]+)*$")] | None = None
    """On youth-erased: the positions in this ledger of facts about others that named the young person, in a key or an
    id. They were written anew, with a mark in its place: whoever has them as they were reads them again.
    """
    data: Fact
