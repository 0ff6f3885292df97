"""What every fact is: a frozen record of something that happened, with a written name, a version and an owner.

A family file declares a fact as a class and nothing else has to change:

    class DischargeRecorded(Fact, name="discharge-recorded", owner="placement", dated="discharged_on"):
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

Owner = Literal["intake", "placement", "either", "ledger"]
"""The service that takes a fact: one of the two, or either of them; `ledger` is of what nobody can publish."""

About = Literal["person", "other", "either", "target", "erased"]
"""Whom a fact is about: a young person (a subject is required), something else (a subject is refused), a young person
if it names a placement and else something else (restriction-reported), whoever the record it names is about
(record-withdrawn), or a young person whose pseudonym is not kept (youth-erased: a subject is
required at the door, and gone from what the ledger hands on)."""

Identifier = Annotated[str, Field(title="identifier", pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
"""A publisher's own key of something: 1 to 64 letters, digits, and . _ : / - inside."""

RecordKey = Annotated[str, Field(title="record key", pattern=r"^[!-~]{1,128}$")]
"""The key of a record as its source wrote it: the `record` of an event or, where that is absent, its `id`."""

FactName = Annotated[str, Field(title="name of a fact", pattern=r"^[a-z]+(-[a-z]+)*$", max_length=64)]
"""The written name of a fact, such as placement-started."""

ShortName = Annotated[
    str, Field(title="short name", pattern=r"^[A-Za-z0-9À-ÖØ-öø-ÿ'(][A-Za-z0-9À-ÖØ-öø-ÿ .'/()-]{0,79}$")
]
"""The short public name of a place: 1 to 80 letters, digits, spaces and . ' - / ( ); never the name of a person."""


def _in_ascii(value: str) -> str:
    if not value.isascii():
        raise PydanticCustomError("digits", "Write digits as 0 to 9")
    return value


ASCII = AfterValidator(_in_ascii)
"""For a pattern with \\d: in a JSON Schema that is 0 to 9, to the reader of events a digit of any script."""

Month = Annotated[str, Field(title="month", pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$"), ASCII]
"""A calendar month, YYYY-MM. A full date of birth is never accepted."""

FIRST_DAY = date(2008, 1, 1)
"""The first day of closed youth care by law; no fact is dated before it (H9 of the domain report, section 7.4)."""

LAST_DAY = date(2099, 12, 31)
"""No date lies after it; this stops 9999-12-31, by which some systems mean that there is no end."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII)


def _written_as_a_date(value: object) -> object:
    # Two hyphens keep out what a lenient reader would take for seconds since 1970; the rest is for the date parser.
    if type(value) is date or (isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"):
        return value
    raise PydanticCustomError("date_format", "Write a date as YYYY-MM-DD")


def _written_as_a_moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            # With an offset of the standard library, which compares and counts twice as fast as that of pydantic.
            return datetime.fromisoformat(value)
        except ValueError:
            return value  # pydantic says what is wrong, or reads a lower-case z.
    raise PydanticCustomError("moment_format", "Write a moment as RFC 3339 with an offset: 2026-03-02T14:30:00+01:00")


Day = Annotated[date, Field(strict=False, ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_written_as_a_date)]
"""A calendar date in Europe/Amsterdam, on or after the first day of the law."""


def _within_the_law(value: datetime) -> datetime:
    if FIRST_DAY <= value.date() <= LAST_DAY:
        return value
    raise PydanticCustomError("moment_range", "A moment lies from 2008 to 2099")


Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written_as_a_moment), AfterValidator(_within_the_law)
]
"""A moment with an offset; the figures take its calendar date in Europe/Amsterdam. Kept to the microsecond."""


def later_than(earlier: str) -> AfterValidator:
    """The end of a half-open interval: a date after the date in the field `earlier`, which stands above it (H2).

    The error is located at the end, and is left out when the beginning is itself in error.
    """

    def check(value: date, info: ValidationInfo) -> date:
        begin = info.data.get(earlier)
        if begin is not None and value <= begin:
            raise PydanticCustomError("not_after", "This must lie after {earlier}", {"earlier": earlier})
        return value

    return AfterValidator(check)


class Fact(BaseModel):
    """The `data` of one event: what is true, and since when.

    Reading ignores fields it does not know, so an older reader survives a newer writer; the door refuses them.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    fact_name: ClassVar[str]
    """The written name; not `name`, because an accommodation has a name of its own."""
    version: ClassVar[int]
    owner: ClassVar[Owner]
    about: ClassVar[About]
    dated: ClassVar[str | None]
    """The field that says when the fact is true (a date, or an aware datetime); None for a fact without a date."""
    dated_ahead: ClassVar[bool]
    """True for a fact that may be dated ahead, because it is decided long before it comes true (H4)."""
    example: ClassVar[dict[str, Any]]
    """The `data` of a valid event of this kind, as it stands in JSON."""

    def __init_subclass__(
        cls,
        *,
        name: str | None = None,
        version: int = 1,
        owner: Owner = "either",
        about: About = "person",
        dated: str | None = None,
        dated_ahead: bool = False,
    ) -> None:
        super().__init_subclass__()
        if name is not None:
            cls.fact_name, cls.version, cls.owner, cls.about = name, version, owner, about
            cls.dated, cls.dated_ahead = dated, dated_ahead

    @classmethod
    def type(cls) -> str:
        """The CloudEvents `type` of this fact."""
        return f"nl.doorstroom.{cls.fact_name}.v{cls.version}"
