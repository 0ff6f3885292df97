"""What a stream entry says, and whether entries follow each other without a gap."""

import json

from services.monitor.projector.entries import Garbled, Readable, Unknown, Unreadable, follow, read
from shared.facts.catalogue import catalogue


def event(position: int, prev: int, **other: object) -> tuple[bytes, bytes]:
    model = catalogue()["nl.doorstroom.placement-started.v1"].model
    said = {
        "specversion": "1.0",
        "id": f"event-{position}",
        "source": "urn:nld:kvknr:12345678:systeem:ecd",
        "type": "nl.doorstroom.placement-started.v1",
        "subject": "ann-0123456789abcdef",
        "time": "2026-03-02T12:00:00Z",
        "data": model.example,
        "acceptedat": "2026-03-02T12:00:01Z",
        "position": position,
        "prev": prev,
    }
    return b"%d-0" % position, json.dumps(said | other).encode()


def test_a_fact_is_read_with_its_place() -> None:
    entry = read(event(7, 3))
    assert isinstance(entry, Readable)
    assert (entry.position, entry.prev, entry.event.subject) == (7, 3, "ann-0123456789abcdef")


def test_a_type_of_a_newer_version_in_its_place_is_unknown() -> None:
    for kind in ("nl.doorstroom.something-new.v1", "nl.doorstroom.placement-started.v9"):
        assert read(event(7, 3, type=kind)) == Unknown(7, 3, kind)


def test_data_that_does_not_fit_says_where_and_about_whom_and_repeats_no_value() -> None:
    entry = read(event(7, 3, data={"placement": "Jan de Vries"}))
    assert isinstance(entry, Unreadable)
    assert "/data/started_on missing" in entry.reason
    assert "Jan" not in entry.reason
    assert (entry.position, entry.prev, entry.person) == (7, 3, "ann-0123456789abcdef")


def test_a_subject_that_is_no_pseudonym_is_nobody() -> None:
    for subject in ("too short", "x" * 65, 12, None, {"a": 1}):
        entry = read(event(7, 3, subject=subject))
        assert isinstance(entry, Unreadable)
        assert entry.person is None


def test_nothing_follows_a_fact_of_an_unknown_type() -> None:
    run = follow([read(event(4, 1)), read(event(6, 4, type="nl.doorstroom.new.v1")), read(event(7, 6))], after=1)
    assert [entry.position for entry in run.entries] == [4]
    assert (run.gap, run.unknown) == (None, Unknown(6, 4, "nl.doorstroom.new.v1"))


def test_what_has_no_place_of_its_own_is_garbled() -> None:
    assert read((b"7-0", b"{")) == Garbled(7)
    assert read((b"7-0", b"\xff")) == Garbled(7)
    assert read((b"7-0", b"")) == Garbled(7)
    assert read((b"8-0", event(7, 3)[1])) == Garbled(8)


def test_entries_follow_by_the_position_before_them() -> None:
    run = follow([read(event(4, 1)), read(event(9, 4))], after=1)
    assert ([entry.position for entry in run.entries], run.gap) == ([4, 9], None)


def test_what_is_behind_is_skipped() -> None:
    run = follow([read(event(1, 0)), read(event(4, 1)), read(event(9, 4))], after=4)
    assert [entry.position for entry in run.entries] == [9]


def test_a_gap_is_found_and_says_up_to_where() -> None:
    run = follow([read(event(4, 1)), read(event(12, 9)), read(event(13, 12))], after=1)
    assert ([entry.position for entry in run.entries], run.gap, run.missing_until) == ([4], 1, 9)


def test_a_garbled_entry_is_missing_itself() -> None:
    run = follow([read(event(4, 1)), Garbled(5)], after=1)
    assert (run.gap, run.missing_until) == (1, 5)
