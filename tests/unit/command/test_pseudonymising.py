"""Pseudonyms in the place of BSNs: of whom an event is about, and none is left anywhere else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.command.failures import Failed, WrongCall
from services.command.pseudonymising import Pseudonymised, Refused, make_key, of_bsns, of_events, read_key
from shared.pseudonym import pseudonym_of

KEY = b"k" * 32
BSN, OTHER = "123456782", "111222333"
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "urn:nld:kvknr:12345678:systeem:ecd",
    "type": "nl.doorstroom.placement-started.v1",
    "subject": BSN,
    "data": {"placement": "P-1"},
}

Told = Callable[..., list[Pseudonymised | Refused]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What becomes of these events, one a line; a text is a line as it is."""

    def made(*events: dict[str, Any] | str) -> list[Pseudonymised | Refused]:
        file = tmp_path / "events.ndjson"
        file.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in events))
        return list(of_events(file, KEY))

    return made


@pytest.mark.parametrize("written", [BSN, "1234.56.782", "123 456 782"])
def test_the_subject_becomes_a_pseudonym_and_the_rest_stays(told: Told, written: str) -> None:
    (one,) = told(EVENT | {"subject": written})
    assert isinstance(one, Pseudonymised)
    assert (one.number, one.people) == (1, 1)
    assert json.loads(one.text) == EVENT | {"subject": pseudonym_of(BSN, KEY)}


def test_an_event_about_nobody_passes_as_it_is(told: Told) -> None:
    about_nobody = {name: value for name, value in EVENT.items() if name != "subject"}
    (one,) = told(about_nobody)
    assert isinstance(one, Pseudonymised)
    assert (json.loads(one.text), one.people) == (about_nobody, 0)


def test_both_who_are_one_person_become_pseudonyms(told: Told) -> None:
    (one,) = told(EVENT | {"type": "nl.doorstroom.pseudonyms-merged.v1", "data": {"other": OTHER}})
    assert isinstance(one, Pseudonymised)
    assert one.people == 2
    assert json.loads(one.text)["data"] == {"other": pseudonym_of(OTHER, KEY)}


@pytest.mark.parametrize("subject", ["123456783", "12345678", pseudonym_of(BSN, KEY), "", int(BSN), [BSN]])
def test_what_is_no_bsn_is_refused_with_its_line_and_not_repeated(told: Told, subject: object) -> None:
    _, one = told(EVENT, EVENT | {"subject": subject})
    assert isinstance(one, Refused)
    assert one.number == 2
    assert "`subject`" in one.why
    assert not subject or str(subject) not in one.why


@pytest.mark.parametrize(
    "change", [{"record": f"P-{BSN}"}, {"id": OTHER}, {"data": {"placement": "P-1", "note": f"zie {BSN}"}}]
)
def test_an_event_that_has_a_bsn_elsewhere_is_refused(told: Told, change: dict[str, Any]) -> None:
    (one,) = told(EVENT | change)
    assert isinstance(one, Refused)
    assert "elsewhere" in one.why


def test_an_event_with_two_subjects_is_refused_as_the_door_would(told: Told) -> None:
    """Of two keys a reader keeps one: the fact would be about the other young person as likely."""
    (one,) = told(json.dumps(EVENT)[:-1] + f', "subject": "{OTHER}"}}')
    assert isinstance(one, Refused)
    assert "more than once" in one.why


@pytest.mark.parametrize(
    "value", ['"\\ud800"', "[" * 50_000 + "]" * 50_000, "1" * 5_000, "NaN"], ids=["half", "nested", "digits", "nan"]
)
def test_what_the_door_could_not_read_is_refused(told: Told, value: str) -> None:
    (one,) = told(json.dumps(EVENT)[:-1] + f', "record": {value}}}')
    assert isinstance(one, Refused)
    assert "no event" in one.why


@pytest.mark.parametrize("line", ["{nonsense", "{}[]"])
def test_what_is_no_event_is_refused(told: Told, line: str) -> None:
    (one,) = told(line)
    assert isinstance(one, Refused)


def test_a_row_of_csv_becomes_an_event_with_a_pseudonym(tmp_path: Path) -> None:
    file = tmp_path / "started.csv"
    file.write_text(f"id,source,type,subject,placement\n1,urn:nld:x:y,placement-started,{BSN},P-1\n")
    (one,) = of_events(file, KEY)
    assert isinstance(one, Pseudonymised)
    event = json.loads(one.text)
    assert (event["subject"], event["data"]) == (pseudonym_of(BSN, KEY), {"placement": "P-1"})


def test_of_a_list_each_line_is_a_bsn(tmp_path: Path) -> None:
    file = tmp_path / "bsns.txt"
    file.write_text(f"{BSN}\n\nnobody\n")
    good, bad = of_bsns(file, KEY)
    assert good == Pseudonymised(1, pseudonym_of(BSN, KEY), 1)
    assert isinstance(bad, Refused)
    assert bad.number == 3


def test_a_key_is_made_once_for_this_user_only(tmp_path: Path) -> None:
    file = tmp_path / "pseudonym.key"
    make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    key = read_key(file)
    assert len(key) >= 32
    with pytest.raises(WrongCall, match="another pseudonym"):
        make_key(file)
    assert read_key(file) == key


def test_a_short_key_is_refused_and_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "pseudonym.key"
    file.write_text("x" * 31 + "\n")
    with pytest.raises(Failed, match="32 characters") as refused:
        read_key(file)
    assert "xxx" not in str(refused.value)
    with pytest.raises(WrongCall):
        read_key(tmp_path / "absent")
