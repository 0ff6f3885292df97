"""The moment K as people write it: a moment, or a calendar date, which is known until it ends in Amsterdam (D1)."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from shared.calendar import end_of
from shared.facts.fact import FIRST_DAY, LAST_DAY


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) == len("2026-03-02"):
        day = date.fromisoformat(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError("a date from 2008 to 2099")
        return end_of(day)
    # A plus in an address that is not written as %2B arrives as a space.
    moment = datetime.fromisoformat(value.replace(" ", "+"))
    if moment.tzinfo is None or not FIRST_DAY <= moment.date() <= LAST_DAY:
        raise ValueError("a moment from 2008 to 2099 with its offset, such as 2026-03-02T14:30:00+01:00")
    return moment


KnownMoment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2026-03-02", "2026-03-02T14:30:00+01:00"]}),
    Field(description="Only what was accepted by then counts: a moment, or a date (until it ends in Amsterdam)."),
]
"""K in the query of a request."""

OnDay = Annotated[
    date, Field(ge=FIRST_DAY, le=LAST_DAY, description="The date in Europe/Amsterdam that the answer is of.")
]
"""D in the query of a request."""
