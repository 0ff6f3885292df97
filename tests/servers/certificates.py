"""Certificates of an authority that is made for a test."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Files:
    """An authority, and a certificate of this machine that it signed, as files."""

    authority: Path
    certificate: Path
    key: Path

    def environment(self) -> dict[str, str]:
        """The settings that name them."""
        return {
            "DOORSTROOM_TLS_AUTHORITY": str(self.authority),
            "DOORSTROOM_TLS_CERTIFICATE": str(self.certificate),
            "DOORSTROOM_TLS_KEY": str(self.key),
        }


class Authority:
    """Signs certificates for 127.0.0.1 and localhost, into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = trustme.CA()
        self.file = folder / "authority.pem"
        self._made.cert_pem.write_to_path(self.file)

    def issue(self, name: str = "service") -> Files:
        """A new certificate; one of the same name is replaced, each file whole."""
        issued = self._made.issue_cert("127.0.0.1", "localhost")
        found = Files(self.file, self._folder / f"{name}.pem", self._folder / f"{name}.key")
        for file, content in (
            (found.key, issued.private_key_pem.bytes()),
            (found.certificate, b"".join(blob.bytes() for blob in issued.cert_chain_pems)),
        ):
            new = file.with_suffix(".new")
            new.write_bytes(content)
            new.replace(file)
        return found
