"""How much one publisher may send: a token bucket per publisher, in the memory of one process.

It keeps one publisher from taking the time of this process from the others, so it is counted where that time is spent:
of two processes each lets this much in. What they share is the ledger, and its queue bounds what waits for that.
"""

from shared.problems import TOO_MANY_REQUESTS, Problem

FACTS_PER_SECOND_MAX = 20_000
"""What a publisher may send in the long run; generous, because a catch-up after a standstill is wanted."""

BURST_SECONDS = 10
"""How many seconds' worth may come at once."""


class Rates:
    """What each publisher may still send now. A request is let in while anything is left, and may overdraw it.

    So a batch needs no counting before it is read; the debt is paid by waiting.
    """

    def __init__(self, facts_per_second_max: int = FACTS_PER_SECOND_MAX) -> None:
        self._rate = facts_per_second_max
        self._burst = facts_per_second_max * BURST_SECONDS
        self._left: dict[str, tuple[float, float]] = {}

    def admit(self, publisher: str, *, now: float) -> None:
        """Let a request in, or raise the problem 429. `now` in seconds of any clock that never goes back."""
        left, since = self._left.get(publisher, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if left <= 0:
            wait = int(-left / self._rate) + 1
            raise Problem(
                TOO_MANY_REQUESTS,
                f"A publisher may send {self._rate} facts a second, and a burst of {self._burst}.",
                headers={"Retry-After": str(wait)},
            )
        self._left[publisher] = (left - 1, now)

    def spend(self, publisher: str, facts: int) -> None:
        """Count facts of a request that was let in; its first one is counted already."""
        left, since = self._left[publisher]
        self._left[publisher] = (left - facts, since)
