"""The code lists that several families share, as readable slugs in English, or in Dutch for terms of law."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.facts.regions import REGIONS

Regime = Literal["jw6", "wvggz", "wzd", "jji", "open"]
"""The law a stay falls under; figures count jw6 (Jeugdwet chapter 6) unless they say otherwise."""

Closure = Literal["gesloten", "besloten", "hybride", "open"]
Sex = Literal["m", "f", "x"]
Setting = Literal[
    "gesloten", "besloten", "hybride", "open", "family", "ambulant", "ggz", "wvggz", "wzd", "jji", "three-milieu"
]
"""Where help is given or asked for."""

LivingSituation = Literal[
    "home",
    "network",
    "foster-care",
    "family-home",
    "open-residential",
    "three-milieu",
    "closed-jw6",
    "ggz-open",
    "ggz-wvggz",
    "wzd",
    "jji",
    "assisted-living",
    "independent",
    "crisis-care",
    "respite",
    "abroad",
    "homeless",
    "runaway",
    "deceased",
    "unknown",
]
"""Where a young person came from or went to."""

Area = Literal["noord", "oost", "noord-west", "zuid-west", "zuid"]
"""The five areas (zorggebieden) of closed youth care."""

Court = Annotated[str, Field(title="court", pattern=r"^[a-z][a-z0-9-]{1,63}$")]
"""A court as a slug, such as rechtbank-den-haag."""

MachtigingKind = Literal["regulier", "spoed", "voorwaardelijk"]
"""Jeugdwet 6.1.2, 6.1.3 and 6.1.4; each machtiging has the statutory term of its kind (6.1.12)."""


def _known_region(code: str) -> str:
    if code not in REGIONS:
        raise PydanticCustomError("unknown_region", "Unknown youth region; use a CBS code from JZ01 to JZ43")
    return code


Region = Annotated[str, Field(json_schema_extra={"enum": sorted(REGIONS)}), AfterValidator(_known_region)]
"""A CBS code of one of the 42 youth regions."""
