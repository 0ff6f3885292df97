"""Trying to sign in: a few times at once, then slowly, and never locked out for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from services.monitor.access import attempts
from services.monitor.access.attempts import OF_ACCOUNT, OF_ACCOUNT_FROM_ADDRESS, OF_ADDRESS, Attempts, network

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTHING = timedelta(0)


def tried(kept: Attempts, times: int, *, account: str = "jansen", address: str = "192.0.2.1") -> list[timedelta]:
    return [kept.wait(account=account, address=address, now=NOON) for _ in range(times)]


def test_after_five_tries_the_next_has_to_wait_a_minute() -> None:
    kept = Attempts()
    assert tried(kept, OF_ACCOUNT_FROM_ADDRESS.tries) == [NOTHING] * 5
    assert tried(kept, 1) == [timedelta(minutes=1)]
    assert kept.wait(account="jansen", address="192.0.2.1", now=NOON + timedelta(minutes=1)) == NOTHING
    assert kept.wait(account="jansen", address="192.0.2.1", now=NOON + timedelta(minutes=1)) == timedelta(minutes=1)


def test_waiting_is_not_made_longer_by_trying_meanwhile() -> None:
    kept = Attempts()
    tried(kept, 500)
    assert kept.wait(account="jansen", address="192.0.2.1", now=NOON + timedelta(minutes=1)) == NOTHING


def test_guessing_from_one_address_does_not_lock_the_owner_out_elsewhere() -> None:
    kept = Attempts()
    tried(kept, 50)
    assert tried(kept, 1, address="198.51.100.7") == [NOTHING]


def test_one_address_cannot_try_many_accounts() -> None:
    kept = Attempts()
    waits = [kept.wait(account=f"account-{n}", address="192.0.2.1", now=NOON) for n in range(OF_ADDRESS.tries + 1)]
    assert waits[:-1] == [NOTHING] * OF_ADDRESS.tries
    assert waits[-1] == OF_ADDRESS.interval


def test_many_addresses_cannot_try_one_account_and_its_owner_waits_seconds_only() -> None:
    kept = Attempts()
    waits = [kept.wait(account="jansen", address=f"198.51.{n}.7", now=NOON) for n in range(OF_ACCOUNT.tries + 1)]
    assert waits[:-1] == [NOTHING] * OF_ACCOUNT.tries
    assert waits[-1] == OF_ACCOUNT.interval < timedelta(minutes=1)


def test_signing_in_gives_the_tries_back() -> None:
    kept = Attempts()
    tried(kept, 4)
    kept.forgive(account="jansen", address="192.0.2.1")
    assert tried(kept, 5) == [NOTHING] * 5


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    kept = Attempts()
    tried(kept, 5)
    assert kept.wait(account="jansen", address="192.0.2.1", now=NOON - timedelta(days=1)) == timedelta(minutes=1)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "KEPT_MAX", 30)
    kept = Attempts()
    for number in range(100):
        kept.wait(account=f"account-{number}", address=f"198.51.{number}.7", now=NOON)
    assert len(kept._used) == 30


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        (None, ""),
        ("testclient", "testclient"),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(address: str | None, counts_as: str) -> None:
    assert network(address) == counts_as


def test_leaving_to_sign_in_elsewhere_is_counted_by_address_and_apart_from_tries() -> None:
    kept = Attempts()
    waits = [kept.wait_to_leave(address="192.0.2.1", now=NOON) for _ in range(OF_ADDRESS.tries + 1)]
    assert waits == [NOTHING] * OF_ADDRESS.tries + [OF_ADDRESS.interval]
    assert tried(kept, 1) == [NOTHING]
    assert kept.wait_to_leave(address="198.51.100.7", now=NOON) == NOTHING
