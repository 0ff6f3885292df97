"""What a figure may be split by, with every category there is: those nobody falls in too, so that tables compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol

from services.monitor.accommodations import Register
from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.state import Dossier, Title
from services.monitor.figures.question import Window
from shared.facts.regions import AREA_OF, AREAS, REGIONS

UNKNOWN = "unknown"
UNKNOWN_REGION = "unknown-region"
"""The region that lies in the unknown area: a category and its group have names of their own."""
NONE = "none"
"""No title covers the day."""

REGION_IF_KNOWN = Dimension(
    "region",
    (*sorted(REGIONS), UNKNOWN_REGION),
    {code: AREA_OF[code] for code in sorted(REGIONS)} | {UNKNOWN_REGION: UNKNOWN},
)
"""Every region in its area, and the one that nobody said."""

YEARS_MAX = 60


class Described(Protocol):
    """Says of what month and sex a young person is, if it says it: a placement, or a wait."""

    @property
    def birth_month(self) -> str | None: ...
    @property
    def sex(self) -> str | None: ...


class Subject(NamedTuple):
    """What is asked of one thing that is counted."""

    dossier: Dossier
    stays: Sequence[Described]
    accommodation: str | None
    """Where it is on the day; nowhere yet, of a wait."""
    region: str | None
    """Only of a wait it may be unknown."""
    day: date
    """The day on which it is looked at: its first, or the date of a stock."""
    started_on: date
    ended_on: date | None


class Split(NamedTuple):
    """A dimension and which category of it a subject falls in."""

    dimension: Dimension
    category: Callable[[Subject], str]


@dataclass(frozen=True, slots=True)
class SplitKind:
    """A split as it is offered."""

    meaning: str
    of: Callable[[Register, Window], Split]


def splits_of(
    names: Sequence[str], register: Register, window: Window, *, kinds: Mapping[str, SplitKind] | None = None
) -> tuple[Split, ...]:
    """The splits of these names, in this order. Raises KeyError for one that is not among the kinds, SPLITS if none."""
    return tuple((SPLITS if kinds is None else kinds)[name].of(register, window) for name in names)


def covering(titles: Sequence[Title], on: date) -> Title | None:
    """The title that covers a day and lasts longest, None when no title does (D10)."""
    found = [title for title in titles if title.from_on <= on < title.until_on]
    return max(found, key=lambda title: (title.until_on, title.from_on, title.machtiging), default=None)


def age_on(birth_month: str, day: date) -> int:
    """Whole years on a day, of who was born in this month (YYYY-MM): the birthday counts from its first day on."""
    return (day.year * 12 + day.month - int(birth_month[:4]) * 12 - int(birth_month[5:])) // 12


def _area(_register: Register, _window: Window) -> Split:
    return Split(Dimension("area", AREAS), _area_of)


def _area_of(subject: Subject) -> str:
    return AREA_OF[subject.region] if subject.region else UNKNOWN


def _region(_register: Register, _window: Window) -> Split:
    codes = tuple(sorted(REGIONS))
    return Split(Dimension("region", codes, {code: AREA_OF[code] for code in codes}), _region_of)


def _region_of(subject: Subject) -> str:
    return subject.region or UNKNOWN_REGION


def _area_if_known(_register: Register, _window: Window) -> Split:
    return Split(Dimension("area", (*AREAS, UNKNOWN)), _area_of)


def _region_if_known(_register: Register, _window: Window) -> Split:
    return Split(REGION_IF_KNOWN, _region_of)


def provider_of(register: Register) -> tuple[Dimension, Callable[[str | None], str]]:
    """The providers of the register, and which of them an accommodation has; unknown where nobody said it."""
    of: dict[str | None, str] = {one.accommodation: one.provider or UNKNOWN for one in register.accommodations}
    names = sorted({*of.values()} - {UNKNOWN})
    return Dimension("provider", (*names, UNKNOWN)), lambda accommodation: of.get(accommodation, UNKNOWN)


def _provider(register: Register, _window: Window) -> Split:
    dimension, provider = provider_of(register)
    return Split(dimension, lambda subject: provider(subject.accommodation))


def _title(_register: Register, _window: Window) -> Split:
    def kind(subject: Subject) -> str:
        found = covering(subject.dossier.titles, subject.day)
        return found.kind if found else NONE

    return Split(Dimension("title", ("regulier", "spoed", "voorwaardelijk", NONE)), kind)


def _legal_frame(_register: Register, _window: Window) -> Split:
    def frame(subject: Subject) -> str:
        found = covering(subject.dossier.titles, subject.day)
        return found.legal_frame if found else NONE

    return Split(Dimension("legalFrame", ("ots", "vots", "voogdij", "consent", "combi", NONE)), frame)


AGE_BANDS = ("under-12", "12-13", "14-15", "16-17", "18-plus", UNKNOWN)


def _age(_register: Register, _window: Window) -> Split:
    def band(subject: Subject) -> str:
        month = next((stay.birth_month for stay in subject.stays if stay.birth_month), None)
        if month is None:
            return UNKNOWN
        age = age_on(month, subject.day)
        return AGE_BANDS[0] if age < 12 else AGE_BANDS[4] if age >= 18 else AGE_BANDS[1 + (age - 12) // 2]

    return Split(Dimension("age", AGE_BANDS), band)


def _sex(_register: Register, _window: Window) -> Split:
    return Split(
        Dimension("sex", ("m", "f", "x", UNKNOWN)),
        lambda subject: next((stay.sex for stay in subject.stays if stay.sex), UNKNOWN),
    )


def _year(_register: Register, window: Window) -> Split:
    """Of the day that puts it in the window: of its start, or of its end."""
    last = max(window.a.year, min(window.b.year - (window.b.month == window.b.day == 1), window.a.year + YEARS_MAX))
    years = tuple(str(year) for year in range(window.a.year, last + 1))
    return Split(Dimension("year", years), lambda subject: str(subject.day.year))


SPLITS: Mapping[str, SplitKind] = MappingProxyType(
    {
        "area": SplitKind("The area (zorggebied) of the region.", _area),
        "region": SplitKind("The youth region where the young person lived before the first placement.", _region),
        "provider": SplitKind("The provider of the accommodation, by the register.", _provider),
        "title": SplitKind("The kind of the machtiging that covers the day and lasts longest (D10).", _title),
        "legalFrame": SplitKind("The legal frame of that machtiging.", _legal_frame),
        "age": SplitKind("Age in whole years on the day, by month of birth.", _age),
        "sex": SplitKind("Sex as registered.", _sex),
        "year": SplitKind("The calendar year of the day that puts it in the window.", _year),
    }
)
"""Every split, by its name in an address."""

SPLITS_OF_REFERRALS: Mapping[str, SplitKind] = MappingProxyType(
    {
        "area": SplitKind("The area (zorggebied) of the region.", _area),
        "region": SplitKind(
            "The youth region where the young person lived when the wait began. A referral says it; of a machtiging "
            "without one it may be `unknown-region`, and the area `unknown`.",
            _region,
        ),
        "title": SPLITS["title"],
        "legalFrame": SPLITS["legalFrame"],
        "age": SplitKind("Age in whole years on the day, by month of birth as known when the wait began.", _age),
        "sex": SplitKind("Sex as known when the wait began.", _sex),
        "year": SPLITS["year"],
    }
)
"""What is known of who was referred. No provider: nobody has placed them yet."""
SPLITS_OF_WAITS: Mapping[str, SplitKind] = MappingProxyType(
    {
        **SPLITS_OF_REFERRALS,
        "area": replace(SPLITS_OF_REFERRALS["area"], of=_area_if_known),
        "region": replace(SPLITS_OF_REFERRALS["region"], of=_region_if_known),
    }
)
"""What is known of who waits on a machtiging: those without a referral may come from anywhere."""

SPLITS_OF_ANYBODY: Mapping[str, SplitKind] = MappingProxyType(
    {
        "area": replace(SPLITS_OF_WAITS["area"], meaning="The area (zorggebied) of the region; it may be `unknown`."),
        "region": replace(
            SPLITS_OF_WAITS["region"],
            meaning="The youth region that the latest referral says, or else the last placement by the day; without "
            "either it is `unknown-region`.",
        ),
        "title": SPLITS["title"],
        "legalFrame": SPLITS["legalFrame"],
        "age": SplitKind("Age in whole years on the day, by month of birth as last said by then.", _age),
        "sex": SplitKind("Sex as last said by the day.", _sex),
    }
)
"""What is known of who need not be placed, nor wait for a closed place (see whose.py)."""
