"""Every word of the pages in Dutch and in English, from one catalogue; a test holds it complete."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from services.monitor.cockpit.charts.values import Language

LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language."""

    language: Language
    _texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values filled in. KeyError: there is no such key, or a value is missing."""
        return self._texts[key].format_map(values)

    def counted(self, key: str, number: int | Fraction | float, **values: object) -> str:
        """The text for so many: `none`, `one` or `many` under the key, for a language bends its verbs by it."""
        return self(f"{key}.{'none' if number == 0 else 'one' if number == 1 else 'many'}", **values)

    def named(self, kind: str, name: str) -> str:
        """What one of several is called (`title` `spoed`); its own name where the catalogue has none."""
        return self._texts.get(f"{kind}.{name}", name)


@cache
def words(language: Language) -> Words:
    """The catalogue in this language."""
    return Words(language, MappingProxyType({key: texts[language] for key, texts in catalogue().items()}))


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Each text by its key (`section.name`), in every language."""
    read = tomllib.loads(files(__package__).joinpath("words.toml").read_text())
    return MappingProxyType(dict(_flat(read, "")))


def _flat(part: Mapping[str, Any], head: str) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    for key, value in part.items():
        if set(value) == set(LANGUAGES):
            found.append((head + key, value))
        else:
            found += _flat(value, f"{head}{key}.")
    return found


def language_of(asked: str | None) -> Language:
    """The language that an address asks for: Dutch, unless it is English."""
    return "en" if asked == "en" else "nl"
