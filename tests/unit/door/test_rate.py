"""How much one publisher may send: so much a second in the long run, a burst at once, and each for itself."""

import pytest

from shared.door.rate import BURST_SECONDS, Rates
from shared.problems import TOO_MANY_REQUESTS, Problem

RATE = 10
BURST = RATE * BURST_SECONDS


def refused(rates: Rates, publisher: str, *, now: float) -> int | None:
    """The seconds that a publisher is told to wait, or None when it is let in."""
    try:
        rates.admit(publisher, now=now)
    except Problem as problem:
        return int(problem.headers["Retry-After"]) if problem.kind is TOO_MANY_REQUESTS else 0
    return None


def test_a_burst_is_let_in_and_what_comes_at_once_after_it_waits() -> None:
    rates = Rates(RATE)
    assert [refused(rates, "ecd", now=0.0) for _ in range(BURST)] == [None] * BURST
    assert refused(rates, "ecd", now=0.0) == 1


def test_a_batch_that_overdraws_is_paid_by_waiting_as_long_as_it_says() -> None:
    rates = Rates(RATE)
    rates.admit("ecd", now=0.0)
    rates.spend("ecd", BURST + 5 * RATE)

    wait = refused(rates, "ecd", now=0.0)

    assert wait is not None
    assert 5 <= wait <= 6
    assert refused(rates, "ecd", now=float(wait)) is None


def test_nobody_waits_for_what_another_sent() -> None:
    rates = Rates(RATE)
    rates.admit("greedy", now=0.0)
    rates.spend("greedy", 100 * BURST)
    assert refused(rates, "ecd", now=0.0) is None


def test_who_says_nothing_for_long_saves_no_more_than_a_burst() -> None:
    rates = Rates(RATE)
    rates.admit("ecd", now=0.0)
    assert [refused(rates, "ecd", now=86_400.0) for _ in range(BURST + 1)][-1] is not None


@pytest.mark.parametrize("rate", [1, RATE, 20_000])
def test_in_the_long_run_it_is_the_rate(rate: int) -> None:
    rates, sent, step = Rates(rate), 0, 1 / 8
    for tick in range(8 * 60):
        while refused(rates, "ecd", now=tick * step) is None:
            rates.spend("ecd", max(1, rate // 4) - 1)
            sent += max(1, rate // 4)
    assert rate * 60 <= sent <= rate * (60 + BURST_SECONDS) + rate
