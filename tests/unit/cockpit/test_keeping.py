"""What was made for a page is kept, and made again for whom it is for: those who watch, and whoever comes first."""

import pytest

from services.monitor.cockpit import keeping
from services.monitor.cockpit.keeping import Keeping


class Making:
    """Counts how often something was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_what_follows_is_given_as_it_was_made_last_and_made_again_when_refreshed() -> None:
    kept, making = Keeping(), Making()
    assert [kept.of("key", version, making, follows=True) for version in (1, 2)] == [1, 1]
    assert (kept.refresh(2), kept.refresh(2)) == (1, 0)
    assert kept.of("key", 2, making, follows=True) == 2


def test_nothing_more_is_made_again_when_it_is_enough() -> None:
    kept, making = Keeping(), Making()
    for key in "abc":
        kept.of(key, 1, making, follows=True)
    assert kept.refresh(2, enough=lambda: making.times == 5) == 2
    assert kept.refresh(2) == 1


def test_what_does_not_follow_is_made_for_each_version() -> None:
    kept, making = Keeping(), Making()
    assert [kept.of("key", version, making, follows=False) for version in (1, 1, 2)] == [1, 1, 2]
    assert kept.refresh(3) == 0


def test_what_nobody_watches_is_made_again_only_when_it_is_pinned_and_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WATCHED_SECONDS", -1.0)
    kept, first, other = Keeping(), Making(), Making()
    kept.of("first", 1, first, follows=True, pinned=True)
    kept.of("other", 1, other, follows=True)
    assert kept.refresh(2) == 0
    monkeypatch.setattr(keeping, "PINNED_SECONDS", -1.0)
    assert kept.refresh(2, pinned=False) == 0
    assert [kept.refresh(version) for version in (2, 3)] == [1, 1]
    assert (first.times, other.times) == (3, 1)


def test_what_is_unpinned_is_made_again_only_when_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WATCHED_SECONDS", -1.0)
    monkeypatch.setattr(keeping, "PINNED_SECONDS", -1.0)
    kept, yesterday, today = Keeping(), Making(), Making()
    kept.of("yesterday", 1, yesterday, follows=True, pinned=True)
    kept.unpin()
    kept.of("today", 1, today, follows=True, pinned=True)
    assert kept.refresh(2) == 1
    assert (yesterday.times, today.times) == (1, 2)


def test_what_is_pinned_once_stays_pinned_when_others_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WATCHED_SECONDS", -1.0)
    monkeypatch.setattr(keeping, "PINNED_SECONDS", -1.0)
    kept, making = Keeping(), Making()
    kept.of("key", 1, making, follows=True, pinned=True)
    assert kept.of("key", 2, making, follows=True) == 1
    assert kept.refresh(2) == 1


def test_what_only_we_made_ahead_of_readers_is_made_again_when_it_is_old_and_no_history_is_read_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, ahead, asked = Keeping(), Making(), Making()
    kept.of("ahead", 1, ahead, follows=True, pinned=True)
    kept.of("asked", 1, asked, follows=True, pinned=True)
    kept.of("asked", 1, asked, follows=True)
    assert [kept.refresh(version, pinned=False) for version in (2, 3)] == [1, 1]
    assert kept.refresh(4) == 1
    assert (ahead.times, asked.times) == (1, 4)
    monkeypatch.setattr(keeping, "PINNED_SECONDS", -1.0)
    assert kept.refresh(5, pinned=False) == 1
    assert kept.refresh(6) == 2
    assert ahead.times == 2
