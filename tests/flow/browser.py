"""A browser without scripts: keeps cookies, and fills in the form of the page to sign in."""

import re
from typing import Self

import httpx2


class Browser:
    """Of one person, at one monitor; a context manager."""

    def __init__(self, address: str) -> None:
        self.client = httpx2.Client(base_url=address, timeout=20, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, name: str, password: str) -> bool:
        """Fill in the form and send it; whether that was right."""
        given = self._hidden(self.client.get("/aanmelden").text)
        return self.client.post("/aanmelden", data=given | {"name": name, "password": password}).status_code == 303

    def sign_out(self) -> None:
        """Send the form of the page that says who is signed in."""
        answer = self.client.post("/afmelden", data=self._hidden(self.client.get("/aanmelden").text))
        assert answer.status_code == 303, answer.text

    def is_signed_in(self) -> bool:
        """Whether the monitor still knows who this is."""
        return "U bent aangemeld als" in self.client.get("/aanmelden").text

    def _hidden(self, page: str) -> dict[str, str]:
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
