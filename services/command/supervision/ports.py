"""Whether the ports are free, asked before anything starts."""

import errno
import os
import socket
from collections.abc import Mapping

from services.command.failures import Failed


def require_free(host: str, ports: Mapping[str, int], *, remedy: str) -> None:
    """Raises Failed, naming every port that is taken or asked for twice, with its service, and the remedy.

    And where `host` is no address of this machine: then no other port would help.
    """
    _require_ours(host)
    complaints = [
        f"port {port} ({service}) is {reason}"
        for service, port in ports.items()
        if (reason := _complaint(host, port, others=[other for name, other in ports.items() if name != service]))
    ]
    if complaints:
        raise Failed(f"{'; '.join(complaints)}; {remedy}")


def _require_ours(host: str) -> None:
    try:
        socket.getaddrinfo(host, 0)  # Who opens a socket is told of a name that leads nowhere by a number of its own.
        with socket.create_server((host, 0), family=_family(host)):
            return
    except OSError as error:
        if not isinstance(error, socket.gaierror) and error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise
        remedy = "127.0.0.1 is for this machine alone, 0.0.0.0 for everybody"
        raise Failed(f"DOORSTROOM_HOST: {host} is no address of this machine; {remedy}") from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _complaint(host: str, port: int, *, others: list[int]) -> str | None:
    if port in others:
        return "asked for twice"
    try:
        with socket.create_server((host, port), family=_family(host)):
            return None
    except OSError as error:
        return f"not free on {host} ({os.strerror(error.errno) if error.errno else error})"
