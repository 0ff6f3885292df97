"""The files that pages load: each under an address with a hash of its content, kept by browsers for ever."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha384
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from shared.problems import NOT_FOUND, Problem

PATH = "/static"
STYLES = ("utrecht.css", "tokens.css", "charts.css", "page.css", "print.css")
"""In this order they are one file: a later one may change what an earlier one says."""
SCRIPTS = ("cockpit.js",)
THEME_BYTES_MAX = 256 * 1024
_HASH_BYTES = 10


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    address: str
    media_type: str
    body: bytes
    integrity: str
    """Of the element that loads it: a browser refuses another content."""


class Assets:
    """Every file of the pages; what they hold is read once."""

    def __init__(self, theme: Path | None) -> None:
        found = {
            "styles": _asset("doorstroom", "css", b"\n".join(_read(name) for name in STYLES)),
            "icon": _asset("doorstroom", "svg", _read("icon.svg")),
            "script": _asset("doorstroom", "js", b"\n".join(_read(name) for name in SCRIPTS)),
        }
        if theme is not None:
            found["theme"] = _asset("theme", "css", _theme(theme))
        self.named: Mapping[str, Asset] = MappingProxyType(found)
        self._by_address = {asset.address: asset for asset in found.values()}

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each file is, by its name."""
        return {name: asset.address for name, asset in self.named.items()}

    async def serve(self, request: Request) -> Response:
        """The file of an address."""
        asset = self._by_address.get(request.url.path)
        if asset is None:
            raise Problem(NOT_FOUND, "There is no such file.")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return Response(asset.body, media_type=asset.media_type, headers=headers)


class ThemeUnusable(ValueError):
    """The theme cannot be read, or is larger than a page may be; the message says which file."""


def _theme(path: Path) -> bytes:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ThemeUnusable(f"{path} cannot be used: {error.strerror}") from error
    if len(body) > THEME_BYTES_MAX:
        raise ThemeUnusable(f"{path} cannot be used: it is larger than {THEME_BYTES_MAX // 1024} KiB")
    return body


def _read(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


def _asset(name: str, kind: str, body: bytes) -> Asset:
    digest = blake2b(body, digest_size=_HASH_BYTES).hexdigest()
    media_type = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}[
        kind
    ]
    integrity = f"sha384-{b64encode(sha384(body).digest()).decode()}"
    return Asset(f"{PATH}/{name}.{digest}.{kind}", media_type, body, integrity)
