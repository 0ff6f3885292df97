"""How often somebody may try to sign in: it fills up again by itself, so that nobody is locked out for ever; pure."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

KEPT_MAX = 100_000
"""Accounts and addresses that are remembered; those not seen for longest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries at once, and one more after each interval."""

    tries: int
    interval: timedelta


OF_ACCOUNT_FROM_ADDRESS = Allowance(5, timedelta(minutes=1))
"""Somebody who does not remember a password."""
OF_ADDRESS = Allowance(30, timedelta(seconds=20))
"""An office behind one address."""
OF_ACCOUNT = Allowance(100, timedelta(seconds=10))
"""All addresses together guess at one account: slow, and yet the owner gets a turn within seconds."""


class Attempts:
    """What each account and address has left. Belongs to one thread."""

    def __init__(self) -> None:
        self._used: OrderedDict[tuple[str, ...], tuple[float, datetime]] = OrderedDict()

    def wait(self, *, account: str, address: str | None, now: datetime) -> timedelta:
        """Count a try and answer zero; or, when something is used up, count nothing and say how long to wait."""
        place = network(address)
        asked: dict[tuple[str, ...], Allowance] = {
            ("account", "address", account, place): OF_ACCOUNT_FROM_ADDRESS,
            ("address", place): OF_ADDRESS,
            ("account", account): OF_ACCOUNT,
        }
        return self._wait(asked, now)

    def wait_to_leave(self, *, address: str | None, now: datetime) -> timedelta:
        """The same for signing in elsewhere, where somebody else looks at the password."""
        return self._wait({("leaving", network(address)): OF_ADDRESS}, now)

    def _wait(self, asked: Mapping[tuple[str, ...], Allowance], now: datetime) -> timedelta:
        used = {key: self._used_now(key, allowance, now) for key, allowance in asked.items()}
        waits = [(used[key] + 1 - allowance.tries) * allowance.interval for key, allowance in asked.items()]
        if max(waits) > timedelta(0):
            return max(waits)
        for key in asked:
            self._used[key] = (used[key] + 1, now)
            self._used.move_to_end(key)
        while len(self._used) > KEPT_MAX:
            self._used.popitem(last=False)
        return timedelta(0)

    def forgive(self, *, account: str, address: str | None) -> None:
        """The try that was just counted was right: it and those before it from there no longer count."""
        self._used.pop(("account", "address", account, network(address)), None)

    def _used_now(self, key: tuple[str, ...], allowance: Allowance, now: datetime) -> float:
        used, at = self._used.get(key, (0.0, now))
        return max(0.0, used - max(timedelta(0), now - at) / allowance.interval)


def network(address: str | None) -> str:
    """What counts as one address: an IPv6 network of 64 bits is one household."""
    if address is None:
        return ""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return parsed.exploded[:19]
    return str(parsed)
