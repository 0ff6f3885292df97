"""What the door refuses: only what no later fact could make true, all of it at once, and never with the value."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.facts.errors import ERRORS_MAX
from tests.unit.facts.events import DATED, ENTRIES, TODAY, answer, event_of, refusals

BSN = "123456782"


def test_all_errors_of_an_event_are_told_together() -> None:
    event = event_of(
        "placement-started",
        {"regime": "jail", "region": "JZ40", "closure": 5, "started_on": "2026-12-01", "mood": "x", "route": None},
        time="2026-09-01T12:10:00+02:00",
        id="",
        note="x",
    )
    del event["data"]["placement"]
    assert sorted(refusals(event)) == [
        ("/data/closure", "unknown_code"),
        ("/data/mood", "unknown_field"),
        ("/data/placement", "missing"),
        ("/data/regime", "unknown_code"),
        ("/data/region", "unknown_code"),
        ("/data/route", "unknown_code"),
        ("/data/started_on", "ahead"),
        ("/id", "format"),
        ("/note", "unknown_field"),
        ("/time", "ahead"),
    ]


def test_an_unknown_type_is_told_with_what_is_wrong_around_it() -> None:
    event = event_of("heartbeat", type="nl.doorstroom.rumour.v1", source="ecd", note="x")
    assert sorted(refusals(event)) == [("/note", "unknown_field"), ("/source", "format"), ("/type", "unknown_type")]


@pytest.mark.parametrize(
    "kind", [5, None, ["nl.doorstroom.heartbeat.v1"], {}, "heartbeat", "nl.doorstroom.heartbeat.v2"]
)
def test_a_type_that_is_none_is_unknown(kind: Any) -> None:
    assert ("/type", "unknown_type") in refusals(event_of("heartbeat") | {"type": kind})


@pytest.mark.parametrize("kind", ['{"a":' * 600 + "1" + "}" * 600, "[" * 600 + "]" * 600, "9" * 5000])
def test_a_type_of_any_depth_or_length_is_no_type(kind: str) -> None:
    """It is also one that no reader could print."""
    body = json.dumps(event_of("heartbeat")).replace('"nl.doorstroom.heartbeat.v1"', kind)
    assert refusals(body) in ([("", "json")], [("/type", "unknown_type")])


def test_an_event_without_type_misses_it() -> None:
    event = event_of("heartbeat")
    del event["type"]
    assert refusals(event) == [("/type", "missing")]


@pytest.mark.parametrize("text", ["", "{", b"\xff", '"\\ud800', "[" * 60_000, "{}{}", b"\xef\xbb\xbf"])
def test_what_is_no_json_is_refused_as_a_whole(text: str | bytes) -> None:
    assert refusals(text) == [("", "json")]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{\n  "id": "a",\n}', "trailing comma at line 3, column 1"),
        ('\ufeff{"id": "a"}', "expected value at line 1, column 1"),
        ('{"data": ' + "[" * 500 + "]" * 500 + "}", "recursion limit exceeded at line 1, column "),
    ],
    ids=["comma", "mark", "nested"],
)
def test_what_is_no_json_is_told_where_it_breaks_off(text: str, where: str) -> None:
    (error,) = answer(text)
    assert error.detail.startswith(f"This is not a JSON document in UTF-8: {where}")


@pytest.mark.parametrize("second", ['"id": "b"', '"id":"a-1"', '"\\u0069d" \n\t: "b"', '"id": null', '"id": {"id": 1}'])
def test_a_key_that_stands_twice_is_refused(second: str) -> None:
    """A reader keeps the first or the last of the two. Two equal values are refused as well, as RFC 7493 says."""
    body = json.dumps(event_of("placement-started", id="a-1"))
    assert ("/id", "repeated") in refusals(f"{body[:-1]}, {second}}}")
    assert ("/id", "repeated") in refusals(f"{{{second}, {body[1:]}")


def test_a_key_that_stands_twice_in_the_data_is_refused_with_everything_else() -> None:
    event = json.dumps(event_of("placement-started", {"regime": "jail"}, id=":"))
    body = event.replace('"closure"', '"closure": "open", "closure"')
    assert sorted(refusals(body)) == [("/data/closure", "repeated"), ("/data/regime", "unknown_code")]


@given(st.sampled_from(ENTRIES), st.data())
def test_an_event_without_a_repeated_key_is_never_refused_for_one(entry: Any, data: st.DataObject) -> None:
    """Whatever its spaces and escapes; and whichever key is repeated, it is seen."""
    event = event_of(entry.model.fact_name, id='":id')
    indent, separator = data.draw(st.sampled_from([None, 0, 3])), data.draw(st.sampled_from([":", " :", ": ", "\n:\t"]))
    body = json.dumps(event, indent=indent, separators=(",", separator))
    assert all(code != "repeated" for _, code in refusals(body))
    key = data.draw(st.sampled_from([*event, *event["data"]]))
    assert "repeated" in [
        code for _, code in refusals(body.replace(f'"{key}"{separator}', f'"{key}"{separator}1,"{key}":', 1))
    ]


@pytest.mark.parametrize("document", [[], 5, "text", None, True])
def test_what_is_no_object_is_refused_as_a_whole(document: Any) -> None:
    assert refusals(json.dumps(document)) == [("", "type")]


@pytest.mark.parametrize("half", [b"\\ud800", b"\xed\xa0\x80"])
def test_a_pointer_stops_above_a_key_that_is_no_text(half: bytes) -> None:
    """Half a surrogate pair, escaped or in bytes, is a key to some readers; no answer can repeat it."""
    body = b'{"data":{"%b":"%b","%b":{"a":"b"}}}' % (half, BSN.encode(), half)
    found = answer(body)
    assert isinstance(found, tuple)
    assert {error.pointer for error in found if error.code in ("repeated", "bsn")} == {"/data"}
    assert all(error.pointer.encode() is not None for error in found)


def test_a_pointer_escapes_tildes_and_slashes() -> None:
    assert refusals(event_of("heartbeat", **{"a~b/c": 1})) == [("/a~0b~1c", "unknown_field")]


def test_the_number_of_errors_of_one_event_has_an_end() -> None:
    assert len(refusals(event_of("heartbeat", {f"field{number}": 1 for number in range(1000)}))) == ERRORS_MAX


@given(st.text(min_size=3).filter(lambda text: text not in "unknown_field JSON pointer"))
def test_no_detail_echoes_what_was_sent(text: str) -> None:
    marked = f"<{text}>"
    event = event_of(
        "placement-started", {"regime": marked, "region": marked, "started_on": marked, "placement": marked}
    )
    found = answer(event | {"type": event["type"], "subject": marked, "time": marked})
    assert isinstance(found, tuple)
    assert not any(marked in error.detail or marked in error.pointer for error in found)


@pytest.mark.parametrize("entry", DATED, ids=lambda entry: entry.model.fact_name)
def test_a_fact_may_be_dated_one_day_ahead_and_no_more(entry: Any) -> None:
    """H4; a change of capacity is decided long before and may be dated ahead."""
    field = entry.model.dated

    def dated(day: date) -> list[tuple[str, str]]:
        written = f"{day}T12:00:00+02:00" if field == "at" else str(day)
        ends = dict.fromkeys(("valid_until", "requested_until", "next_due_on"), "2026-11-01")
        later = {"valid_from": "2026-10-01", "quarter": "2026-Q3", **ends}
        kept = {name: value for name, value in later.items() if name in entry.model.model_fields}
        return refusals(event_of(entry.model.fact_name, {**kept, field: written}))

    assert dated(TODAY + timedelta(days=1)) == []
    expected = [] if entry.model.dated_ahead else [(f"/data/{field}", "ahead")]
    assert dated(TODAY + timedelta(days=2)) == expected


def test_only_a_change_of_capacity_may_be_dated_ahead() -> None:
    assert [entry.model.fact_name for entry in ENTRIES if entry.model.dated_ahead] == ["capacity-changed"]


def test_the_date_of_a_moment_is_the_date_in_amsterdam() -> None:
    """22:30 in UTC on 2 September is the 3rd in Amsterdam, two days after today."""
    assert refusals(event_of("leave-started", {"at": "2026-09-02T21:30:00Z"})) == []
    assert refusals(event_of("leave-started", {"at": "2026-09-02T22:30:00Z"})) == [("/data/at", "ahead")]


def test_the_clock_of_a_source_may_run_five_minutes_ahead() -> None:
    assert refusals(event_of("heartbeat", time="2026-09-01T12:05:00+02:00")) == []
    assert refusals(event_of("heartbeat", time="2026-09-01T12:05:00.000001+02:00")) == [("/time", "ahead")]


def test_a_machtiging_may_lie_in_the_future() -> None:
    data = {"granted_on": "2026-09-01", "valid_from": "2027-01-01", "valid_until": "2027-12-31"}
    assert refusals(event_of("machtiging-granted", data)) == []


@pytest.mark.parametrize("until", ["2026-03-02", "2026-03-01"])
def test_a_period_ends_after_it_begins(until: str) -> None:
    """H2; a half-open period of no days says nothing."""
    granted = event_of("machtiging-granted", {"valid_from": "2026-03-02", "valid_until": until})
    requested = event_of("machtiging-requested", {"requested_on": "2026-03-02", "requested_until": until})
    assert refusals(granted) == [("/data/valid_until", "interval")]
    assert refusals(requested) == [("/data/requested_until", "interval")]


@pytest.mark.parametrize("subject", ["short", "x" * 65, "with spaces in it 1", "jansen@example.nl", 5])
def test_a_subject_has_the_form_of_a_pseudonym(subject: Any) -> None:
    assert [pointer for pointer, _ in refusals(event_of("placement-started") | {"subject": subject})] == ["/subject"]


def test_a_fact_about_a_person_needs_a_subject_and_another_has_none() -> None:
    pseudonym = event_of("placement-started")["subject"]
    assert refusals(event_of("placement-started", subject=None)) == [("/subject", "missing")]
    assert refusals(event_of("capacity-changed", subject=pseudonym)) == [("/subject", "not_allowed")]


def test_the_withdrawal_of_a_record_has_a_subject_when_the_record_has() -> None:
    pseudonym = event_of("placement-started")["subject"]
    assert refusals(event_of("record-withdrawn", {"of": "placement-started"}, subject=pseudonym)) == []
    assert refusals(event_of("record-withdrawn", {"of": "placement-started"}, subject=None)) == [
        ("/subject", "missing")
    ]
    assert refusals(event_of("record-withdrawn", {"of": "capacity-changed"}, subject=None)) == []
    assert refusals(event_of("record-withdrawn", {"of": "capacity-changed"}, subject=pseudonym)) == [
        ("/subject", "not_allowed")
    ]


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("heartbeat", "not_withdrawable"),
        ("record-withdrawn", "not_withdrawable"),
        ("rumour", "unknown_code"),
        ("nl.doorstroom.placement-started.v1", "format"),
    ],
)
def test_only_a_fact_of_the_catalogue_can_be_withdrawn(of: str, code: str) -> None:
    assert refusals(event_of("record-withdrawn", {"of": of})) == [("/data/of", code)]


def test_a_merge_names_another_pseudonym_in_its_own_form() -> None:
    subject = event_of("pseudonyms-merged")["subject"]
    assert refusals(event_of("pseudonyms-merged")) == []
    assert refusals(event_of("pseudonyms-merged", {"other": subject})) == [("/data/other", "same_person")]
    assert refusals(event_of("pseudonyms-merged", {"other": "short"})) == [("/data/other", "format")]
    assert refusals(event_of("pseudonyms-merged", subject=None)) == [("/subject", "missing")]


def test_a_merge_that_is_wrong_elsewhere_too_is_told_everything() -> None:
    wrong = event_of("pseudonyms-merged", {"other": event_of("pseudonyms-merged")["subject"], "since": "2026-01-01"})
    assert sorted(refusals(wrong)) == [("/data/other", "same_person"), ("/data/since", "unknown_field")]


def test_a_merge_can_be_withdrawn() -> None:
    assert refusals(event_of("record-withdrawn", {"of": "pseudonyms-merged"})) == []


def test_every_key_that_a_record_can_have_can_be_withdrawn() -> None:
    """A record without a key of its own has the id of its event, which may hold more signs than a key."""
    assert refusals(event_of("record-withdrawn", {"record": "{a=1&b}" + "x" * 121})) == []


@pytest.mark.parametrize("name", ["Jan (de) Vries", "'s-Hertogenbosch", "Súdwest-Fryslân", "Huis 12/14", "A"])
def test_the_name_of_a_place_is_short_and_plain(name: str) -> None:
    assert refusals(event_of("accommodation-registered", {"name": name, "municipality": name})) == []


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 81, "Jan, born in May", "a\nb", "mail@example.nl", "a;b", "a_b", "日本"]
)
def test_the_name_of_a_place_holds_no_prose(name: str) -> None:
    assert refusals(event_of("accommodation-registered", {"name": name})) == [("/data/name", "format")]


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (event_of("placement-started", {"placement": f"P-{BSN}"}), "/data/placement"),
        (event_of("placement-started", subject=f"person_{BSN}"), "/subject"),
        (event_of("placement-started", id=f"ecd:{BSN}"), "/id"),
        (event_of("placement-started", source=f"urn:nld:bsn:{BSN}"), "/source"),
        (event_of("placement-started", record="1234.56.782"), "/record"),
        (event_of("placement-started", revision=int(BSN)), "/revision"),
        (event_of("placement-started", sequence=BSN), "/sequence"),
        (event_of("accommodation-registered", {"name": f"Huis 12 {BSN}"}), "/data/name"),
        (event_of("accommodation-registered", {"name": "Huis 123 456 782"}), "/data/name"),
    ],
)
def test_a_bsn_in_any_field_is_refused(event: dict[str, Any], pointer: str) -> None:
    assert refusals(event) == [(pointer, "bsn")]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"note": BSN}),
        json.dumps({BSN: "note"}),
        json.dumps({"note": [{"deep": "1234.56.782"}]}),
        f'{{"note": {BSN}}}',
        f'{{"note": {BSN}.0}}',
        '{"note": 1.23456782e8}',
        '{"note": "12345678\\u0032"}',
        '{"note": "123456782", "note": "a key that stands twice"}',
        "[" * 60_000 + BSN,
        "[" * 900 + BSN + "]" * 900,
        '{"note": "12345678\\u0032"',
        json.dumps({"note": BSN}).encode("utf-16"),
        BSN,
    ],
    ids=lambda body: repr(body)[-40:],
)
def test_a_bsn_is_found_in_what_is_refused_for_something_else(body: str | bytes) -> None:
    """So that the body is kept nowhere; no escape, number, repeated key or broken document hides it."""
    assert "bsn" in [code for _, code in refusals(body)]


def test_a_bsn_is_found_in_a_value_that_a_repeated_key_hides() -> None:
    body = json.dumps(event_of("heartbeat")).replace('"id"', f'"id": "{BSN}", "id"')
    assert refusals(body) == [("/id", "repeated"), ("/id", "bsn")]


def test_no_answer_carries_a_bsn_along() -> None:
    event = event_of("placement-started", {BSN: 1, "more": {BSN: BSN}}, **{f"x{BSN}": 1})
    found = answer(event)
    assert isinstance(found, tuple)
    assert BSN not in repr(found)
    assert {"", "/data", "/data/more"} == {error.pointer for error in found if error.code == "bsn"}
