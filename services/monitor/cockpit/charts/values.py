"""What every picture is told besides its numbers: how wide, in which language, and values that may not be shown."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Language = Literal["nl", "en"]

Number = int | float | Fraction


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that is not shown: too small, withheld, or not estimable. It is never drawn as zero."""

    text: str
    """Why, in the words of the page: `te klein`, `niet getoond`."""


Value = Number | Hidden


@dataclass(frozen=True, slots=True)
class Canvas:
    """How wide a picture is, in its own units; the page scales it to the column it stands in."""

    name: str
    width: int
    height: int
    """Of a picture whose height does not follow from what is in it."""


WIDE = Canvas("wide", 640, 320)
NARROW = Canvas("narrow", 360, 300)
CANVASES = (WIDE, NARROW)
"""The page holds each picture in both, and shows the one that fits the column: letters stay legible at 320 px."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture is called, and what it says to those who do not see it."""

    identity: str
    """Unique on the page: letters, digits and hyphens."""
    title: str
    description: str
    language: Language = "nl"


@dataclass(frozen=True, slots=True)
class Axis:
    """What is along an axis, with its unit."""

    label: str
    kind: Literal["count", "number", "share"] = "count"
    """Whole numbers, any numbers, or shares of 1 that are shown as percentages."""
