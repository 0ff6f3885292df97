"""A listener with a certificate: nothing in the clear, nothing old, and a new certificate without a restart."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from shared.listening import Listening
from shared.settings import Settings
from shared.tls import Certificate, CertificateUnusable, listener_context, trust
from tests.integration.door.doors import Door, event, opened, publisher, settings_in
from tests.servers.certificates import Authority, Files


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def files(authority: Authority) -> Files:
    return authority.issue()


@pytest.fixture
def guarded(tmp_path: Path, files: Files) -> Iterator[Door]:
    """A door with a certificate."""
    named = {"tls_certificate": files.certificate, "tls_key": files.key, "tls_authority": files.authority}
    with opened(settings_in(tmp_path, **named)) as running:
        running.register(publisher())
        yield running


def shown(door: Door, **rules: ssl.TLSVersion) -> ssl.SSLSocket:
    """A connection by a client that has these rules, after the handshake."""
    context = trust(door.settings)
    for name, value in rules.items():
        setattr(context, name, value)
    plain = socket.create_connection(("127.0.0.1", door.settings.placement_port), timeout=20)
    try:
        return context.wrap_socket(plain, server_hostname="127.0.0.1")
    except BaseException:
        plain.close()
        raise


def serial(door: Door) -> str:
    """Of the certificate that somebody sees who connects now."""
    with shown(door) as connection:
        found = connection.getpeercert()
        assert found is not None
        return str(found["serialNumber"])


def test_facts_are_published_over_tls(guarded: Door) -> None:
    assert guarded.settings.service_url("placement").startswith("https://")
    assert guarded.send(event()).status_code == 202
    with shown(guarded, maximum_version=ssl.TLSVersion.TLSv1_2) as connection:
        cipher = connection.cipher()
        assert cipher is not None
        assert cipher[0].startswith("ECDHE-")
        assert connection.version() == "TLSv1.2"


def test_an_older_tls_and_plain_http_get_nothing(guarded: Door) -> None:
    with pytest.warns(DeprecationWarning, match="TLSv1"), pytest.raises((ssl.SSLError, ConnectionResetError)):
        shown(guarded, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    plain = f"http://127.0.0.1:{guarded.settings.placement_port}/livez"
    with pytest.raises(httpx2.TransportError):
        httpx2.get(plain, trust_env=False)


def test_a_certificate_of_another_authority_is_not_believed(guarded: Door, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    believing = trust(guarded.settings.model_copy(update={"tls_authority": other.file}))
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{guarded.settings.service_url('placement')}/livez", verify=believing, trust_env=False)


def test_a_new_certificate_counts_without_a_restart_and_without_losing_who_is_connected(
    guarded: Door, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "look_seconds", 0.0)
    before = serial(guarded)
    with shown(guarded) as connected:
        authority.issue()
        assert serial(guarded) != before
        connected.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert connected.recv(65_536).startswith(b"HTTP/1.1 200")
    assert guarded.send(event()).status_code == 202


def test_until_both_files_are_there_the_last_certificate_is_shown(
    guarded: Door, files: Files, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "look_seconds", 0.0)
    before = serial(guarded)
    next_one = authority.issue("next")
    next_one.certificate.replace(files.certificate)
    assert serial(guarded) == before, "its key is another"
    next_one.key.replace(files.key)
    assert serial(guarded) != before


@pytest.mark.parametrize("broken", ["certificate", "key"])
def test_what_cannot_be_used_is_said_before_anybody_is_let_in(files: Files, tmp_path: Path, broken: str) -> None:
    getattr(files, broken).write_text("no certificate")
    settings = Settings(data=tmp_path, tls_certificate=files.certificate, tls_key=files.key)
    with pytest.raises(CertificateUnusable, match=r"service\.pem with the key .*service\.key cannot be used"):
        listener_context(settings)


def test_a_body_that_trickles_is_not_waited_for_over_tls_either(guarded: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listening, "body_seconds", 0.25)
    head = (
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 9000\r\n"
    )
    with shown(guarded) as connection:
        connection.sendall(f"{head}Authorization: Bearer {guarded.tokens['ecd']}\r\n\r\n{{".encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408")
