"""Whether the ports are free, asked before anything starts."""

import os
import socket
from collections.abc import Mapping

from services.command.failures import Failed


def require_free(host: str, ports: Mapping[str, int], *, remedy: str) -> None:
    """Raises Failed, naming every port that is taken or asked for twice, with its service, and the remedy."""
    complaints = [
        f"port {port} ({service}) is {reason}"
        for service, port in ports.items()
        if (reason := _complaint(host, port, others=[other for name, other in ports.items() if name != service]))
    ]
    if complaints:
        raise Failed(f"{'; '.join(complaints)}; {remedy}")


def _complaint(host: str, port: int, *, others: list[int]) -> str | None:
    if port in others:
        return "asked for twice"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family)
        with socket.create_server((host, port), family=family):
            return None
    except socket.gaierror as error:  # Its numbers are its own, not those of the system.
        return f"not free on {host} ({error.strerror})"
    except OSError as error:
        return f"not free on {host} ({os.strerror(error.errno) if error.errno else error})"
