"""What an address of the web says: whether it is one, and whether somebody on the way could read what is sent there."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_of_web(address: str) -> bool:
    """Whether it is one that HTTP can be spoken with."""
    parsed = urlsplit(address)
    return parsed.scheme in ("http", "https") and bool(parsed.hostname)


def is_private(address: str) -> bool:
    """Whether only the two ends see what is sent there: HTTPS, or plain HTTP that stays on this machine."""
    parsed = urlsplit(address)
    host = parsed.hostname or ""
    if parsed.scheme == "https":
        return bool(host)
    return parsed.scheme == "http" and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
