"""Every word of the pages is there in both languages, says the same, and is used."""

import re
from string import Formatter
from typing import get_args

import pytest

from services.monitor.cockpit.overview import PANELS
from services.monitor.cockpit.words import LANGUAGES, catalogue, language_of, words
from services.monitor.dossier.flags import FLAGS
from services.monitor.dossier.schooling import NO_SCHOOLING
from services.monitor.figures.destinations import DESTINATION, WENT
from services.monitor.figures.quality import DELAYS
from services.monitor.figures.stock import BANDS
from services.monitor.figures.waiting import LENGTHS
from shared.facts.expert import ExpertAdviceFollowedUp
from shared.facts.regions import AREAS
from shared.facts.schooling import EducationChanged
from shared.facts.waiting import WaitingEnded
from tests.house.source import PROJECT

COCKPIT = PROJECT / "services" / "monitor" / "cockpit"
SOURCES = [*COCKPIT.rglob("*.py"), *COCKPIT.rglob("*.html")]
CODE = "\n".join(path.read_text() for path in SOURCES)

NAMED = set(re.findall(r'named\(\s*"(\w+)"', CODE)) | {"flag", "title", "measure"}
"""Sections that are asked for by a name that comes with the facts."""

COUNTED = {
    f"{key}.{number}" for key in re.findall(r'counted\(\s*"([\w.]+)"', CODE) for number in ("none", "one", "many")
}
"""Keys that are asked for by how many there are."""

BUILT = tuple({*re.findall(r'f"([\w.]+\.)\{', CODE), *re.findall(r'words\("([\w.]+\.)" ~', CODE)})
"""How keys begin that are put together."""

TITLES = {f"{name}.title" for name in PANELS}


def values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", catalogue())
def test_a_text_is_there_in_both_languages_with_the_same_values(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() for text in texts.values())
    assert values(texts["nl"]) == values(texts["en"])


def test_every_key_that_is_asked_for_is_in_the_catalogue() -> None:
    asked = set(re.findall(r'(?:words|say)\(\s*"([\w.-]+)"[,)]', CODE))
    assert len(asked) > 100
    assert (asked | COUNTED) - catalogue().keys() == set()


def test_every_key_in_the_catalogue_is_asked_for() -> None:
    unused = [
        key
        for key in catalogue()
        if f'"{key}"' not in CODE
        and key not in TITLES | COUNTED
        and key.split(".")[0] not in NAMED
        and not key.startswith(BUILT)
    ]
    assert unused == []


def test_everything_that_has_a_name_in_the_figures_has_one_in_words() -> None:
    keys = catalogue().keys()
    assert {f"flag.{code}" for code in FLAGS} <= keys
    assert {f"band.{band}" for band in BANDS} <= keys
    assert {f"wait.{length}" for length in LENGTHS} <= keys
    assert {f"area.{area}" for area in AREAS} <= keys
    assert {f"delay.{delay}" for delay in DELAYS} <= keys
    assert {f"went.{name}" for name in (*WENT.categories, *DESTINATION.categories)} <= keys


REASONS = {
    *("ended", "late-data", "merged", "heard-again", "rule-changed", "told-elsewhere", "time-passed", "left-to-flags"),
    *("discharged", "deceased", "moved-away", "arrived", "returned", "placed", "placed-again", "lapsed", "answered"),
    *("titled", "requested", "expired", "no-title", "issued", "evaluated"),
    *("within-limits", "residents-left", "small-scale", "back-on-the-path", "plans-on-the-path"),
    *("consulted", "plan-adopted"),
    *(reason for reason in get_args(WaitingEnded.model_fields["reason"].annotation)),
    *(status for status in get_args(ExpertAdviceFollowedUp.model_fields["status"].annotation)),
    *(status for status in get_args(EducationChanged.model_fields["status"].annotation) if status != NO_SCHOOLING),
}
"""What ends an alert."""

OTHER_PAIRS = {"days", "no-school", "since"}
"""What else stands behind a comma in the code of the conditions."""


def test_whatever_ends_an_alert_is_said_in_words() -> None:
    """Most closed alerts of the Dutch list said why in one English word of the code, such as `returned`."""
    assert {reason for reason in REASONS if f"reason.{reason}" not in catalogue()} == set()
    code = "\n".join(path.read_text() for path in (PROJECT / "services/monitor/alerts/conditions").glob("*.py"))
    endings = set(re.findall(r'(?:, |else )"([a-z-]+)"\)', code)) | set(re.findall(r'"([a-z-]+)" if', code))
    assert "residents-left" in endings
    assert endings - REASONS == OTHER_PAIRS


def test_a_name_without_words_is_shown_as_it_is() -> None:
    assert words("nl").named("reason", "unheard-of") == "unheard-of"


@pytest.mark.parametrize(
    ("asked", "expected"), [("en", "en"), ("nl", "nl"), ("fr", "nl"), (None, "nl"), ("", "nl"), ("EN", "nl")]
)
def test_a_page_is_dutch_unless_english_is_asked_for(asked: str | None, expected: str) -> None:
    assert language_of(asked) == expected
