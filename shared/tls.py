"""TLS on both sides: the certificate that a listener shows, renewed while it runs, and whose certificates we trust."""

import ssl
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from shared.logs import get_logger
from shared.settings import Settings

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: forward secrecy and authenticated encryption only, which the NCSC calls good. TLS 1.3 has no others."""

LOOK_SECONDS = 10.0
"""How often at most the files are looked at, when somebody connects."""

_log = get_logger()


class CertificateUnusable(Exception):
    """The certificate or its key cannot be read, or they do not belong together; the message says which files."""


class Certificate:
    """A certificate with its key, read again when the files change: no restart, and no connection is lost.

    Who is connected stays; who connects from then on gets the new one. While the files cannot be used, as when only one
    of them was replaced so far, the last one that could be is shown on.
    """

    look_seconds = LOOK_SECONDS

    def __init__(self, certificate: Path, key: Path | None) -> None:
        """Without `key` it is in the file of the certificate. Raises CertificateUnusable."""
        self._files = (certificate, key or certificate)
        self._stamp = self._stamped()
        self._looked_at = monotonic()
        self.context = self._current = self._read()

    def _read(self) -> ssl.SSLContext:
        certificate, key = self._files
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS)
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.sni_callback = self._greet
        try:
            # An empty password, or OpenSSL would ask for one at the terminal.
            context.load_cert_chain(certificate, key, password="")
        except OSError as error:
            reason = error.strerror or str(error)
            raise CertificateUnusable(f"{certificate} with the key {key} cannot be used: {reason}") from error
        return context

    def _greet(self, connection: ssl.SSLSocket | ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Somebody connects: they are shown the newest certificate."""
        if monotonic() - self._looked_at >= self.look_seconds:
            self._looked_at = monotonic()
            self._renew()
        connection.context = self._current

    def _renew(self) -> None:
        try:
            stamp = self._stamped()
            if stamp != self._stamp:
                self._current, self._stamp = self._read(), stamp
                _log.info("certificate_renewed")
        except CertificateUnusable as error:
            _log.warning("certificate_not_renewed", reason=str(error))

    def _stamped(self) -> tuple[tuple[int, int], ...]:
        try:
            return tuple((found.st_mtime_ns, found.st_ino) for found in (file.stat() for file in self._files))
        except OSError as error:
            raise CertificateUnusable(f"{error.filename} cannot be read: {error.strerror}") from error


def listener_context(settings: Settings) -> Callable[..., ssl.SSLContext] | None:
    """What uvicorn asks for the TLS of its listener; None for plain HTTP. Raises CertificateUnusable."""
    if settings.tls_certificate is None:
        return None
    context = Certificate(settings.tls_certificate, settings.tls_key).context
    return lambda _config, _default: context


def trust(settings: Settings) -> ssl.SSLContext:
    """Whose certificates are believed where this installation calls its own services: those of the system and of the
    settings. Raises CertificateUnusable."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.tls_authority is not None:
        try:
            context.load_verify_locations(settings.tls_authority)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CertificateUnusable(f"{settings.tls_authority} cannot be used: {reason}") from error
    return context
