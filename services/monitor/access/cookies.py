"""The two cookies: one of the session, and one of a visit to the sign-in page. No script reads either."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Cookies:
    """Sets and reads them; Secure and bound to this very host, unless people reach it over plain HTTP on loopback."""

    secure: bool

    @property
    def session_name(self) -> str:
        """How the browser calls the session."""
        return self._name("doorstroom-session")

    @property
    def visit_name(self) -> str:
        """How the browser calls a visit to the sign-in page."""
        return self._name("doorstroom-visit")

    def session(self, request: Request) -> str | None:
        """The id of a session that the browser says it has."""
        return request.cookies.get(self.session_name)

    def visit(self, request: Request) -> str | None:
        """The secret of the visit."""
        return request.cookies.get(self.visit_name)

    def keep(self, response: Response, name: str, value: str) -> None:
        """Give the browser a cookie that it forgets when it is closed."""
        response.set_cookie(name, value, path="/", secure=self.secure, httponly=True, samesite="lax")

    def forget(self, response: Response, name: str) -> None:
        """Let the browser forget a cookie."""
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name


def cookies_for(address: str) -> Cookies:
    """The cookies of a monitor that people reach at this address."""
    parsed = urlsplit(address)
    return Cookies(secure=parsed.scheme != "http" or not _is_loopback(parsed.hostname or ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
