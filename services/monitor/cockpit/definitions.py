"""What a figure counts and how, in the language of the page: the figure itself says it in English, a file in Dutch."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from services.monitor.cockpit.charts.values import Language
from services.monitor.figures.figure import Figure


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure explained to people."""

    title: str
    counts: str
    formula: str
    rules: str
    version: str


def definition_of(figure: Figure, language: Language) -> Definition:
    """The definition in this language."""
    rules = ", ".join(figure.rules)
    if language == "en":
        return Definition(figure.title, figure.counts, figure.formula, rules, figure.version)
    told = dutch()[figure.name]
    return Definition(figure.title_dutch, told["telt"], told["formule"], rules, figure.version)


@cache
def dutch() -> Mapping[str, Mapping[str, str]]:
    """By figure the Dutch text, and of which version of the figure it is."""
    return tomllib.loads(files(__package__).joinpath("definitions.toml").read_text())
